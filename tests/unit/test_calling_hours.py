from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telesales.compliance import rules
from telesales.compliance.rules import is_calling_hour, next_opening, open_zone_keys

DAYTIME = {day: [["08:00", "21:00"]] for day in rules.WEEKDAYS}
NEW_YORK, LOS_ANGELES = "America/New_York", "America/Los_Angeles"
BOTH = f"{LOS_ANGELES}|{NEW_YORK}"


def local(zone: str, *when: int, fold: int = 0) -> datetime:
    return datetime(*when, tzinfo=ZoneInfo(zone), fold=fold).astimezone(UTC)


@pytest.mark.parametrize(
    ("hour", "minute", "open_"),
    [(7, 59, False), (8, 0, True), (12, 0, True), (20, 59, True), (21, 0, False), (23, 0, False)],
)
def test_a_window_includes_its_start_and_not_its_end(hour, minute, open_):
    assert is_calling_hour(local(NEW_YORK, 2026, 11, 20, hour, minute), NEW_YORK, DAYTIME) is open_


def test_every_zone_of_the_key_must_be_inside():
    ten_in_new_york = local(NEW_YORK, 2026, 11, 20, 10)

    assert is_calling_hour(ten_in_new_york, NEW_YORK, DAYTIME)
    assert not is_calling_hour(ten_in_new_york, BOTH, DAYTIME)
    assert is_calling_hour(local(NEW_YORK, 2026, 11, 20, 11), BOTH, DAYTIME)


@pytest.mark.parametrize(
    "key", ["", "Mars/Olympus", f"{NEW_YORK}|Mars/Olympus", "|", "../etc/passwd", "America"]
)
def test_an_unknown_zone_is_never_inside(key):
    assert not is_calling_hour(local(NEW_YORK, 2026, 11, 20, 12), key, DAYTIME)
    assert next_opening(local(NEW_YORK, 2026, 11, 20, 12), key, DAYTIME) is None


@pytest.mark.parametrize(
    "broken",
    [{}, {"fri": "08:00"}, {"fri": [["08:00"]]}, {"fri": [["8", "9"]]}, {"fri": [[8, 9]]}, {"fri": [["08:00", "25:00"]]},
     {"fri": [["08:00", "21:00"], ["x", "y"]]}, {"fri": None}, {"fri": [["12:00", "12:00"]]}],
)  # fmt: skip
def test_hours_that_cannot_be_read_are_closed(broken):
    assert not is_calling_hour(local(NEW_YORK, 2026, 11, 20, 12), NEW_YORK, broken)


def test_a_window_over_midnight_belongs_to_the_day_it_began():
    hours = {"fri": [["22:00", "02:00"]]}

    assert not is_calling_hour(local(NEW_YORK, 2026, 11, 20, 1), NEW_YORK, hours)
    assert is_calling_hour(local(NEW_YORK, 2026, 11, 20, 23), NEW_YORK, hours)
    assert is_calling_hour(local(NEW_YORK, 2026, 11, 21, 1, 59), NEW_YORK, hours)
    assert not is_calling_hour(local(NEW_YORK, 2026, 11, 21, 2), NEW_YORK, hours)


def test_the_whole_day_has_no_gap_at_midnight():
    hours = {day: [["00:00", "24:00"]] for day in rules.WEEKDAYS}
    start = datetime(2026, 3, 1, tzinfo=UTC)

    assert all(is_calling_hour(start + timedelta(minutes=30 * n), NEW_YORK, hours) for n in range(48 * 30))


def test_daylight_saving_moves_the_window_with_the_clock_on_the_wall():
    before, after = datetime(2026, 3, 6, 12, 30, tzinfo=UTC), datetime(2026, 3, 13, 12, 30, tzinfo=UTC)

    assert not is_calling_hour(before, NEW_YORK, DAYTIME)  # 07:30 EST
    assert is_calling_hour(after, NEW_YORK, DAYTIME)  # 08:30 EDT


