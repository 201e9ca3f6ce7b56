from dataclasses import replace

import pytest

from dialer.carriers.behaviour import Profile
from dialer.simulation import AgentState, Shift, simulate

HOUR = Shift(agents=12, hours=1.0)


def test_the_same_shift_gives_the_same_report():
    shift = replace(HOUR, hours=0.4)

    assert simulate(shift) == simulate(shift)
    assert simulate(shift) != simulate(replace(shift, seed=2))


def test_predictive_keeps_agents_busier_than_progressive_within_the_limit():
    shifts = [replace(HOUR, hours=2.0, seed=seed) for seed in (1, 2)]

    ahead = [simulate(shift) for shift in shifts]
    one_to_one = [simulate(shift, mode="progressive") for shift in shifts]

    assert min(r.occupancy for r in ahead) > max(r.occupancy for r in one_to_one) + 0.08
    assert max(r.abandonment for r in ahead) <= 0.035
    assert [r.total.abandoned for r in one_to_one] == [0, 0]


def test_a_machine_is_never_given_to_an_agent_and_everybody_else_is():
    report = simulate(replace(HOUR, profile=Profile(human=0, machine=0.9, busy=0, invalid=0, congestion=0)))

    assert report.dialed > 100
    assert report.connected == 0
    assert report.occupancy == 0


def test_people_taken_for_machines_count_as_abandoned():
    report = simulate(replace(HOUR, profile=Profile(missed_humans=0.1)), mode="progressive")

    assert report.abandonment == pytest.approx(0.1, abs=0.05)


def test_agents_take_their_breaks():
    report = simulate(replace(HOUR, break_every=900.0))

    assert report.seconds[AgentState.PAUSED] > 3600


def test_callees_may_change_during_the_shift():
    better = Profile(human=0.6, machine=0.1)
    shift = replace(HOUR, profile_at=lambda t: Profile(human=0.05) if t < 1800 else better)

    report = simulate(shift, mode="progressive")

    assert report.half_hours[1].answered > 2 * report.half_hours[0].answered
