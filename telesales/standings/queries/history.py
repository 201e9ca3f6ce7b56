"""Earlier worked days: what today is compared with."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select, true

from telesales.agents.models import User
from telesales.calls.daily import DailyResult
from telesales.extensions import db
from telesales.standings.queries.scope import OwnDays, Scope
from telesales.standings.queries.totals import SIGNED_IN
from telesales.standings.rules.goals import usual_seconds
from telesales.standings.rules.improvement import BASELINE_DAYS, DayFigures, PersonRecord

LOOK_BACK = timedelta(days=60)  # twenty worked days of somebody who works three days a week


@dataclass(frozen=True, slots=True)
class WorkedDay:
    """One agent's day over all campaigns in scope."""

    figures: DayFigures
    signed_in_s: int


@dataclass(slots=True)
class Past:
    """One agent's days up to and including the day in question, oldest first."""

    hired_on: date | None
    days: list[WorkedDay]


def load_past(scope: Scope, today: OwnDays, *, user_id: int | None = None) -> dict[int, tuple[date, Past]]:
    """Return, by agent (or for one), the day in question and the days of the last two months."""
    since = today.first - LOOK_BACK
    people = true() if user_id is None else DailyResult.user_id == user_id
    rows = db.session.execute(
        select(
            User.id, User.time_zone, User.hired_on, DailyResult.day,
            func.sum(DailyResult.sales), func.sum(DailyResult.calls), func.sum(SIGNED_IN),
        )
        .join(User, User.id == DailyResult.user_id)
        .where(DailyResult.day.between(since, today.last), scope.of_results(), people)
        .group_by(User.id, DailyResult.day)
        .order_by(DailyResult.day)
    )  # fmt: skip
    found: dict[int, tuple[date, Past]] = {}
    for agent_id, zone, hired_on, day, sales, calls, signed_in in rows:
        _own_day, past = found.setdefault(agent_id, (today.last_of(zone), Past(hired_on, [])))
        past.days.append(WorkedDay(DayFigures(day, int(sales), int(calls)), int(signed_in)))
    return found


def records_of(past: Mapping[int, tuple[date, Past]], *, since: date) -> list[PersonRecord]:
    """Return what the most improved is found from; a worked day is one with a contact."""
    return [_record(user_id, day, own, since=since) for user_id, (day, own) in past.items()]


def _record(user_id: int, day: date, past: Past, *, since: date) -> PersonRecord:
    figures = [worked.figures for worked in past.days]
    return PersonRecord(
        user_id,
        today=next((entry for entry in figures if entry.day == day), None),
        before=tuple(entry for entry in figures if entry.day < day and entry.contacts > 0),
        from_first_day=past.hired_on is not None and past.hired_on >= since,
    )


def usual_day_of(past: tuple[date, Past] | None) -> int:
    """Return how long somebody is usually signed in on a day, in seconds."""
    if past is None:
        return usual_seconds([])
    day, own = past
    earlier = [worked.signed_in_s for worked in own.days if worked.figures.day < day and worked.signed_in_s]
    return usual_seconds(earlier[-BASELINE_DAYS:])
