"""From simulated shifts to the figures of a day, with intervals. Pure but for seeded chance."""

import math
import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import fmean

from dialer.simulation.replay import Replayed
from telesales.whatif.question import LEAST_SEEDS, Goal, Question, last_day

LOW, HIGH = 0.1, 0.9  # the interval that is shown
DAYS_A_SHIFT = 40  # days of chance drawn for each shift: how many of the conversations end with a sale
FEW_FOR_EXACT = 30.0
NEAR = 0.25  # of the agents that were simulated


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean, and where eight of ten values lie."""

    mean: float
    low: float
    high: float

    def holds(self, value: float) -> bool:
        """True when a value lies inside."""
        return self.low <= value <= self.high


@dataclass(frozen=True, slots=True)
class Prices:
    """What a day costs and brings, in minor units."""

    agent_hour: int
    thousand_minutes: int
    sale: int

    @property
    def has_cost(self) -> bool:
        """True when somebody said what hours or minutes cost."""
        return self.agent_hour > 0 or self.thousand_minutes > 0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What so many agents come to."""

    agents: int
    shifts: int
    occupancy: Interval
    abandonment: Interval
    calls_hour: Interval  # of one agent's work
    talks_hour: Interval
    sales_hour: Interval
    calls: Interval  # a day
    sales: Interval
    cost: Interval
    revenue: Interval
    cost_per_sale: Interval | None
    list_days: Interval | None
    ends_on: date | None
    ends_by: date | None  # nine times of ten
    short_of_lines: float

    @property
    def has_range(self) -> bool:
        """False while so few shifts were played that the range between them says nothing."""
        return self.shifts >= LEAST_SEEDS

    def is_near(self, agents: float) -> bool:
        """True when so many agents are nearly as many as were simulated."""
        return abs(self.agents - agents) <= max(1.0, NEAR * self.agents)


def outcomes(
    shifts: Mapping[int, Sequence[Replayed]],
    question: Question,
    *,
    sale_share: float,
    calls_per_lead: float,
    prices: Prices,
) -> list[Outcome]:
    """One outcome for each number of agents that has shifts."""
    return [
        _outcome(agents, found, question, sale_share, calls_per_lead, prices)
        for agents, found in sorted(shifts.items())
        if found
    ]


def _outcome(
    agents: int,
    shifts: Sequence[Replayed],
    question: Question,
    sale_share: float,
    calls_per_lead: float,
    prices: Prices,
) -> Outcome:
    days = [_Day(shift, question, agents, prices) for shift in shifts]
    sold = [(day, sales) for n, day in enumerate(days) for sales in _draw_sales(day.talks, sale_share, n)]
    selling = [day.cost / sales for day, sales in sold if sales]
    list_days = _list_days(days, question, calls_per_lead)
    answered = sum(shift.answered for shift in shifts)
    lost = sum(shift.abandoned for shift in shifts)
    calls = interval(day.calls for day in days)
    return Outcome(
        agents=agents,
        shifts=len(shifts),
        occupancy=interval(shift.occupancy for shift in shifts),
        abandonment=interval((shift.abandonment for shift in shifts), mean=lost / max(1, answered)),
        calls_hour=_per_hour(shifts, lambda shift: shift.dialed),
        talks_hour=_per_hour(shifts, lambda shift: shift.talks),
        sales_hour=interval(sales / max(1e-9, day.work_hours) for day, sales in sold),
        calls=calls,
        sales=interval(sales for _, sales in sold),
        cost=interval(day.cost for day in days),
        revenue=interval(sales * prices.sale for _, sales in sold),
        cost_per_sale=interval(selling) if len(selling) == len(sold) else None,
        list_days=list_days,
        ends_on=last_day(question, list_days.mean) if list_days else None,
        ends_by=last_day(question, list_days.high) if list_days else None,
        short_of_lines=fmean(shift.short_of_lines for shift in shifts),
    )


class _Day:
    """A shift, stretched to the day that it stands for."""

    def __init__(self, shift: Replayed, question: Question, agents: int, prices: Prices) -> None:
        factor = question.hours / shift.hours
        self.calls, self.talks = shift.dialed * factor, shift.talks * factor
        self.work_hours = shift.work_hours * factor
        minutes = shift.talking * factor / 60
        self.cost = agents * question.hours * prices.agent_hour + minutes * prices.thousand_minutes / 1000


def _per_hour(shifts: Sequence[Replayed], figure: Callable[[Replayed], int]) -> Interval:
    return interval(figure(shift) / max(1e-9, shift.work_hours) for shift in shifts)


def _list_days(days: Sequence[_Day], question: Question, calls_per_lead: float) -> Interval | None:
    calls = question.leads * calls_per_lead
    if not calls or not all(day.calls for day in days):
        return None
    return interval(calls / day.calls for day in days)


def _draw_sales(talks: float, share: float, nth: int) -> list[int]:
    """Sales of some days with so many conversations; the same every time."""
    rng = random.Random(f"sales:{nth}")
    mean = talks * share
    if mean < FEW_FOR_EXACT:
        return [_poisson(rng, mean) for _ in range(DAYS_A_SHIFT)]
    deviation = math.sqrt(mean * (1 - share))
    return [max(0, round(rng.gauss(mean, deviation))) for _ in range(DAYS_A_SHIFT)]


def _poisson(rng: random.Random, mean: float) -> int:
    limit, product, count = math.exp(-mean), rng.random(), 0
    while product > limit:
        product, count = product * rng.random(), count + 1
    return count


def interval(values: Iterable[float], *, mean: float | None = None) -> Interval:
    """The mean of values, and the middle eight tenths of them."""
    ordered = sorted(values)
    return Interval(
        mean=fmean(ordered) if mean is None else mean, low=_at(ordered, LOW), high=_at(ordered, HIGH)
    )


def _at(ordered: Sequence[float], share: float) -> float:
    place = share * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)


def is_enough(outcome: Outcome, question: Question) -> bool:
    """True when so many agents reach the goal nine times of ten."""
    if question.goal is Goal.SALES:
        return outcome.sales.low >= question.goal_sales
    if question.goal is Goal.END and question.goal_date:
        return outcome.ends_by is not None and outcome.ends_by <= question.goal_date
    return False


def smallest_enough(found: Sequence[Outcome], question: Question) -> Outcome | None:
    """The smallest number of agents from which on every simulated number is enough."""
    enough = None
    for outcome in sorted(found, key=lambda outcome: outcome.agents, reverse=True):
        if not is_enough(outcome, question):
            break
        enough = outcome
    return enough


def nearest(found: Sequence[Outcome], agents: float) -> Outcome | None:
    """The outcome whose number of agents is nearest."""
    return min(found, key=lambda outcome: abs(outcome.agents - agents), default=None)
