"""Rolled-up days made again from facts: sales, calls, and the history of agents' states."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import delete, func, insert, select, text

from telesales.agents.models import AgentStateChange, User
from telesales.audit.service import record
from telesales.calls.daily import DailyResult
from telesales.calls.models import CallAttempt, CallResult, Sale, SaleCancellation
from telesales.campaigns.models import Campaign
from telesales.centre import service as centre
from telesales.dialing.facts import SECONDS_OF
from telesales.dialing.spans import split_by_day
from telesales.extensions import db
from telesales.standings.rules.days import local_date
from telesales.tenancy.scope import every_client

MARGIN = timedelta(days=8)  # no state of an agent lasts longer
ROWS_AT_ONCE = 500

Key = tuple[int, int, date]  # agent, campaign, local day


@dataclass(slots=True)
class Rebuilding:
    """Days under construction."""

    first: date
    last: date
    currencies: dict[int, tuple[int, str]]  # campaign -> client, currency
    zones: dict[int, str]
    days: dict[Key, dict[str, Any]] = field(default_factory=dict)

    def add(self, user_id: int, campaign_id: int, day: date, **amounts: int) -> None:
        """Add to a day that lies in the span."""
        if not self.first <= day <= self.last:
            return
        row = self.days.setdefault((user_id, campaign_id, day), _empty())
        for name, amount in amounts.items():
            row[name] += amount

    @property
    def moments(self) -> tuple[datetime, datetime]:
        """The span in UTC with room for every zone and every state."""
        start = datetime.combine(self.first, time(), UTC) - MARGIN
        return start, datetime.combine(self.last, time(), UTC) + MARGIN


def _empty() -> dict[str, Any]:
    numbers = ("sales", "amount_minor", "calls", "talk_seconds", *SECONDS_OF.values())
    return {**dict.fromkeys(numbers, 0), "first_sale_at": None}


def rebuild_daily_results(day_from: date, day_to: date) -> int:
    """Replace the days of a span by what the facts say; return the number of rows."""
    with every_client():
        _stop_writers()
        work = Rebuilding(day_from, day_to, _currencies(), _zones())
        _add_sales(work)
        _add_calls(work)
        _add_states(work)
        _replace(work)
    record("standings.rebuilt", day_from=day_from.isoformat(), day_to=day_to.isoformat(), rows=len(work.days))
    return len(work.days)


def _stop_writers() -> None:
    """On SQLite the unit of work holds the only pen already."""
    if db.session.get_bind().dialect.name == "postgresql":
        db.session.execute(text("LOCK TABLE daily_results IN SHARE ROW EXCLUSIVE MODE"))


def _currencies() -> dict[int, tuple[int, str]]:
    rows = db.session.execute(select(Campaign.id, Campaign.client_id, Campaign.currency))
    return {campaign_id: (client_id, currency) for campaign_id, client_id, currency in rows}


def _zones() -> dict[int, str]:
    house = centre.settings().time_zone
    return {user_id: zone or house for user_id, zone in db.session.execute(select(User.id, User.time_zone))}


def _add_sales(work: Rebuilding) -> None:
    cancelled = select(SaleCancellation.id).where(SaleCancellation.sale_id == Sale.id).exists()
    rows = db.session.execute(
        select(
            Sale.agent_id, Sale.campaign_id, Sale.day, Sale.currency, func.count(Sale.id),
            func.sum(Sale.amount_minor), func.min(Sale.at),
        )
        .where(Sale.day.between(work.first, work.last), ~cancelled)
        .group_by(Sale.agent_id, Sale.campaign_id, Sale.day, Sale.currency)
    )  # fmt: skip
    for agent_id, campaign_id, day, currency, count, minor, first in rows:
        is_own = currency == work.currencies[campaign_id][1]
        work.add(agent_id, campaign_id, day, sales=count, amount_minor=int(minor) if is_own else 0)
        row = work.days[agent_id, campaign_id, day]
        row["first_sale_at"] = min(at for at in (row["first_sale_at"], first) if at is not None)


def _add_calls(work: Rebuilding) -> None:
    start, end = work.moments
    attempts = db.session.scalars(
        select(CallAttempt)
        .where(CallAttempt.result == CallResult.TALKED, CallAttempt.settled_at.is_not(None))
        .where(CallAttempt.reserved_at.between(start, end), CallAttempt.agent_id.is_not(None))
        .execution_options(yield_per=ROWS_AT_ONCE)
    )
    for attempt in attempts:
        if attempt.connected_at is not None and attempt.agent_id is not None:
            day = local_date(attempt.connected_at, work.zones[attempt.agent_id])
            work.add(
                attempt.agent_id, attempt.campaign_id, day, calls=1, talk_seconds=round(attempt.talk_seconds)
            )


def _add_states(work: Rebuilding) -> None:
    for user_id, campaign_id, state, since, until in _stretches(work):
        column = SECONDS_OF.get(state)
        if column is None:
            continue
        for day, seconds in split_by_day(since, until, ZoneInfo(work.zones[user_id])):
            work.add(user_id, campaign_id, day, **{column: seconds})


def _stretches(work: Rebuilding) -> Iterator[tuple[int, int, str, datetime, datetime]]:
    start, end = work.moments
    changes = db.session.execute(
        select(
            AgentStateChange.user_id,
            AgentStateChange.campaign_id,
            AgentStateChange.state,
            AgentStateChange.at,
        )
        .where(AgentStateChange.at.between(start, end), AgentStateChange.campaign_id.is_not(None))
        .order_by(
            AgentStateChange.user_id, AgentStateChange.campaign_id, AgentStateChange.at, AgentStateChange.id
        )
    )
    for before, after in pairwise(changes):
        user_id, campaign_id, state, since = before
        if campaign_id is not None and (user_id, campaign_id) == (after[0], after[1]):
            yield user_id, campaign_id, state, since, after[3]


def _replace(work: Rebuilding) -> None:
    db.session.execute(delete(DailyResult).where(DailyResult.day.between(work.first, work.last)))
    rows = [
        {
            "user_id": user_id, "campaign_id": campaign_id, "day": day,
            "client_id": work.currencies[campaign_id][0], "currency": work.currencies[campaign_id][1], **values,
        }
        for (user_id, campaign_id, day), values in work.days.items()
    ]  # fmt: skip
    for start in range(0, len(rows), ROWS_AT_ONCE):
        db.session.execute(insert(DailyResult), rows[start : start + ROWS_AT_ONCE])