def test_the_hour_that_comes_twice_is_open_twice():
    hours = {"sun": [["01:00", "02:00"]]}
    first, second = (local(NEW_YORK, 2026, 11, 1, 1, 30, fold=fold) for fold in (0, 1))

    assert second - first == timedelta(hours=1)
    assert is_calling_hour(first, NEW_YORK, hours)
    assert is_calling_hour(second, NEW_YORK, hours)


def test_the_hour_that_is_left_out_opens_when_the_clock_jumps():
    hours = {"sun": [["02:30", "05:00"]]}
    jump = datetime(2026, 3, 8, 7, tzinfo=UTC)  # 02:00 EST becomes 03:00 EDT

    assert next_opening(jump - timedelta(hours=3), NEW_YORK, hours) == jump


def test_next_opening_waits_for_the_last_of_the_zones():
    assert next_opening(local(NEW_YORK, 2026, 11, 20, 22), BOTH, DAYTIME) == local(
        LOS_ANGELES, 2026, 11, 21, 8
    )


def test_next_opening_skips_closed_days():
    assert next_opening(local(NEW_YORK, 2026, 11, 20, 18), NEW_YORK, {"tue": [["10:00", "12:00"]]}) == local(
        NEW_YORK, 2026, 11, 24, 10
    )


def test_zones_that_are_never_open_together_have_no_opening():
    hours = {day: [["09:00", "10:00"]] for day in rules.WEEKDAYS}

    assert next_opening(local(NEW_YORK, 2026, 11, 20, 18), BOTH, hours) is None


def test_open_zone_keys_leaves_out_closed_and_unknown_keys():
    at = local(NEW_YORK, 2026, 11, 20, 9)

    assert open_zone_keys(at, [NEW_YORK, BOTH, "", "Mars/Olympus"], DAYTIME) == [NEW_YORK]


def test_the_law_cuts_hours_of_a_campaign_but_not_of_a_demo():
    night = {day: [["00:00", "24:00"]] for day in rules.WEEKDAYS}
    late = local(NEW_YORK, 2026, 11, 20, 21, 30)

    assert not is_calling_hour(late, NEW_YORK, rules.legal_hours(night))
    assert is_calling_hour(late, NEW_YORK, rules.legal_hours(night, is_demo=True))


def test_the_law_cuts_a_window_over_midnight():
    assert rules.legal_hours({"fri": [["20:00", "09:00"]]}).windows[4] == ((20 * 60, 21 * 60),)


minutes = st.integers(0, 24 * 60).map(lambda total: f"{total // 60:02}:{total % 60:02}")
weeks = st.dictionaries(st.sampled_from(rules.WEEKDAYS), st.lists(st.tuples(minutes, minutes), max_size=2))
moments = st.integers(0, 2 * 366 * 24 * 60).map(
    lambda n: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=n)
)
zone_keys = st.sampled_from(
    [NEW_YORK, BOTH, "Australia/Lord_Howe", "Asia/Kathmandu", "America/New_York|Asia/Shanghai"]
)


@given(weeks, moments, zone_keys)
def test_nobody_is_called_outside_the_law_whatever_a_campaign_says(week, at, key):
    if is_calling_hour(at, key, rules.legal_hours(week)):
        for zone in key.split("|"):
            wall = at.astimezone(ZoneInfo(zone))
            assert 8 <= wall.hour < 21


@given(weeks, moments, zone_keys)
def test_next_opening_is_open_and_nothing_before_it_is(week, at, key):
    opening = next_opening(at, key, week)

    if opening is None:
        assert not is_calling_hour(at, key, week)
        return
    assert is_calling_hour(opening, key, week)
    assert opening >= at
    if opening > at:
        assert not is_calling_hour(at, key, week)
        assert not is_calling_hour(opening - timedelta(minutes=1), key, week)
