import pytest

from bench import pacing, referee

pytestmark = pytest.mark.skipif(
    not referee.is_there(), reason=f"the referee is missing: put it into {referee.REFEREE}"
)


def test_our_rule_obeys_the_interface_of_the_referee():
    scenario = referee.load("world").Scenario("short", 6, hours=0.4)
    rule = referee.make_rule("telesales")

    result = referee.load("world").run(scenario, rule, 1)

    assert result.humans > 10
    assert result.dialled_without_agents == 0
    assert rule.last.estimates["answer_rate"] == pytest.approx(0.28, abs=0.15)


def test_every_open_scenario_is_measured():
    assert set(pacing.TO_REACH) == set(referee.load("scenarios").OPEN)


def test_a_broken_limit_is_told():
    fine = pacing.Played(25, 0.9, 1000, 28, [(100, 3)], 0, 1.0)
    burst = pacing.Played(25, 0.9, 1000, 28, [(100, 7)], 0, 1.0)

    assert pacing.sum_up("steady-25", "telesales", [fine]).limit_kept
    assert not pacing.sum_up("steady-25", "telesales", [fine, burst]).limit_kept
