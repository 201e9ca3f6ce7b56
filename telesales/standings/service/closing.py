"""Closing a day: its leaderboard and awards are frozen once, and never change again."""

from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from telesales import clock
from telesales.audit.service import record
from telesales.calls.daily import DailyResult
from telesales.extensions import db
from telesales.standings.models import Award, DayClose
from telesales.standings.queries.awarded import CENTRE, campaign_key, find_close, scope_of
from telesales.standings.queries.awards import row_figures, ruling_figures, winners_of
from telesales.standings.queries.day import DayStandings, standings_of
from telesales.standings.queries.scope import agents_zones, resolved
from telesales.standings.rules.days import last_finished_day
from telesales.standings.rules.improvement import Ruling
from telesales.tenancy.scope import every_client

CATCH_UP = timedelta(days=35)  # a centre that was switched off for a month still closes its days


def close_day(day: date, scope_key: str = CENTRE) -> DayClose:
    """Freeze a day. Closed twice, or by two at once, it is closed once."""
    closed = find_close(day, scope_key)
    if closed is not None:
        return closed
    with every_client():
        standings = standings_of(scope_of(scope_key), day)
        ruling = standings.improvements()
    close = DayClose(day=day, scope_key=scope_key, closed_at=clock.now(), figures=_figures(standings, ruling))
    try:
        with db.session.begin_nested():
            db.session.add(close)
    except IntegrityError:
        return db.session.scalars(
            select(DayClose).where(DayClose.day == day, DayClose.scope_key == scope_key)
        ).one()
    for winner in winners_of(standings, ruling):
        db.session.add(
            Award(
                day_close_id=close.id,
                kind=winner.kind.value,
                place=winner.place,
                user_id=winner.user_id,
                figures=winner.figures,
            )
        )
    record("day.closed", close, day=day.isoformat(), scope=scope_key)
    db.session.flush()
    return close


def _figures(standings: DayStandings, ruling: Ruling) -> dict[str, object]:
    return {
        "currency": standings.currency,
        "rows": [row_figures(entry) for entry in standings.placed],
        "most_improved": ruling_figures(ruling),
    }


def list_open_days() -> list[tuple[date, str]]:
    """Return finished days with work that nobody has closed yet, oldest first."""
    last = last_finished_day(clock.now(), [resolved(zone) for zone in agents_zones()])
    first = last - CATCH_UP
    with every_client():
        worked = db.session.execute(
            select(DailyResult.day, DailyResult.campaign_id)
            .where(DailyResult.day.between(first, last))
            .distinct()
        ).all()
    wanted = {(day, CENTRE) for day, _campaign_id in worked}
    wanted |= {(day, campaign_key(campaign_id)) for day, campaign_id in worked}
    closed = db.session.execute(
        select(DayClose.day, DayClose.scope_key).where(DayClose.day.between(first, last))
    )
    return sorted(wanted - {(day, key) for day, key in closed})
