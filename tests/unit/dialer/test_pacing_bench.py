from dataclasses import replace

import pytest

from bench import pacing_cost, referee
from bench.pacing import list_scenarios, make_tasks, read_arguments, seeds_of
from bench.pacing_play import SCRIPTED, Played, Task, play, play_own
from bench.pacing_rows import TO_REACH, sum_up
from bench.pacing_scenarios import HURTING, ORDINARY, own_scenarios
from dialer.core.abandonment import Tally
from dialer.core.pacing import make_pacing
from dialer.simulation import Simulation

needs_referee = pytest.mark.skipif(
    not referee.is_there(), reason=f"the referee is missing: put it into {referee.REFEREE}"
)
FINE = Played(25, 0.9, 1000, 28, [(100, 3)], 0, Tally(1000, 28), 1.0)


@needs_referee
def test_our_rule_obeys_the_interface_of_the_referee():
    scenario = referee.load("world").Scenario("short", 6, hours=0.4)
    rule = referee.make_rule("telesales")

    result = referee.load("world").run(scenario, rule, 1)

    assert result.humans > 10
    assert result.dialled_without_agents == 0
    assert rule.last.estimates["answer_rate"] == pytest.approx(0.28, abs=0.15)


@needs_referee
def test_a_blind_rule_learns_nothing_of_steps():
    scenario = referee.load("scenarios").OPEN["scripted-25"]

    stages = {}
    for name in ("telesales", "blind"):
        rule = referee.make_rule(name)
        referee.load("world").run(replace(scenario, agents=6, hours=0.3), rule, 1)
        stages[name] = set(rule.rule.dump()["talk"])

    assert stages["blind"] == {"0"}
    assert len(stages["telesales"]) > 2


@needs_referee
def test_every_open_scenario_is_measured_beside_ours():
    ours = [name for name in referee.scenarios() if name.startswith("own-referee-")]

    assert set(referee.scenarios()) == set(TO_REACH) | set(ours)
    assert len(ours) > 5
    assert set(list_scenarios()) == set(own_scenarios()) | set(referee.scenarios())


def test_the_rule_of_others_is_played_where_the_referee_judges():
    tasks = make_tasks((1, 2), ["own-5", "steady-5"], ["telesales", "vicidial"])

    assert Task("own-5", "telesales", (1, 2)) in tasks
    assert Task("steady-5", "vicidial", (1, 2)) in tasks
    assert ("own-5", "vicidial") not in [(task.scenario, task.rule) for task in tasks]
    assert [task.scenario for task in make_tasks((1,), [], ["blind"])] in ([SCRIPTED], [])


@needs_referee
def test_shifts_are_played_that_no_constant_was_chosen_on():
    assert seeds_of(read_arguments(["--seeds", "3"])) == (1, 2, 3)
    assert seeds_of(read_arguments(["--seeds", "3", "--first-seed", "401"])) == (401, 402, 403)


def test_a_constant_risk_knows_no_limit_and_is_played_where_the_referee_judges():
    scenario = referee.load("world").Scenario("short", 12, hours=0.5)
    spent = Tally(1000, 900)
    risky, lawful = (
        referee.load("world").run(scenario, referee.make_rule(name, earlier=spent), 1)
        for name in ("risk-0.4", "telesales")
    )

    assert risky.abandonment > 0.1
    assert lawful.abandoned == 0
    for name in ("risk-0.4", "risk-0"):
        assert [task.scenario for task in make_tasks((1,), ["own-5", "steady-5"], [name])] == ["steady-5"]


def test_a_broken_limit_is_told():
    burst = replace(FINE, half_hours=[(100, 7)])

    assert sum_up("steady-25", "telesales", [FINE]).limit_kept
    assert not sum_up("steady-25", "telesales", [FINE, burst]).limit_kept


def test_half_hours_above_the_bound_are_counted_among_those_that_are_judged():
    shift = replace(FINE, half_hours=[(49, 9), (50, 3), (50, 4), (200, 12)])

    row = sum_up("steady-25", "telesales", [shift, FINE])

    assert (row.half_hours, row.half_hours_over) == (4, 1)


def test_calls_without_agents_are_told():
    assert sum_up("own-25", "telesales", [FINE, replace(FINE, dialed_alone=3)]).dialed_without_agents == 3


def test_a_shift_of_ours_is_played_with_each_rule():
    agents, occupancy, answered, abandoned, halves, alone, _ = play_own("own-5", "progressive", 1, Tally())

    assert (agents, abandoned, alone) == (5, 0, 0)
    assert 0.5 < occupancy < 0.8
    assert sum(n for n, _ in halves) == answered


def test_shifts_are_the_days_of_one_campaign_unless_each_is_the_first_of_its_own():
    monday, tuesday = (shift.day for shift in play(Task("own-5", "telesales", (1, 2)))[1])
    alone = play(Task("own-5", "telesales", (2,)))[1][0].day
    first = play(Task("own-5", "telesales", (1, 2), first_days=True))[1][1].day

    assert monday.answered > 100
    assert tuesday != alone == first


@pytest.mark.parametrize("name", [*ORDINARY, *HURTING])
def test_every_scenario_of_ours_begins_to_move(name):
    chosen = own_scenarios()[name]
    shift = replace(chosen.shift, hours=0.05, pulse=2.0)

    report = Simulation(shift, chosen.disturb(make_pacing("predictive"))).run()

    assert report.connected > 0


def test_the_cost_of_a_decision_is_measured(monkeypatch):
    monkeypatch.setattr(pacing_cost, "DECISIONS", 5)

    line = pacing_cost.measure_floor(30, "steady")

    assert (line["agents"], line["ringing"]) == (30, 90)
    assert 0 < line["median_ms"] <= line["p99_ms"]
