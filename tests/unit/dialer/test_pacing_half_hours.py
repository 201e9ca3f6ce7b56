"""How much risk a half hour leaves for the next call."""

import pytest

from dialer.core.abandonment import Tally
from dialer.core.pacing.half_hours import LEAST_SHARE, LIMIT, ROLLING_LIMIT, HalfHour, HalfHours

OVER = 0.0  # share of a half hour that is left at its end


def at_end(answered: int, abandoned: float) -> HalfHour:
    """A half hour that is nearly over; it is the last thirty minutes too."""
    people = Tally(answered, round(abandoned))
    return HalfHour(people, people, left=OVER)


@pytest.mark.parametrize(("abandoned", "share"), [(0, 1.0), (4, 1.0), (8, LEAST_SHARE), (9, LEAST_SHARE)])
def test_with_little_room_left_little_risk_is_carried(abandoned: int, share: float):
    assert at_end(140, abandoned).share == share
    assert LEAST_SHARE < at_end(140, 6).share < 1.0


def test_a_large_floor_slows_down_sooner_for_many_are_on_the_way():
    """The same room for people is left in both."""
    small, large = at_end(140, 3), at_end(1400, 1400 * LIMIT - 140 * LIMIT + 3)

    assert small.room == pytest.approx(large.room, abs=1.0)
    assert small.share == 1.0
    assert large.share < 0.2


def test_before_the_limit_counts_there_is_room_for_a_person_or_two():
    assert at_end(10, 0).share > at_end(10, 1).share > LEAST_SHARE == at_end(10, 2).share


def test_people_who_are_still_to_answer_count_as_far_as_the_last_thirty_minutes_tell():
    begun = HalfHour(Tally(5, 0), Tally(200, 0), left=0.9)

    assert begun.room == pytest.approx(LIMIT * (5 + 0.9 * 200))


def test_a_new_half_hour_has_its_own_room_and_the_one_before_is_not_forgotten():
    recent = HalfHours()
    for second in range(30, 1800, 15):
        recent.add(second, answered=1)
    for _ in range(7):
        recent.add(1790, abandoned=1)

    before, after = recent.at(1799), recent.at(1801)

    assert before.share == LEAST_SHARE
    assert (after.current, after.rolling) == (Tally(0, 0), Tally(118, 7))
    assert after.room == pytest.approx(ROLLING_LIMIT * 118 - 7)
    assert LEAST_SHARE < after.share < 1.0


def test_the_end_of_one_and_the_beginning_of_the_next_are_no_burst_together():
    both = HalfHour(Tally(20, 4), Tally(120, 9), left=0.8)

    assert LIMIT * (20 + 0.8 * 120) - 4 > 1.0
    assert both.share == LEAST_SHARE


def test_thirty_minutes_later_nothing_is_left_of_it():
    recent = HalfHours()
    recent.add(1000, answered=60, abandoned=5)

    assert recent.at(2700).rolling == Tally(60, 5)
    assert recent.at(2791).rolling == Tally(0, 0)


def test_the_same_is_known_after_a_restart():
    recent, again = HalfHours(), HalfHours()
    recent.add(1790, answered=60, abandoned=2)
    recent.add(1830, answered=3, abandoned=1)

    again.load(recent.dump())

    assert again.at(1840) == recent.at(1840)
    assert again.at(1840).current == Tally(3, 1)


def test_times_may_be_negative():
    recent = HalfHours()
    recent.add(-1000, answered=60, abandoned=5)

    assert recent.at(-900).rolling == recent.at(-900).current == Tally(60, 5)
