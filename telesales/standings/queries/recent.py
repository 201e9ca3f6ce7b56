"""Sales of today, one by one: the ticker, and where everybody stood an hour ago."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVarTuple

from sqlalchemy import Select, func, select

from telesales.agents.models import User
from telesales.calls.daily import DailyResult
from telesales.calls.models import Sale, SaleCancellation
from telesales.extensions import db
from telesales.standings.queries.scope import OwnDays, Scope

Columns = TypeVarTuple("Columns")
COMPARED_WITH = timedelta(hours=1)
TICKER_LENGTH = 12


@dataclass(frozen=True, slots=True)
class RecentSale:
    """A sale as the ticker tells it."""

    sale_id: int
    at: datetime
    user_id: int
    name: str
    latin_name: str
    product: str
    amount_minor: int
    currency: str


@dataclass(frozen=True, slots=True)
class Gain:
    """What somebody has sold in the last hour, in one currency."""

    user_id: int
    currency: str
    sales: int
    amount_minor: int


def campaigns_at_work(scope: Scope, days: OwnDays) -> list[int]:
    """Return the campaigns with results on these days; sales are looked up by campaign and day."""
    return list(
        db.session.scalars(
            select(DailyResult.campaign_id)
            .join(User, User.id == DailyResult.user_id)
            .where(days.includes(DailyResult.day), scope.of_results())
            .distinct()
        )
    )


def latest_sales(
    scope: Scope, days: OwnDays, campaigns: Sequence[int], *, limit: int = TICKER_LENGTH
) -> list[RecentSale]:
    """Return the newest valid sales of today, newest first."""
    rows = db.session.execute(
        _valid_sales(
            select(
                Sale.id, Sale.at, User.id, User.name, User.latin_name,
                Sale.product_name, Sale.amount_minor, Sale.currency,
            ),
            scope, days, campaigns,
        )
        .order_by(Sale.at.desc(), Sale.id.desc())
        .limit(limit)
    )  # fmt: skip
    return [RecentSale(*row) for row in rows]


def gains_since(scope: Scope, days: OwnDays, campaigns: Sequence[int], *, since: datetime) -> list[Gain]:
    """Return what was sold after a moment of today."""
    rows = db.session.execute(
        _valid_sales(
            select(Sale.agent_id, Sale.currency, func.count(Sale.id), func.sum(Sale.amount_minor)),
            scope,
            days,
            campaigns,
        )
        .where(Sale.at > since)
        .group_by(Sale.agent_id, Sale.currency)
    )
    return [
        Gain(user_id, currency, int(sales), int(amount or 0)) for user_id, currency, sales, amount in rows
    ]


def _valid_sales(
    query: Select[*Columns], scope: Scope, days: OwnDays, campaigns: Sequence[int]
) -> Select[*Columns]:
    cancelled = select(SaleCancellation.id).where(SaleCancellation.sale_id == Sale.id).exists()
    return (
        query.join(User, User.id == Sale.agent_id)
        .where(Sale.campaign_id.in_(campaigns), days.includes(Sale.day), scope.of_sales())
        .where(~cancelled)
    )
