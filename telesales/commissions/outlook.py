"""What is ahead of an agent: how far it is to the next band."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from telesales.calls.models import Sale, SaleCancellation
from telesales.commissions.queries import find_plan
from telesales.commissions.rules.outlook import NextBand, next_bands
from telesales.commissions.rules.reckoning import Total, period_end, period_start, version_on
from telesales.commissions.rules.terms import Period
from telesales.commissions.service.accrual import terms_of
from telesales.extensions import db


@dataclass(frozen=True, slots=True)
class Ahead:
    """A band ahead, and the money it is counted in."""

    band: NextBand
    currency: str


def bands_ahead(agent_id: int, campaign_id: int, day: date) -> list[Ahead]:
    """Return the next band of every tier in the plan that is in force on the agent's day."""
    plan = find_plan(campaign_id)
    version = version_on(terms_of(plan.id), day) if plan else None
    if version is None:
        return []
    sold = {
        period: _sold(agent_id, campaign_id, version.currency, period, day)
        for period in {part.period for part in version.terms.tiers}
    }
    return [Ahead(band, version.currency) for band in next_bands(version.terms, sold)]


def _sold(agent_id: int, campaign_id: int, currency: str, period: Period, day: date) -> Total:
    cancelled = select(SaleCancellation.id).where(SaleCancellation.sale_id == Sale.id).exists()
    sales, minor = db.session.execute(
        select(func.count(Sale.id), func.sum(Sale.amount_minor))
        .where(Sale.agent_id == agent_id, Sale.campaign_id == campaign_id, Sale.currency == currency)
        .where(Sale.day.between(period_start(period, day), period_end(period, day)))
        .where(~cancelled)
    ).one()
    return Total(sales, int(minor or 0))
