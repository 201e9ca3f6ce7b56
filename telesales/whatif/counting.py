"""Statements that count what happened from a moment on: the rest of its day from facts, later days as rolled up."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, literal, select

from dialer.core.floor.agent import AgentState
from dialer.ports import DialingMode
from telesales.agents.models import AgentStateChange
from telesales.calls.daily import DailyResult
from telesales.calls.models import CallAttempt, CallDirection, CallResult, Sale, SaleCancellation
from telesales.extensions import UtcDateTime, db
from telesales.whatif.measuring import FATE_OF

Statement = Select[*tuple[Any, ...]]
ONE_DAY = timedelta(days=1)
DAY_SECONDS = 86_400
BY_PEOPLE = [result for result, fate in FATE_OF.items() if fate == "human"]


@dataclass(frozen=True, slots=True)
class Stretch:
    """The rest of a day, and the days after it."""

    since: datetime
    midnight: datetime  # before it
    whole_from: datetime  # the midnight after it; the same moment when it is one itself
    first_whole: date


def whole_days(campaign_id: int, stretch: Stretch) -> Statement:
    """The days after the first."""
    return select(
        func.count(DailyResult.id).label("agent_days"),
        func.count(func.distinct(DailyResult.day)).label("days"),
        func.sum(DailyResult.talk_seconds).label("talk"),
        func.sum(DailyResult.wrap_up_seconds).label("wrap_up"),
        func.sum(DailyResult.ready_seconds).label("ready"),
        func.sum(DailyResult.paused_seconds).label("paused"),
        func.sum(DailyResult.calls).label("calls"),
        func.sum(DailyResult.sales).label("sales"),
    ).where(
        DailyResult.campaign_id == campaign_id,
        DailyResult.day >= stretch.first_whole,
        DailyResult.talk_seconds + DailyResult.wrap_up_seconds + DailyResult.ready_seconds > 0,
    )


def first_states(campaign_id: int, stretch: Stretch) -> Statement:
    """The rest of the first day; a state that lasts still is counted when it is over, as in rolled-up days."""
    workers = select(DailyResult.user_id).where(
        DailyResult.campaign_id == campaign_id,
        DailyResult.day.between(stretch.first_whole - 2 * ONE_DAY, stretch.first_whole),
    )
    lasting = (
        select(
            AgentStateChange.user_id,
            AgentStateChange.state,
            AgentStateChange.at,
            func.lead(AgentStateChange.at)
            .over(partition_by=AgentStateChange.user_id, order_by=(AgentStateChange.at, AgentStateChange.id))
            .label("until"),
        )
        .where(
            AgentStateChange.user_id.in_(workers),
            AgentStateChange.campaign_id == campaign_id,
            AgentStateChange.at >= stretch.midnight,
            AgentStateChange.at < stretch.whole_from + ONE_DAY,
        )
        .subquery()
    )
    since, end = literal(stretch.since, UtcDateTime), literal(stretch.whole_from, UtcDateTime)
    start = case((lasting.c.at < since, since), else_=lasting.c.at)
    until = case((lasting.c.until > end, end), else_=lasting.c.until)
    works = lasting.c.state.in_([AgentState.READY, AgentState.WRAP_UP])
    counted = (lasting.c.until > since, lasting.c.at < end)

    def seconds(state: AgentState) -> ColumnElement[Any]:
        return func.sum(case((lasting.c.state == state, _epoch(until) - _epoch(start)), else_=0))

    users = func.count(func.distinct(case((works, lasting.c.user_id))))
    return select(
        users.label("agent_days"),
        case((users > 0, 1), else_=0).label("days"),
        seconds(AgentState.WRAP_UP).label("wrap_up"),
        seconds(AgentState.READY).label("ready"),
        seconds(AgentState.PAUSED).label("paused"),
    ).where(*counted)


def first_talks(campaign_id: int, stretch: Stretch) -> Statement:
    """Conversations of the rest of the first day."""
    return select(
        func.count(CallAttempt.id).label("calls"),
        func.sum(_epoch(CallAttempt.ended_at) - _epoch(CallAttempt.connected_at)).label("talk"),
    ).where(
        CallAttempt.campaign_id == campaign_id,
        CallAttempt.reserved_at >= stretch.since,
        CallAttempt.reserved_at < stretch.whole_from,
        CallAttempt.result == CallResult.TALKED,
        CallAttempt.connected_at.is_not(None),
        CallAttempt.ended_at.is_not(None),
    )


def first_sales(campaign_id: int, stretch: Stretch) -> Statement:
    """Sales of the rest of the first day; cancelled ones do not count."""
    return (
        select(func.count(Sale.id).label("sales"))
        .outerjoin(SaleCancellation, SaleCancellation.sale_id == Sale.id)
        .where(
            Sale.campaign_id == campaign_id,
            Sale.day.between(stretch.first_whole - 2 * ONE_DAY, stretch.first_whole),
            Sale.at >= stretch.since,
            Sale.at < stretch.whole_from,
            SaleCancellation.id.is_(None),
        )
    )


def placed_calls(campaign_id: int, stretch: Stretch) -> Statement:
    """Calls that the dialer placed, answered by a person, and abandoned; those by hand or from outside are not foreseen."""
    answered = CallAttempt.result.in_(BY_PEOPLE)
    return select(
        func.count(CallAttempt.id).label("placed"),
        func.sum(case((answered, 1), else_=0)).label("answered"),
        func.sum(case((CallAttempt.result == CallResult.ABANDONED, 1), else_=0)).label("abandoned"),
        func.min(CallAttempt.reserved_at).label("first"),
    ).where(
        CallAttempt.campaign_id == campaign_id,
        CallAttempt.reserved_at >= stretch.since,
        CallAttempt.originating_at.is_not(None),
        CallAttempt.mode != DialingMode.MANUAL,
        CallAttempt.direction == CallDirection.OUTBOUND,
    )


def _epoch(moment: Any) -> Any:
    if db.session.get_bind().dialect.name == "postgresql":
        return func.extract("epoch", moment)
    return func.julianday(moment) * DAY_SECONDS
