import pytest

from dialer.core.abandonment import (
    Tally,
    abandonment_rate,
    is_abandoned,
    is_limit_reached,
    room_left,
)


def test_the_rate_is_abandoned_over_answered_by_a_person():
    assert abandonment_rate(Tally(answered=400, abandoned=10)) == 0.025


def test_the_rate_of_nobody_is_zero():
    assert abandonment_rate(Tally()) == 0


def test_tallies_add_up():
    assert Tally(10, 1) + Tally(30, 2) == Tally(40, 3)


@pytest.mark.parametrize(("abandoned", "room"), [(0, 30), (12, 18), (30, 0), (40, -10)])
def test_room_is_what_may_still_be_abandoned(abandoned, room):
    assert room_left(Tally(1000, abandoned), limit=0.03) == pytest.approx(room)


@pytest.mark.parametrize(
    ("tally", "reached"),
    [
        (Tally(1000, 28), False),
        (Tally(1000, 30), True),
        (Tally(20, 1), False),
        (Tally(20, 3), False),
        (Tally(20, 6), True),
    ],
)
def test_the_limit_is_reached_when_one_more_person_would_pass_it(tally, reached):
    assert is_limit_reached(tally, limit=0.03) is reached


@pytest.mark.parametrize(
    ("connected_at", "now", "abandoned"),
    [(101.9, 200, False), (102.1, 200, True), (None, 101.5, False), (None, 102.5, True)],
)
def test_a_person_is_abandoned_after_two_seconds_without_an_agent(connected_at, now, abandoned):
    assert is_abandoned(100.0, connected_at, now=now) is abandoned
