"""Answered and abandoned people from the attempts, as the law counts them."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, case, func, or_, select

from dialer.core.abandonment import CONNECT_SECONDS
from dialer.ports import AnsweredCount
from telesales import clock
from telesales.calls.models import CallAttempt, CallResult
from telesales.extensions import db

FIRST_DAY = datetime(1970, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)


def answered_by_day(campaign_id: int, since: datetime) -> dict[int, AnsweredCount]:
    """Count by UTC day (days since 1970); days on which nobody answered are left out."""
    first, last = (since - FIRST_DAY).days, (clock.now() - FIRST_DAY).days
    days = {day: _count(campaign_id, FIRST_DAY + day * DAY) for day in range(first, last + 1)}
    return {day: count for day, count in days.items() if count.answered}


def _count(campaign_id: int, day: datetime) -> AnsweredCount:
    by_person = or_(CallAttempt.result.is_(None), CallAttempt.result != CallResult.MACHINE)
    answered, abandoned = db.session.execute(
        select(func.count(), func.sum(case((_is_abandoned(), 1), else_=0))).where(
            CallAttempt.campaign_id == campaign_id,
            CallAttempt.reserved_at.between(day - DAY, day + DAY),
            CallAttempt.answered_at >= day,
            CallAttempt.answered_at < day + DAY,
            by_person,
        )
    ).one()
    return AnsweredCount(answered, abandoned or 0)


def _is_abandoned() -> ColumnElement[bool]:
    late = _seconds(CallAttempt.connected_at) - _seconds(CallAttempt.answered_at) > CONNECT_SECONDS
    return or_(CallAttempt.result == CallResult.ABANDONED, late)


def _seconds(moment: Any) -> Any:
    if db.session.get_bind().dialect.name == "postgresql":
        return func.extract("epoch", moment)
    return func.julianday(moment) * DAY.total_seconds()
