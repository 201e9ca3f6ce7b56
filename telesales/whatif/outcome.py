"""From simulated shifts to the figures of a day, with ranges. Pure.

A shift stands for a day: what it counts is stretched to the day's hours, and days are taken to differ as shifts do.
A day ends with its list: where the leads are through sooner, calls, sales, minutes and paid hours stop there.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import fmean

from dialer.ports import DialingMode
from dialer.simulation.replay import Replayed
from telesales.whatif.question import Goal, Question, last_day
from telesales.whatif.ranges import COUNT, LEAST_DAYS, Interval, amounts, shares

NEAR = 0.25  # of the agents that were simulated


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
        """False while so few shifts were played that no range can be said."""
        return self.shifts >= LEAST_DAYS

    @property
    def ends_within_day(self) -> bool:
        """True when the list is through before its first day is over: the day's figures are those of the list."""
        return self.list_days is not None and self.list_days.mean < 1

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
    list_calls = question.leads * calls_per_lead
    days = [_Day(shift, question, agents, list_calls, prices, sale_share) for shift in shifts]
    luck = _Luck(days, question, sale_share, calls_per_lead)
    sales = amounts([day.sales for day in days], luck=luck.sales)
    list_days = _list_days(days, list_calls)
    return Outcome(
        agents=agents,
        shifts=len(shifts),
        occupancy=shares([shift.occupancy for shift in shifts]),
        abandonment=_abandonment(shifts, question),
        calls_hour=amounts([shift.dialed / max(1e-9, shift.work_hours) for shift in shifts]),
        talks_hour=amounts([shift.talks / max(1e-9, shift.work_hours) for shift in shifts]),
        sales_hour=_sales_hour(days, luck),
        calls=amounts([day.calls for day in days], luck=luck.calls),
        sales=sales,
        cost=amounts([day.cost for day in days], luck=luck.cost),
        revenue=sales.turned(lambda count: count * prices.sale),
        cost_per_sale=_cost_per_sale(days, sales, luck),
        list_days=list_days,
        ends_on=last_day(question, list_days.mean) if list_days else None,
        ends_by=last_day(question, list_days.ends[1]) if list_days and list_days.ends else None,
        short_of_lines=fmean(shift.short_of_lines for shift in shifts),
    )


class _Day:
    """A shift, stretched to the day that it stands for and cut where the list ends."""

    def __init__(
        self,
        shift: Replayed,
        question: Question,
        agents: int,
        list_calls: float,
        prices: Prices,
        sale_share: float,
    ) -> None:
        stretch = question.hours / shift.hours
        self.whole_calls = shift.dialed * stretch
        self.part = min(1.0, list_calls / self.whole_calls) if self.whole_calls else 1.0
        lasting = stretch * self.part
        self.calls, self.work_hours = shift.dialed * lasting, shift.work_hours * lasting
        self.sales = shift.talks * lasting * sale_share
        minutes = shift.talking * lasting / 60
        paid_hours = agents * question.hours * self.part
        self.cost = paid_hours * prices.agent_hour + minutes * prices.thousand_minutes / 1000


class _Luck:
    """What shifts do not show: who of those who talk buys, and how often the leads of a short list have to be called.

    Variances as `ranges` wants them. Of independent ones with the same chance, a count varies by its mean times
    the chance that it is not so; calls until something happens vary by their mean less one, or less.
    """

    def __init__(
        self, days: Sequence[_Day], question: Question, sale_share: float, calls_per_lead: float
    ) -> None:
        calls, sales = fmean(day.calls for day in days), fmean(day.sales for day in days)
        is_cut = any(day.part < 1 for day in days)
        chance = sales / max(1, question.leads) if is_cut else sale_share
        self.sales = COUNT * (1 - min(1.0, chance))
        self.calls = COUNT * max(0.0, calls_per_lead - 1) if is_cut else 0.0
        self.cost = self.calls * fmean(day.cost for day in days) / calls if calls else 0.0


def _abandonment(shifts: Sequence[Replayed], question: Question) -> Interval:
    """Of everybody who answered. Where calls are placed ahead, a day with one person is possible after days with none."""
    answered, lost = sum(shift.answered for shift in shifts), sum(shift.abandoned for shift in shifts)
    found = shares([shift.abandonment for shift in shifts], mean=lost / max(1, answered))
    if lost or question.mode is not DialingMode.PREDICTIVE or not found.ends:
        return found
    return Interval(0.0, 0.0, min(1.0, len(shifts) / max(1, answered)))


def _sales_hour(days: Sequence[_Day], luck: _Luck) -> Interval:
    hours = max(1e-9, fmean(day.work_hours for day in days))
    return amounts([day.sales / max(1e-9, day.work_hours) for day in days], luck=luck.sales / hours)


def _cost_per_sale(days: Sequence[_Day], sales: Interval, luck: _Luck) -> Interval | None:
    """None when nothing costs or sells, or a bad day sells nothing: then no cost of a sale is high enough."""
    cost = fmean(day.cost for day in days)
    if not cost or not sales.mean or (sales.ends and sales.ends[0] < 1):
        return None
    sold = [day.sales / day.cost for day in days if day.cost]
    per_cost = amounts(sold, luck=luck.sales / cost, mean=sales.mean / cost)
    return per_cost.turned(lambda each: 1 / max(1e-12, each))


def _list_days(days: Sequence[_Day], list_calls: float) -> Interval | None:
    if not list_calls or not all(day.whole_calls for day in days):
        return None
    a_day = amounts([day.whole_calls for day in days])
    return a_day.turned(lambda calls: list_calls / max(1e-9, calls))


def is_enough(outcome: Outcome, question: Question) -> bool:
    """True when so many agents reach the goal nine times of ten; never while no range can be said."""
    if question.goal is Goal.SALES:
        return outcome.sales.ends is not None and outcome.sales.ends[0] >= question.goal_sales
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
