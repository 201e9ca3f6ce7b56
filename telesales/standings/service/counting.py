"""Sales in the rolled-up day, in the unit of work that saves or cancels them.

A day is counted anew rather than added to: told twice, or in any order, it comes to the same.
"""

from typing import Any

from sqlalchemy import func, select, update

from telesales.calls.daily import DailyResult
from telesales.calls.models import Sale, SaleCancellation
from telesales.campaigns.models import Campaign
from telesales.dialing.days import add_to_day
from telesales.extensions import db
from telesales.tenancy.scope import client_scope


def count_sales(sale: Sale, **_details: Any) -> None:
    """Count the sales of this agent, campaign and day; the row is held until the end of the unit of work."""
    with client_scope(sale.client_id):
        campaign = db.session.get_one(Campaign, sale.campaign_id)
        add_to_day(sale.agent_id, campaign, sale.day, calls=0)
        db.session.execute(
            update(DailyResult)
            .where(
                DailyResult.user_id == sale.agent_id,
                DailyResult.campaign_id == sale.campaign_id,
                DailyResult.day == sale.day,
            )
            .values(**_counted(sale))
        )


def _counted(sale: Sale) -> dict[str, Any]:
    """Valid sales; amounts in another currency than the campaign's are not added to it."""
    cancelled = select(SaleCancellation.id).where(SaleCancellation.sale_id == Sale.id).exists()
    own_currency = (
        select(DailyResult.currency)
        .where(
            DailyResult.user_id == sale.agent_id,
            DailyResult.campaign_id == sale.campaign_id,
            DailyResult.day == sale.day,
        )
        .scalar_subquery()
    )
    sales, minor, first = db.session.execute(
        select(
            func.count(Sale.id),
            func.sum(Sale.amount_minor).filter(Sale.currency == own_currency),
            func.min(Sale.at),
        )
        .where(Sale.agent_id == sale.agent_id, Sale.campaign_id == sale.campaign_id, Sale.day == sale.day)
        .where(~cancelled)
    ).one()
    return {"sales": sales, "amount_minor": int(minor or 0), "first_sale_at": first}
