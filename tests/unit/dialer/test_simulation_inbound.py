"""People who ring back, in whole simulated shifts: the limit holds, and agents are as busy as without them."""

from dataclasses import replace
from functools import cache

import pytest

from dialer.carriers.behaviour import Profile
from dialer.core.abandonment import US_LIMIT
from dialer.core.pacing import Reason, make_pacing
from dialer.core.pacing.view import View
from dialer.simulation import Shift, ShiftReport, simulate
from dialer.simulation.play import Simulation
from tests.unit.dialer.pacing_views import NOW, make_taught, make_view

SHIFT = Shift(agents=12, hours=1.2, profile=Profile(ring_back=0.2))
SEEDS = range(1, 7)  # two shifts alone differ by chance by more than people who ring back matter


@cache
def played(ring_back: float, mode: str = "predictive", agents: int = 12) -> list[ShiftReport]:
    profile = Profile(ring_back=ring_back)
    return [simulate(replace(SHIFT, profile=profile, seed=seed, agents=agents), mode=mode) for seed in SEEDS]


def occupancy(reports: list[ShiftReport]) -> float:
    return sum(report.occupancy for report in reports) / len(reports)


def abandonment(reports: list[ShiftReport]) -> float:
    return sum(r.total.abandoned for r in reports) / sum(r.total.answered for r in reports)


def test_the_limit_holds_when_a_fifth_of_the_missed_people_rings_back():
    reports = played(0.2)

    assert sum(report.came_in for report in reports) > 50
    assert abandonment(reports) <= US_LIMIT


def test_agents_are_as_busy_as_without_people_who_ring_back():
    assert occupancy(played(0.2)) > occupancy(played(0.0)) - 0.02


def test_people_who_ring_back_are_answered_soon():
    reports = played(0.2)
    waits = [wait for report in reports for wait in report.inbound_waits]

    assert sum(waits) / len(waits) < 20.0
    assert sum(r.lost for r in reports) < 0.15 * sum(r.came_in for r in reports)


def test_fewer_are_dialed_when_people_ring_back():
    assert sum(r.dialed for r in played(0.2)) < sum(r.dialed for r in played(0.0))


def test_nobody_is_abandoned_for_people_who_ring_back_where_each_call_has_its_agent():
    reports = played(0.2, "progressive", 3)

    assert sum(report.came_in for report in reports) > 10
    assert sum(report.total.abandoned for report in reports) == 0


def test_the_same_shift_gives_the_same_report():
    short = replace(SHIFT, hours=0.3)

    assert simulate(short) == simulate(short)


def test_every_shift_without_ring_backs_is_as_it_was():
    report = Simulation(replace(SHIFT, hours=0.3, profile=Profile()), make_pacing("predictive")).run()

    assert (report.came_in, report.lost, report.inbound_waits) == (0, 0, [])


@pytest.mark.parametrize("waiting", [1, 3, 10])
def test_with_people_waiting_and_nobody_idle_nothing_beyond_the_risk_is_placed(waiting):
    rule = make_taught()
    empty: View = make_view(idle=[], waiting=0)
    without, beside = (rule.decide(NOW, replace(empty, waiting=count)) for count in (0, waiting))

    assert beside.calls <= without.calls
    if beside.reason is Reason.NO_MORE_RISK:
        assert beside.estimates["risk"] <= beside.estimates["threshold"] < beside.estimates["next_risk"]
