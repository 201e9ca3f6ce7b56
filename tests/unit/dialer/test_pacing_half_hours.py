"""How much risk a half hour leaves for the next call."""

import json
import math

import pytest

from dialer.core.abandonment import Tally
from dialer.core.pacing.half_hours import (
    DOUBT,
    HALF_HOUR,
    LEAST_SHARE,
    LIMIT,
    RAMP,
    ROLLING_LIMIT,
    HalfHour,
    HalfHours,
)

OVER = 0.0  # share of a half hour that is left at its end


def at_end(answered: int, abandoned: float) -> HalfHour:
    """A half hour that is nearly over; it is the last thirty minutes too."""
    people = Tally(answered, round(abandoned))
    return HalfHour(people, people, left=OVER)


@pytest.mark.parametrize(("abandoned", "share"), [(0, 1.0), (3, 1.0), (7, LEAST_SHARE), (9, LEAST_SHARE)])
def test_with_little_room_left_little_risk_is_carried(abandoned: int, share: float):
    assert at_end(130, abandoned).share == share
    assert LEAST_SHARE < at_end(130, 6).share < at_end(130, 5).share < 1.0


def test_with_room_for_two_the_risk_is_smaller_already():
    """Who is abandoned is often not alone: the same agent was expected for both."""
    assert at_end(60, 1).room == 2
    assert at_end(60, 1).share < 0.75


def test_people_are_whole():
    """A seventh of 120 is above the limit, though the sixth left nearly room for it."""
    assert LIMIT * 120 > 6.9
    assert at_end(120, 6).room == 0
    assert at_end(120, 6).share == LEAST_SHARE


def test_a_large_floor_slows_down_sooner_for_many_are_on_the_way():
    """The same room for people is left in both."""
    small, large = at_end(130, 3), at_end(1400, int(1400 * LIMIT) - 4)

    assert small.room == large.room == 4
    assert small.share == 1.0
    assert large.share < 0.25


def test_the_same_room_has_to_last_for_all_who_are_still_to_come():
    begun = HalfHour(Tally(10, 3), Tally(180, 3), left=0.9)
    ending = HalfHour(Tally(160, 5), Tally(180, 5), left=0.1)

    assert begun.room > ending.room
    assert begun.share < ending.share


def test_before_the_limit_counts_there_is_room_for_a_person_or_two():
    assert at_end(10, 0).share > at_end(10, 1).share > LEAST_SHARE == at_end(10, 2).share


def test_people_who_are_still_to_answer_count_as_far_as_the_last_thirty_minutes_tell():
    begun = HalfHour(Tally(5, 0), Tally(1000, 0), left=0.9)

    assert begun.room == int(LIMIT * (5 + 900 - DOUBT * math.sqrt(900))) < int(LIMIT * (5 + 900))


def test_what_the_first_minutes_of_a_floor_leave_is_not_saved_up():
    recent, current = HalfHours(), {}
    for second in range(9000, 11400, 10):
        recent.add(second, answered=1)
        current[second] = recent.at(second).current.answered

    settled = 9000 + RAMP
    assert (current[settled - 10], current[settled]) == (60, 1)
    assert (current[10790], current[10800], current[11390]) == (120, 1, 60)


def test_a_pause_of_less_than_half_an_hour_begins_no_floor():
    recent = HalfHours()
    recent.add(7300, answered=50, abandoned=2)
    recent.add(7300 + HALF_HOUR - 60, answered=3)
    recent.add(7300 + 3 * HALF_HOUR, answered=4, abandoned=1)

    assert recent.at(7300 + 3 * HALF_HOUR + RAMP - 60).current == Tally(4, 1)
    assert recent.at(7300 + 3 * HALF_HOUR + RAMP).current == Tally(0, 0)


def test_a_new_half_hour_has_its_own_room_and_the_one_before_is_not_forgotten():
    recent = HalfHours()
    for second in range(30, 1800, 15):
        recent.add(second, answered=1)
    for _ in range(7):
        recent.add(1790, abandoned=1)

    before, after = recent.at(1799), recent.at(1801)

    assert before.share == LEAST_SHARE
    assert (after.current, after.rolling) == (Tally(0, 0), Tally(118, 7))
    assert after.room == int(ROLLING_LIMIT * 118) - 7 == 1
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


def begun(at: float) -> HalfHours:
    """A floor that began four minutes before."""
    recent = HalfHours()
    for second in range(int(at) - 240, int(at), 10):
        recent.add(second, answered=1)
    return recent


def test_a_restart_in_the_first_minutes_does_not_forget_that_the_floor_had_begun():
    recent, again = begun(9240), HalfHours()

    again.load(json.loads(json.dumps(recent.dump())))
    for floor in (recent, again):
        floor.add(9000 + RAMP + 5, answered=1)

    assert recent.at(9000 + RAMP + 10).current == Tally(1, 0)
    assert again.at(9000 + RAMP + 10) == recent.at(9000 + RAMP + 10)


def test_what_was_kept_by_an_older_version_counts_as_settled():
    recent, again = begun(9240), HalfHours()

    again.load(recent.dump()["slots"])

    assert again.at(9000 + RAMP + 10).current == Tally(24, 0)


def test_times_may_be_negative():
    recent = HalfHours()
    recent.add(-1000, answered=60, abandoned=5)

    assert recent.at(-900).rolling == recent.at(-900).current == Tally(60, 5)
