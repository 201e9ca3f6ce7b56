"""Other calls to a number, whichever lead, list or campaign they belong to."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, and_, or_, select

from dialer.ports import DialingMode
from telesales.calls.models import CallAttempt, Callback, CallbackState, CallState
from telesales.extensions import db
from telesales.leads.models import Lead

JUST_BEFORE = timedelta(seconds=30)
IN_THE_AIR = (
    CallState.ORIGINATING,
    CallState.RINGING,
    CallState.ANSWERED,
    CallState.CONNECTED,
    CallState.CAME_IN,
)


def call_under_way(attempt: CallAttempt) -> CallAttempt | None:
    """Another call with this number. Of two that are both still to be placed the first one goes."""
    is_first = and_(CallAttempt.state == CallState.RESERVED, CallAttempt.id < attempt.id)
    other: CallAttempt | None = db.session.scalar(
        _calls_of(attempt.number)
        .where(CallAttempt.id != attempt.id, or_(CallAttempt.state.in_(IN_THE_AIR), is_first))
        .limit(1)
    )
    return other


def dials_another(attempt: CallAttempt, agent_id: int, at: datetime) -> bool:
    """True when this agent dialed another number just before, and it is not over: pressed twice while a floor was slow."""
    other = select(CallAttempt.id).where(
        CallAttempt.agent_id == agent_id,
        CallAttempt.mode == DialingMode.MANUAL,
        CallAttempt.id < attempt.id,
        CallAttempt.reserved_at > at - JUST_BEFORE,
        CallAttempt.state.in_((CallState.RESERVED, *IN_THE_AIR)),
    )
    return db.session.scalar(other.limit(1)) is not None


def rests_until(attempt: CallAttempt, rests: Mapping[str, float], at: datetime) -> datetime | None:
    """When the rest ends that earlier calls for this client have earned the number; None when it has none now.

    Who asked for a call after them need not wait for it.
    """
    since = at - timedelta(seconds=max(rests.values(), default=0.0))
    ended = db.session.execute(
        _calls_of(attempt.number)
        .with_only_columns(CallAttempt.result, CallAttempt.ended_at)
        .where(
            CallAttempt.client_id == attempt.client_id,
            CallAttempt.result.in_(rests),
            CallAttempt.ended_at > max(since, promised_for(attempt, at) or since),
        )
    )
    until = max((row.ended_at + timedelta(seconds=rests[row.result]) for row in ended), default=at)
    return until if until > at else None


def _calls_of(number: str) -> Select[Any]:
    """By the lead's number, which is indexed."""
    return select(CallAttempt).join(Lead, Lead.id == CallAttempt.lead_id).where(Lead.number == number)


def promised_for(attempt: CallAttempt, at: datetime) -> datetime | None:
    """The time for which this person was promised a call, once it has come."""
    return db.session.scalar(
        select(Callback.scheduled_for)
        .where(
            Callback.lead_id == attempt.lead_id,
            Callback.campaign_id == attempt.campaign_id,
            Callback.state == CallbackState.PENDING,
            Callback.scheduled_for <= at,
        )
        .order_by(Callback.scheduled_for.desc())
        .limit(1)
    )
