"""Plays one shift of a scenario with one rule."""

import time
from dataclasses import dataclass, replace
from typing import Any

from bench import referee
from bench.pacing_scenarios import own_scenarios
from dialer.core.pacing import make_pacing
from dialer.simulation import Simulation

RULES = ("telesales", "blind", "progressive", "vicidial")
SCRIPTED = "scripted-25"  # where the referee has steps that a rule can be blind to
Task = tuple[str, str, int]  # scenario, rule, seed


@dataclass(frozen=True)
class Played:
    """One shift."""

    agents: int
    occupancy: float
    answered: int
    abandoned: int
    half_hours: list[tuple[int, int]]  # answered, abandoned
    dialed_alone: int
    seconds: float


def play(task: Task) -> tuple[str, str, Played]:
    """Play a shift and say how long it took."""
    scenario, rule, seed = task
    started = time.perf_counter()
    played = play_own if scenario in own_scenarios() else play_refereed
    result = played(scenario, rule, seed)
    return scenario, rule, Played(*result, seconds=time.perf_counter() - started)


def play_own(scenario: str, rule: str, seed: int) -> tuple[Any, ...]:
    """In our own simulation."""
    chosen = own_scenarios()[scenario]
    pacing = make_pacing("predictive" if rule == "telesales" else rule)
    report = Simulation(replace(chosen.shift, seed=seed), chosen.disturb(pacing)).run()
    halves = [(tally.answered, tally.abandoned) for tally in report.half_hours.values()]
    people = report.total
    return (
        chosen.shift.agents, report.occupancy, people.answered, people.abandoned, halves, report.dialed_without_agents,
    )  # fmt: skip


def play_refereed(scenario: str, rule: str, seed: int) -> tuple[Any, ...]:
    """Under the independent referee."""
    chosen = referee.scenarios()[scenario]
    result = referee.load("world").run(chosen, referee.make_rule(rule), seed)
    halves = [(answered, lost) for answered, lost in result.per_half_hour.values()]
    return (
        chosen.agents, result.occupancy, result.humans, result.abandoned, halves, result.dialled_without_agents,
    )  # fmt: skip
