"""Rolled-up days."""

from datetime import date, datetime, timedelta

from telesales.agents.models import User
from telesales.calls.daily import DailyResult
from telesales.campaigns.models import Campaign
from telesales.extensions import db

HOUR = 3600


def make_day(agent: User, campaign: Campaign, day: date, **values) -> DailyResult:
    """What an agent did on a day: by default four hours, no sale."""
    result = DailyResult(
        user_id=agent.id,
        campaign_id=campaign.id,
        client_id=campaign.client_id,
        day=day,
        **{
            "sales": 0, "amount_minor": 0, "currency": campaign.currency, "calls": 40, "talk_seconds": 2 * HOUR,
            "wrap_up_seconds": HOUR, "ready_seconds": HOUR, "paused_seconds": 0, **values,
        },
    )  # fmt: skip
    db.session.add(result)
    db.session.flush()
    return result


def make_past_days(
    agent: User, campaign: Campaign, until: date, *, sales: int = 4, calls: int = 40, days: int = 10
) -> None:
    """The same day, again and again, up to the day before `until`."""
    for back in range(1, days + 1):
        make_day(agent, campaign, until - timedelta(days=back), sales=sales, calls=calls)


def make_sale_count(
    result: DailyResult, sales: int, *, minor: int = 10_000, first_at: datetime | None = None
) -> None:
    """So many sales of the same amount on that day."""
    result.sales, result.amount_minor, result.first_sale_at = sales, sales * minor, first_at
    db.session.flush()
