"""Shifts for our own simulation: ordinary ones, and those that hurt."""

import csv
import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from dialer.carriers.behaviour import Profile
from dialer.core.pacing import Pacing
from dialer.simulation import AgentPlan, Shift
from dialer.simulation.retimed import Retimed
from dialer.simulation.talks import talk_about, talk_as, talk_scripted

REAL_TALKS = Path(__file__).resolve().parents[2] / "shared" / "data" / "bank-marketing.csv"
HOUR = 3600.0


@dataclass(frozen=True)
class Scenario:
    """A shift for any seed, and what stands between its floor and the rule."""

    shift: Shift
    disturb: Callable[[Pacing], Pacing] = lambda rule: rule


def friday_afternoon(t: float) -> Profile:
    """Fewer and fewer answer, and who does has no time."""
    late = t / (4 * HOUR)
    return Profile(
        human=0.28 - 0.18 * late,
        machine=0.30 + 0.10 * late,
        refuse=0.60 + 0.28 * late,
        listen=0.30 - 0.20 * late,
        listen_seconds=150 - 70 * late,
    )


def dying_list(t: float) -> Profile:
    """The good numbers were at the top."""
    alive = math.exp(-t / 2700)
    return Profile(human=0.005 + 0.275 * alive, machine=0.30, invalid=0.05 + 0.35 * (1 - alive))


def dropping_carrier(t: float) -> Profile:
    """Every other half hour the carrier drops half of the calls at once."""
    if int(t // 1800) % 2 == 0:
        return Profile()
    return Profile(human=0.14, machine=0.15, busy=0.03, invalid=0.025, congestion=0.5)


def shock(t: float) -> Profile:
    """Another list after two hours."""
    return Profile(human=0.18 if t < 2 * HOUR else 0.45)


def jumping_clock(t: float) -> float:
    """Forward by 90 seconds after an hour, back by five after two."""
    return t + (90.0 if t >= HOUR else 0.0) - (5.0 if t >= 2 * HOUR else 0.0)


def old_stamp(t: float) -> float:
    """In one second of five events come with a time of up to three seconds ago."""
    return jumping_clock(t) - (t % 3.0 if int(t) % 5 == 0 else 0.0)


def leave_one_by_one(agents: int) -> tuple[AgentPlan, ...]:
    return tuple(AgentPlan(leaves_at=2 * HOUR + 360.0 * n) for n in range(agents))


@cache
def real_talks() -> tuple[float, ...]:
    """Seconds of real telemarketing calls."""
    with REAL_TALKS.open(newline="") as lines:
        return tuple(
            float(row["duration"]) for row in csv.DictReader(lines, delimiter=";") if row["duration"] != "0"
        )


FLOOR = Shift()
ORDINARY = {
    "own-5": Scenario(Shift(agents=5)),
    "own-10": Scenario(Shift(agents=10)),
    "own-25": Scenario(FLOOR),
    "own-100": Scenario(Shift(agents=100, hours=2)),
}
HURTING = {
    "own-300": Scenario(Shift(agents=300, hours=1)),
    "own-friday": Scenario(replace(FLOOR, profile_at=friday_afternoon, plans=leave_one_by_one(18))),
    "own-dying-list": Scenario(replace(FLOOR, hours=3, profile_at=dying_list, leads=40_000)),
    "own-dropping": Scenario(replace(FLOOR, profile_at=dropping_carrier)),
    "own-clock-jumps": Scenario(
        replace(FLOOR, hours=3), lambda rule: Retimed(rule, jumping_clock, stamp=old_stamp)
    ),
    "own-detection": Scenario(replace(FLOOR, profile=Profile(missed_humans=0.01, false_humans=0.05))),
    "own-machines": Scenario(replace(FLOOR, profile=Profile(false_humans=0.3))),
    "own-8-percent": Scenario(replace(FLOOR, profile=Profile(human=0.08, machine=0.45))),
    "own-70-percent": Scenario(
        replace(FLOOR, profile=Profile(human=0.70, machine=0.12, busy=0.03, invalid=0.03))
    ),
    "own-long-talks": Scenario(replace(FLOOR, talk=talk_about(600, 300))),
    "own-lunch": Scenario(replace(FLOOR, plans=(AgentPlan(away=((2 * HOUR, 2.5 * HOUR),)),) * 12)),
    "own-paces": Scenario(replace(FLOOR, plans=tuple(AgentPlan(pace=0.6 + n / 24) for n in range(25)))),
    "own-scripted": Scenario(replace(FLOOR, talk=talk_scripted)),
    "own-blind": Scenario(replace(FLOOR, talk=talk_scripted, stages=False)),
    "own-shock-5": Scenario(replace(FLOOR, agents=5, profile_at=shock)),
}


def own_scenarios() -> dict[str, Scenario]:
    """All that can be played here."""
    real = (
        {"own-real-talks": Scenario(replace(FLOOR, talk=talk_as(real_talks())))} if has_real_talks() else {}
    )
    return ORDINARY | HURTING | real


def has_real_talks() -> bool:
    """True when the recorded durations lie beside the checkout."""
    return REAL_TALKS.exists()
