"""Plays the shifts of a scenario with one rule: the days of one campaign, or each the first day of another."""

import time
from dataclasses import dataclass, replace
from typing import Any

from bench import referee
from bench.pacing_scenarios import own_scenarios
from dialer.core.abandonment import Tally
from dialer.core.pacing import make_pacing
from dialer.simulation import Simulation

RULES = ("telesales", "blind", "progressive", "vicidial")
SCRIPTED = "scripted-25"  # where the referee has steps that a rule can be blind to


@dataclass(frozen=True)
class Task:
    """Shifts that are played one after the other, one per seed."""

    scenario: str
    rule: str
    seeds: tuple[int, ...]
    first_days: bool = False  # each is the first day of a campaign: the law sees nothing before it


@dataclass(frozen=True)
class Played:
    """One shift."""

    agents: int
    occupancy: float
    answered: int
    abandoned: int
    half_hours: list[tuple[int, int]]  # answered, abandoned
    dialed_alone: int
    day: Tally  # as the floor counted it, from its first minute on
    seconds: float


def play(task: Task) -> tuple[Task, list[Played]]:
    """Play the shifts and say how long each took."""
    play_one = play_own if task.scenario in own_scenarios() else play_refereed
    shifts: list[Played] = []
    for seed in task.seeds:
        earlier = Tally() if task.first_days else sum((shift.day for shift in shifts), Tally())
        started = time.perf_counter()
        result = play_one(task.scenario, task.rule, seed, earlier)
        shifts.append(Played(*result, seconds=time.perf_counter() - started))
    return task, shifts


def play_own(scenario: str, rule: str, seed: int, earlier: Tally) -> tuple[Any, ...]:
    """In our own simulation."""
    chosen = own_scenarios()[scenario]
    pacing = make_pacing("predictive" if rule == "telesales" else rule)
    report = Simulation(replace(chosen.shift, seed=seed, earlier=earlier), chosen.disturb(pacing)).run()
    halves = [(tally.answered, tally.abandoned) for tally in report.half_hours.values()]
    people = report.total
    return (
        chosen.shift.agents, report.occupancy, people.answered, people.abandoned, halves,
        report.dialed_without_agents, report.day,
    )  # fmt: skip


def play_refereed(scenario: str, rule: str, seed: int, earlier: Tally) -> tuple[Any, ...]:
    """Under the independent referee."""
    chosen = referee.scenarios()[scenario]
    judged = referee.make_rule(rule, earlier=earlier)
    result = referee.load("world").run(chosen, judged, seed)
    halves = [(answered, lost) for answered, lost in result.per_half_hour.values()]
    day = judged.day if isinstance(judged, referee.RefereedRule) else Tally()
    return (
        chosen.agents, result.occupancy, result.humans, result.abandoned, halves, result.dialled_without_agents, day,
    )  # fmt: skip
