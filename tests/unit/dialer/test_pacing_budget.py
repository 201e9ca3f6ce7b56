"""How much risk the next call may carry."""

import pytest

from dialer.core.abandonment import Tally
from dialer.core.pacing.budget import (
    HIGHEST_RISK,
    LEAST,
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

    assert rooms[0] == pytest.approx(rooms[1], rel=0.1)
    assert rooms[1:5] == sorted(rooms[1:5], reverse=True)
    assert rooms[-1] == pytest.approx(LEAST * rooms[0], rel=0.15)


def test_a_large_floor_begins_to_shrink_it_sooner_for_it_abandons_several_people_at_once():
    shares = [
        threshold(window=Tally(10_000, 292), agents=agents) / threshold(agents=agents)
        for agents in (10, 25, 100)
    ]

    assert 0.8 < shares[0] < 1.0
    assert shares == sorted(shares, reverse=True)
    assert shares[-1] < 0.4


def test_one_person_moves_the_risk_gently_on_a_small_floor_and_less_on_a_large_one():
    small, ten, hundred = (
        threshold(Tally(1000, 28), agents=agents) / threshold(Tally(1000, 29), agents=agents)
        for agents in (4, 10, 100)
    )

    assert small == pytest.approx(ten)
    assert 1.05 < small < 1.07
    assert 1.0 < hundred < 1.02


def test_a_small_floor_carries_more():
    assert threshold(agents=5) > threshold(agents=100)


def test_where_risks_said_too_little_before_smaller_ones_are_taken():
    said, too_little = (threshold(window=window) for window in (Tally(50_000, 1_400), Tally(50_000, 1_460)))

    assert threshold(window=Tally(50_000, 500)) == said
    assert 0.85 < too_little / said < 0.95


def test_a_law_that_allows_nobody_leaves_no_risk():
    assert threshold(Tally(100, 0), Tally(100, 0), limit=0.0) == 0.0
