import random

import pytest

from dialer.core.pacing.learning import AnswerRate, Durations, Share


def learn(values, **prior):
    durations = Durations([0, 5, 10, 20, 40, 80, 160], **{"mean": 50, "trust": 2, "memory": 2000, **prior})
    for value in values:
        durations.observe(value)
    durations.renew()
    return durations


def test_a_distribution_is_its_prior_before_anything_was_seen():
    durations = learn([])

    assert durations.survival(0) == 1
    assert durations.survival(50) == pytest.approx(0.368, abs=0.02)
    assert durations.quantile(0.5) == pytest.approx(34.7, abs=2)


def test_a_distribution_follows_what_was_seen():
    rng = random.Random(1)

    durations = learn([rng.expovariate(1 / 12) for _ in range(1500)])

    assert durations.survival(12) == pytest.approx(0.368, abs=0.03)
    assert durations.quantile(0.5) == pytest.approx(8.3, abs=0.7)


def test_what_was_cut_off_counts_as_lasting_at_least_so_long():
    durations = learn([])
    for _ in range(200):
        durations.observe(30.0, ended=False)
    durations.renew()

    assert durations.survival(30) > 0.95


def test_old_durations_are_forgotten():
    durations = learn([100.0] * 500 + [3.0] * 500, memory=100)

    assert durations.quantile(0.5) < 5


def test_many_observations_do_not_overflow():
    durations = learn([10.0] * 20_000, memory=50)

    assert 0 < durations.survival(10) < 1


def test_a_share_is_drawn_to_its_prior_while_little_was_seen():
    share = Share(prior=0.4, trust=10, memory=400)
    share.observe(True)

    assert 0.4 < share.mean < 0.5


def let_pass(rate, rng, *, chance, calls, start=0.0, agents=10):
    """Calls are placed each second; their results are told at once and count when all have theirs."""
    seen = []
    for n in range(calls):
        rate.observe(start + n, rng.random() < chance)
        rate.settle(start + n, agents=agents)
        seen.append(rate.mean)
    return seen


def test_the_answer_rate_recovers_within_a_hundred_calls_from_a_shock():
    rng, rate = random.Random(2), AnswerRate()
    let_pass(rate, rng, chance=0.18, calls=1000)

    seen = let_pass(rate, rng, chance=0.5, calls=100, start=1000.0)

    assert seen[-1] == pytest.approx(0.5, abs=0.12)


def test_the_answer_rate_is_calm_while_nothing_changes():
    seen = let_pass(AnswerRate(), random.Random(3), chance=0.28, calls=4000)

    assert min(seen[500:]) > 0.2
    assert max(seen[500:]) < 0.36


def test_quick_results_count_only_when_calls_placed_with_them_have_theirs():
    rate = AnswerRate()
    for n in range(60):
        rate.observe(100.0 + n / 100, True)  # they answer after some seconds ...
    rate.settle(99.0, agents=10)
    before = rate.mean
    for n in range(140):
        rate.observe(100.0 + n / 234, False)  # ... and the others ring out
    rate.settle(102.0, agents=10)

    assert before == pytest.approx(0.4)
    assert rate.mean == pytest.approx(0.3, abs=0.03)


def test_a_large_floor_remembers_more_calls():
    rng = random.Random(4)
    small, large = (
        let_pass(AnswerRate(), rng, chance=0.3, calls=6000, agents=agents)[2000:] for agents in (10, 300)
    )

    assert max(large) - min(large) < max(small) - min(small)
