"""How much risk the next call may carry."""

import pytest

from dialer.core.abandonment import Tally
from dialer.core.pacing.budget import (
    BURST_LEAST,
    HIGHEST_RISK,
    LEAST,
    burst_room,
    burst_share,
    risk_threshold,
)

LIMIT = 0.03
ROOMY = Tally(20_000, 300)
USUAL = Tally(1000, 28)


def threshold(day: Tally = USUAL, window: Tally = ROOMY, *, agents: int = 25, limit: float = LIMIT) -> float:
    return risk_threshold(day, window, limit=limit, agents=agents)


def test_a_day_on_its_way_carries_about_the_limit():
    assert threshold() == pytest.approx(LIMIT, rel=0.1)


@pytest.mark.parametrize("abandoned", [20, 24, 28, 40])
def test_more_people_abandoned_today_leave_less_risk(abandoned):
    assert threshold(Tally(1000, abandoned + 5)) < threshold(Tally(1000, abandoned))


def test_saved_up_allowance_is_not_spent_at_once():
    assert threshold(Tally(10_000, 0)) == pytest.approx(HIGHEST_RISK * LIMIT)


def test_the_threshold_follows_the_limit_of_the_law():
    assert threshold(Tally(1000, 48), limit=0.05) > threshold(Tally(1000, 28), limit=0.03)


def test_risk_shrinks_on_the_way_to_the_hard_stop():
    """One call per ready agent is the last line of defence: before it there is a slow way down."""
    rooms = [threshold(window=Tally(10_000, 300 - room), agents=10) for room in (10, 5, 4, 3, 2, 1)]

    assert rooms[0] == rooms[1]
    assert rooms[1:5] == sorted(rooms[1:5], reverse=True)
    assert rooms[-1] == pytest.approx(LEAST * rooms[0])


def test_a_large_floor_begins_to_shrink_it_sooner_for_it_abandons_several_people_at_once():
    shares = [
        threshold(window=Tally(10_000, 292), agents=agents) / threshold(agents=agents)
        for agents in (10, 25, 100)
    ]

    assert shares[0] == 1.0
    assert shares == sorted(shares, reverse=True)
    assert shares[-1] < 0.4


@pytest.mark.parametrize(("abandoned", "share"), [(0, 1.0), (4, 1.0), (7, BURST_LEAST), (9, BURST_LEAST)])
def test_a_half_hour_with_little_room_left_carries_little_risk(abandoned, share):
    assert burst_share(Tally(140, abandoned)) == share
    assert BURST_LEAST < burst_share(Tally(140, 5)) < 1.0


def test_a_half_hour_of_a_large_floor_slows_down_sooner_for_many_are_on_the_way():
    """The same room for people is left in both."""
    small, large = Tally(140, 3), Tally(1400, 68)

    assert burst_room(small) < burst_room(large) < burst_room(small) + 1.0
    assert burst_share(small) == 1.0
    assert burst_share(large) < 0.2


def test_half_hours_before_the_limit_counts_have_room_for_a_person_or_two():
    assert burst_share(Tally(10, 0)) > burst_share(Tally(10, 1)) > BURST_LEAST == burst_share(Tally(10, 2))


def test_a_small_floor_carries_more():
    assert threshold(agents=5) > threshold(agents=100)
