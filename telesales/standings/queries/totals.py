"""What agents did in a span of days, added up by the database."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from typing import Any

from sqlalchemy import Row, func, select

from telesales.agents.models import User
from telesales.calls.daily import DailyResult
from telesales.campaigns.models import Campaign
from telesales.extensions import db
from telesales.standings.queries.scope import OwnDays, Scope
from telesales.standings.rules.goals import HOUR_S, per_hour
from telesales.standings.rules.kinds import Metric

MIN_SECONDS_FOR_RATE = 15 * 60  # a rate over less says "too few"


@dataclass(slots=True)
class AgentTotals:
    """One agent's results. `amounts`: minor units by currency. `signed_in_s`: ready, talk, wrap-up and pauses."""

    user_id: int
    name: str
    latin_name: str
    time_zone: str
    goal: int
    is_demo: bool
    sales: int = 0
    calls: int = 0
    talk_s: int = 0
    signed_in_s: int = 0
    amounts: dict[str, int] = field(default_factory=dict)
    first_sale_at: datetime | None = None

    @property
    def per_hour(self) -> float | None:
        """Sales an hour signed in; None when there was too little time."""
        return per_hour(self.sales, self.signed_in_s) if self.signed_in_s >= MIN_SECONDS_FOR_RATE else None


SIGNED_IN = (
    DailyResult.ready_seconds
    + DailyResult.talk_seconds
    + DailyResult.wrap_up_seconds
    + DailyResult.paused_seconds
)


def agent_totals(scope: Scope, days: OwnDays) -> list[AgentTotals]:
    """Return everybody who has results, by name."""
    rows = db.session.execute(
        select(
            User.id, User.name, User.latin_name, User.time_zone, User.daily_goal, User.is_demo,
            DailyResult.currency,
            func.max(Campaign.daily_goal).label("campaign_goal"),
            func.sum(DailyResult.sales).label("sales"),
            func.sum(DailyResult.amount_minor).label("amount_minor"),
            func.sum(DailyResult.calls).label("calls"),
            func.sum(DailyResult.talk_seconds).label("talk_s"),
            func.sum(SIGNED_IN).label("signed_in_s"),
            func.min(DailyResult.first_sale_at).label("first_sale_at"),
        )
        .join(User, User.id == DailyResult.user_id)
        .join(Campaign, Campaign.id == DailyResult.campaign_id)
        .where(days.includes(DailyResult.day), scope.of_results())
        .group_by(User.id, DailyResult.currency)
        .order_by(User.name, User.id)
    )  # fmt: skip
    found: dict[int, AgentTotals] = {}
    for row in rows:
        _add_row(found, row)
    return list(found.values())


def _add_row(found: dict[int, AgentTotals], row: Row[*tuple[Any, ...]]) -> None:
    goal = row.daily_goal if row.daily_goal is not None else row.campaign_goal
    totals = found.setdefault(
        row.id, AgentTotals(row.id, row.name, row.latin_name, row.time_zone, goal, row.is_demo)
    )
    totals.goal = max(totals.goal, goal)
    totals.sales += int(row.sales)
    totals.calls += int(row.calls)
    totals.talk_s += int(row.talk_s)
    totals.signed_in_s += int(row.signed_in_s)
    totals.amounts[row.currency] = totals.amounts.get(row.currency, 0) + int(row.amount_minor)
    firsts = [at for at in (totals.first_sale_at, row.first_sale_at) if at is not None]
    totals.first_sale_at = min(firsts, default=None)


def main_currency(totals: Iterable[AgentTotals], default: str) -> str:
    """Return the currency in which most people have sold; boards show one."""
    sellers: dict[str, int] = {}
    for entry in totals:
        for currency, minor in entry.amounts.items():
            sellers[currency] = sellers.get(currency, 0) + (minor > 0)
    return max(
        sorted(sellers), key=lambda currency: (sellers[currency], currency == default), default=default
    )


def score(totals: AgentTotals, metric: Metric, currency: str) -> tuple[Any, ...]:
    """Return what is compared: equal numbers of sales are told apart by their amount."""
    amount = totals.amounts.get(currency, 0)
    if metric is Metric.SALES:
        return totals.sales, amount
    if metric is Metric.AMOUNT:
        return amount, totals.sales
    if metric is Metric.PER_HOUR:
        enough = totals.signed_in_s >= MIN_SECONDS_FOR_RATE
        return (Fraction(totals.sales * HOUR_S, totals.signed_in_s) if enough else Fraction(-1),)
    return (totals.calls,) if metric is Metric.CALLS else (totals.talk_s,)
