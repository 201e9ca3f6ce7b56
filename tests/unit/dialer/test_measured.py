"""Drawing a campaign's own calls again."""

import random
from dataclasses import replace
from statistics import fmean

import pytest

from dialer.carriers.behaviour import Profile
from dialer.core.hopper import Result, RetryPolicy, RetryRule
from dialer.events import Answer, CallCause
from dialer.simulation import Shift, simulate
from dialer.simulation.measured import FATES, Measured, Samples, calls_per_lead, measure_profile
from dialer.simulation.replay import WARM_UP, Terms, replay

WORLD = measure_profile(Profile())
TERMS = Terms(agents=10, seed=1, hours=1.0, limit=0.03, lines=60, mode="progressive")


def only(fate: str) -> Measured:
    """A world in which every call comes to the same."""
    rings = {name: Samples((5.0,)) for name in FATES}
    shares = {name: float(name == fate) for name in FATES}
    return Measured(shares, rings, Samples((60.0,)), Samples((300.0,)), 0.0, Samples((20.0,)))


def test_an_attempt_meets_the_same_fate_every_time_and_another_with_another_seed():
    plans = [WORLD.plan_call(seed=seed, attempt_id=n) for seed in (1, 1, 2) for n in range(50)]

    assert plans[:50] == plans[50:100] != plans[100:]


def test_calls_are_drawn_as_they_were_measured():
    plans = [WORLD.plan_call(seed=3, attempt_id=n) for n in range(8_000)]
    people = [plan for plan in plans if plan.answer is Answer.HUMAN]

    assert len(people) / len(plans) == pytest.approx(WORLD.answer_rate, abs=0.015)
    assert fmean(plan.talk for plan in people) == pytest.approx(WORLD.mean_talk, rel=0.07)
    assert fmean(plan.callee.interest for plan in people) == pytest.approx(0.05, abs=0.01)
    assert {plan.cause for plan in plans if plan.answer is None} == {
        CallCause.BUSY,
        CallCause.INVALID,
        CallCause.CONGESTION,
        CallCause.NO_ANSWER,
    }


@pytest.mark.parametrize(("mode", "seeds", "points"), [("progressive", 6, 0.02), ("predictive", 3, 0.04)])
def test_replaying_a_known_world_gives_its_occupancy_within_a_few_points(mode, seeds, points):
    """A single hour of ten agents differs from another by two points: chance, not bias."""
    numbers = range(1, seeds + 1)
    lived = [simulate(Shift(agents=10, hours=1 + WARM_UP / 3600, seed=seed), mode=mode) for seed in numbers]

    replayed = [replay(WORLD, Terms(10, seed, 1.0, 0.03, 60, mode)) for seed in numbers]

    lived_busy, replayed_busy = (fmean(shift.occupancy for shift in found) for found in (lived, replayed))
    lived_lost, replayed_lost = (fmean(shift.abandonment for shift in found) for found in (lived, replayed))
    assert replayed_busy == pytest.approx(lived_busy, abs=points)
    assert replayed_lost == pytest.approx(lived_lost, abs=0.015)


def test_the_same_terms_give_the_same_figures():
    assert replay(WORLD, TERMS) == replay(WORLD, TERMS)


def test_figures_leave_the_warm_up_out_and_add_up_to_the_time_of_the_agents():
    found = replay(WORLD, TERMS)

    hours = (found.ready + found.talking + found.wrapping + found.paused) / 3600
    assert hours == pytest.approx(10.0, abs=0.01)
    assert 0 < found.talks <= found.dialed * 0.4


def test_too_few_lines_show():
    assert replay(WORLD, Terms(10, 1, 0.5, 0.03, 4, "progressive")).short_of_lines > 0.5
    assert replay(WORLD, replace(TERMS, agents=60, lines=600, calls_per_second=1)).short_of_lines > 0.05
    assert replay(WORLD, TERMS).short_of_lines == 0


def test_a_beat_is_heard_at_every_call_and_may_stop_the_shift():
    def stop() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        replay(WORLD, TERMS, beat=stop)


def test_a_world_that_was_written_down_is_the_same():
    assert Measured.read(WORLD.to_dict()) == WORLD


def test_thinned_samples_keep_their_mean():
    rng = random.Random(1)
    values = [rng.expovariate(1 / 90) for _ in range(20_000)]

    thinned = Samples.of(values)

    assert len(thinned.values) == 400
    assert thinned.mean == pytest.approx(fmean(values), rel=0.001)


@pytest.mark.parametrize("share", [0.0, 0.3, 1.0])
def test_samples_are_mixed_by_share(share):
    mixed = Samples((100.0,) * 7).mixed_with(Samples((10.0, 20.0, 30.0)), share)

    assert mixed.mean == pytest.approx(100 * share + 20 * (1 - share), rel=0.02)


def test_samples_that_are_empty_take_the_other():
    assert Samples().mixed_with(Samples((4.0,)), 1.0) == Samples((4.0,))
    assert Samples((4.0,)).mixed_with(Samples(), 0.0) == Samples((4.0,))
    assert Samples().draw(random.Random(1)) == 0.0


def test_chosen_figures_replace_measured_ones():
    chosen = WORLD.adjusted(answer_rate=0.5, talk_seconds=200, wrap_up_seconds=40, sale_share=0.2)

    assert chosen.answer_rate == 0.5
    assert sum(chosen.shares.values()) == pytest.approx(1.0)
    assert chosen.shares["busy"] / chosen.shares["machine"] == pytest.approx(
        WORLD.shares["busy"] / WORLD.shares["machine"]
    )
    assert chosen.mean_talk == pytest.approx(200)
    assert chosen.wrap_ups.mean == pytest.approx(40)
    assert chosen.sale_share == 0.2
    assert WORLD.adjusted() == WORLD


def test_callees_and_talks_of_two_worlds_are_mixed():
    mixed = only("human").with_callees_of(only("machine"), share=0.25)

    assert (mixed.shares["human"], mixed.shares["machine"]) == (0.25, 0.75)
    assert mixed.talks == Samples((60.0,))


@pytest.mark.parametrize(
    ("fate", "calls"), [("human", 1), ("invalid", 1), ("no_answer", 3), ("machine", 2), ("busy", 5)]
)
def test_a_lead_takes_as_many_calls_as_its_retry_rules_say(fate, calls):
    rules = {
        Result.NO_ANSWER: RetryRule(60, 2),
        Result.MACHINE: RetryRule(60, 1),
        Result.BUSY: RetryRule(60, 50),
    }

    assert calls_per_lead(only(fate), RetryPolicy(rules, max_attempts=5), leads=3) == calls
