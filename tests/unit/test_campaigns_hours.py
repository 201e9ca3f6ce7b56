import pytest

from telesales.campaigns import hours


def test_a_day_with_a_midday_rest_is_sorted():
    found = hours.read_day([("14:00", "20:00"), ("10:00", "13:00")], any_hour=False)

    assert found == [["10:00", "13:00"], ["14:00", "20:00"]]


def test_an_empty_day_is_closed():
    assert hours.read_day([("", ""), ("", "")], any_hour=False) == []


def test_midnight_as_an_end_is_the_end_of_the_day():
    assert hours.read_day([("00:00", "00:00")], any_hour=True) == [["00:00", "24:00"]]


@pytest.mark.parametrize(
    ("pairs", "code"),
    [
        ([("9:00", "12:00")], "not_a_time"),
        ([("24:01", "12:00")], "not_a_time"),
        ([("09:00", "")], "one_end_missing"),
        ([("12:00", "09:00")], "ends_before"),
        ([("12:00", "12:00")], "ends_before"),
        ([("09:00", "13:00"), ("12:00", "15:00")], "overlap"),
        ([("07:00", "12:00")], "illegal"),
        ([("12:00", "21:30")], "illegal"),
    ],
)
def test_hours_that_cannot_be_taken(pairs, code):
    with pytest.raises(hours.HoursError) as error:
        hours.read_day(pairs, any_hour=False)

    assert error.value.code == code


def test_the_legal_envelope_is_inclusive():
    assert hours.read_day([("08:00", "21:00")], any_hour=False) == [["08:00", "21:00"]]


def test_broken_stored_hours_are_never_legal():
    assert not hours.is_week_legal({"mon": [["08:00"]]})


def test_days_with_the_same_hours_are_shown_together():
    groups = hours.grouped_days(hours.OFFICE_HOURS)

    assert groups == [
        (["mon", "tue", "wed", "thu", "fri"], [["09:00", "20:00"]]),
        (["sat"], [["10:00", "18:00"]]),
        (["sun"], []),
    ]


def test_round_the_clock_is_recognised():
    assert hours.is_round_the_clock(hours.ROUND_THE_CLOCK)
    assert not hours.is_round_the_clock(hours.OFFICE_HOURS)
