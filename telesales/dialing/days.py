"""Adding to an agent's rolled-up day."""

from datetime import date
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite

from telesales.calls.daily import DailyResult
from telesales.campaigns.models import Campaign
from telesales.extensions import db

COLUMNS = frozenset({"calls", "talk_seconds", "wrap_up_seconds", "ready_seconds", "paused_seconds"})


def add_to_day(user_id: int, campaign: Campaign, day: date, **amounts: int) -> None:
    """Add to some columns of a day; the row is made when it is the first of its day."""
    if unknown := amounts.keys() - COLUMNS:
        raise ValueError(f"not columns to add to: {unknown}")
    dialect: Any = postgresql if db.session.get_bind().dialect.name == "postgresql" else sqlite
    zero = dict.fromkeys((*COLUMNS, "sales", "amount_minor"), 0)
    table = DailyResult.__table__
    statement = dialect.insert(table).values(
        **{**zero, **amounts},
        user_id=user_id,
        campaign_id=campaign.id,
        client_id=campaign.client_id,
        currency=campaign.currency,
        day=day,
    )
    added = {name: table.c[name] + statement.excluded[name] for name in amounts}
    db.session.execute(
        statement.on_conflict_do_update(index_elements=["user_id", "campaign_id", "day"], set_=added)
    )
