"""People who rang a campaign today: answered, missed, and how long they waited."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import case, func, select

from telesales import clock
from telesales.calls.models import CallAttempt, CallDirection, CallResult
from telesales.centre import service as centre
from telesales.extensions import db

LOST = (CallResult.MISSED_INBOUND, CallResult.HUNG_UP_WAITING)


@dataclass(frozen=True, slots=True)
class InboundDay:
    """The day so far, of the centre's midnight."""

    came: int = 0
    answered: int = 0
    missed: int = 0  # found nobody in time, or did not wait
    mean_wait: float = 0.0  # seconds, of those who were answered


def inbound_today(campaign_id: int) -> InboundDay:
    """Count the people who rang since midnight."""
    waited = case((CallAttempt.connected_at.is_not(None), _seconds()))
    row = db.session.execute(
        select(
            func.count(CallAttempt.id),
            func.count(CallAttempt.connected_at),
            func.sum(case((CallAttempt.result.in_(LOST), 1), else_=0)),
            func.avg(waited),
        ).where(
            CallAttempt.campaign_id == campaign_id,
            CallAttempt.direction == CallDirection.INBOUND,
            CallAttempt.reserved_at >= midnight(),
        )
    ).one()
    return InboundDay(row[0], row[1], int(row[2] or 0), max(0.0, float(row[3] or 0.0)))


def midnight() -> datetime:
    """When the centre's day began."""
    zone = ZoneInfo(centre.settings().time_zone)
    return clock.now().astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)


def _seconds() -> Any:
    """From ringing in to the agent."""
    if db.session.get_bind().dialect.name == "postgresql":
        return func.extract("epoch", CallAttempt.connected_at - CallAttempt.reserved_at)
    days = func.julianday(CallAttempt.connected_at) - func.julianday(CallAttempt.reserved_at)
    return days * 86_400
