"""Sales in the rolled-up day, in the unit of work that saves or cancels them."""

from typing import Any

from sqlalchemy import case, func, or_, select, update

from telesales.calls.daily import DailyResult
from telesales.calls.models import Sale, SaleCancellation
from telesales.campaigns.models import Campaign
from telesales.dialing.days import add_to_day
from telesales.extensions import db
from telesales.tenancy.scope import client_scope


def count_sale(sale: Sale, **_details: Any) -> None:
    """Add a new sale to its agent's day."""
    first = DailyResult.first_sale_at
    earliest = case((or_(first.is_(None), first > sale.at), sale.at), else_=first)
    _add(sale, 1, first_sale_at=earliest)


def uncount_sale(sale: Sale, **_details: Any) -> None:
    """Take a cancelled sale out of the day; the next valid one may become the first."""
    cancelled = select(SaleCancellation.id).where(SaleCancellation.sale_id == Sale.id).exists()
    earliest = (
        select(func.min(Sale.at))
        .where(Sale.agent_id == sale.agent_id, Sale.campaign_id == sale.campaign_id, Sale.day == sale.day)
        .where(~cancelled)
        .scalar_subquery()
    )
    _add(sale, -1, first_sale_at=earliest)


def _add(sale: Sale, count: int, **first: Any) -> None:
    """The row is made when it is the first of its day. An amount in another currency is not added."""
    with client_scope(sale.client_id):
        add_to_day(sale.agent_id, db.session.get_one(Campaign, sale.campaign_id), sale.day, calls=0)
        db.session.execute(
            update(DailyResult)
            .where(
                DailyResult.user_id == sale.agent_id,
                DailyResult.campaign_id == sale.campaign_id,
                DailyResult.day == sale.day,
            )
            .values(
                sales=DailyResult.sales + count,
                amount_minor=DailyResult.amount_minor
                + case((DailyResult.currency == sale.currency, count * sale.amount_minor), else_=0),
                **first,
            )
        )
