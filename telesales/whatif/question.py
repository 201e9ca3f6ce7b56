"""What is asked, as one value. Pure."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from dialer.ports import DialingMode
from telesales.campaigns.hours import DAYS, WeekHours
from telesales.whatif.ranges import LEAST_DAYS

MOST_AGENTS = 300
MOST_CANDIDATES = 8
LEAST_SEEDS, MOST_SEEDS = LEAST_DAYS, 20
LEAST_HOURS, MOST_HOURS = 1, 12
LEAST_LEADS, MOST_LEADS = 1, 10_000_000
SIMULATED_HOURS = 2.0  # a shift stands for the day ...
LARGE_FLOOR = 100  # ... half as long from so many agents on
MOST_DAYS = 3_650
SECONDS_A_SHIFT = 1.5  # rough: what it takes to play one ...
SECONDS_AN_AGENT = 0.12  # ... and for each agent
LADDER = (0.6, 0.7, 0.8, 0.9, 1.0, 1.15, 1.35, 1.6)
LUCK = 1.28  # standard deviations below the mean lies the worst day of ten
USUAL_OCCUPANCY = 0.85


class Goal(StrEnum):
    """What the number of agents should be enough for."""

    NONE = ""
    SALES = "sales"  # so many a day
    END = "end"  # the list is through by a date


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of a campaign. Figures that are None stay as they were measured."""

    mode: DialingMode
    limit: float  # of answered people, 0.03 is 3 %
    hours: float  # of calling a day
    lines: int
    starts_on: date
    open_days: tuple[str, ...]  # of the week, as in `campaigns.hours.DAYS`
    leads: int
    agents: tuple[int, ...] = ()  # empty: chosen for the goal
    seeds: int = 5
    ring_seconds: int = 25
    calls_per_second: int = 0  # 0: no cap
    answer_rate: float | None = None
    talk_like: str = ""  # "campaign:3" or "script:4"
    talk_seconds: float | None = None
    wrap_up_seconds: float | None = None
    sale_share: float | None = None
    agent_hour_minor: int = 0
    minutes_minor: int = 0  # a thousand connected minutes
    goal: Goal = Goal.NONE
    goal_sales: int = 0
    goal_date: date | None = None

    def to_json(self) -> dict[str, Any]:
        """Plain values, for `from_json`."""
        values = asdict(self)
        values["starts_on"] = self.starts_on.isoformat()
        values["goal_date"] = self.goal_date.isoformat() if self.goal_date else None
        return {**values, "agents": list(self.agents), "open_days": list(self.open_days)}

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> "Question":
        """Inverse of `to_json`."""
        goal_date = values["goal_date"]
        return cls(
            **{
                **values,
                "mode": DialingMode(values["mode"]),
                "goal": Goal(values["goal"]),
                "starts_on": date.fromisoformat(values["starts_on"]),
                "goal_date": date.fromisoformat(goal_date) if goal_date else None,
                "agents": tuple(values["agents"]),
                "open_days": tuple(values["open_days"]),
            }
        )


def simulated_hours(question: Question, agents: int) -> float:
    """How long a shift is played that stands for a day."""
    return min(question.hours, SIMULATED_HOURS / 2 if agents > LARGE_FLOOR else SIMULATED_HOURS)


def seconds_to_play(question: Question, candidates: Sequence[int], *, seeds: int | None = None) -> float:
    """Roughly how long the shifts take on one core."""
    each = sum(
        simulated_hours(question, agents) * (SECONDS_A_SHIFT + SECONDS_AN_AGENT * agents)
        for agents in candidates
    )
    return each * (question.seeds if seeds is None else seeds)


def propose_candidates(question: Question, *, talks_needed: float, busy_seconds: float) -> tuple[int, ...]:
    """Numbers of agents around those that so many conversations a day take; each occupies an agent for a while."""
    likely = talks_needed * busy_seconds / (question.hours * 3600 * USUAL_OCCUPANCY)
    numbers = {min(MOST_AGENTS, max(1, round(factor * likely))) for factor in LADDER}
    return tuple(sorted(numbers))


def sales_to_aim_at(goal: int) -> float:
    """How many sales a day have to be expected for the goal to be reached nine days of ten."""
    return ((LUCK + math.sqrt(LUCK**2 + 4 * goal)) / 2) ** 2


def open_days_until(question: Question, last: date) -> int:
    """Days on which people may be called, the first and the last included."""
    days = min(MOST_DAYS, max(0, (last - question.starts_on).days + 1))
    return sum(is_open(question, question.starts_on + timedelta(days=n)) for n in range(days))


def last_day(question: Question, days: float) -> date | None:
    """The day on which so many days of calling are over; None when it is too far away to say."""
    remaining, day = days, question.starts_on
    for _ in range(MOST_DAYS):
        if is_open(question, day):
            remaining -= 1
            if remaining <= 0:
                return day
        day += timedelta(days=1)
    return None


def open_days_of(week: WeekHours) -> tuple[str, ...]:
    """Days of the week with calling hours; every day while nobody has said when people may be called."""
    return tuple(day for day in DAYS if week.get(day)) or DAYS


def is_open(question: Question, day: date) -> bool:
    """True on a day of the week with calling hours."""
    return DAYS[day.weekday()] in question.open_days
