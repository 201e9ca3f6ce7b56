"""A day's awards as the page shows them: frozen when the day is closed, else as they stand."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select

from telesales.agents.models import User
from telesales.calls.models import Sale, SaleCancellation
from telesales.extensions import db
from telesales.standings.models import Award, DayClose
from telesales.standings.queries.awards import row_figures, ruling_figures, winners_of
from telesales.standings.queries.day import standings_of
from telesales.standings.queries.recent import campaigns_at_work
from telesales.standings.queries.scope import Scope, same_day
from telesales.tenancy.scope import current_scope

CENTRE = "centre"


@dataclass(frozen=True, slots=True)
class ShownAward:
    """One award of one person."""

    kind: str
    place: int
    user_id: int
    figures: dict[str, Any]


@dataclass(frozen=True, slots=True)
class AwardedDay:
    """Everything about a day's awards. `closed_at` is empty while the day can still change."""

    day: date
    closed_at: datetime | None
    currency: str
    rows: list[dict[str, Any]]
    ruling: dict[str, Any]
    awards: list[ShownAward]
    names: dict[int, str]
    cancelled_since: int

    def of_kind(self, kind: str) -> list[ShownAward]:
        """Awards of a kind, by place."""
        return [award for award in self.awards if award.kind == kind]


def campaign_key(campaign_id: int) -> str:
    """Return the name of a campaign's own close."""
    return f"campaign:{campaign_id}"


def scope_of(scope_key: str) -> Scope:
    """Return whose results a close holds."""
    if scope_key == CENTRE:
        return Scope()
    return Scope(campaign_ids=(int(scope_key.removeprefix("campaign:")),))


def find_close(day: date, scope_key: str) -> DayClose | None:
    """Return the frozen day, if it is closed."""
    return db.session.scalar(select(DayClose).where(DayClose.day == day, DayClose.scope_key == scope_key))


def awarded_day(day: date, scope_key: str) -> AwardedDay:
    """Return a day's awards; the centre's frozen day is for people who may see every client."""
    wall = current_scope()
    is_walled = scope_key == CENTRE and wall is not None and wall.client_id is not None
    close = None if is_walled else find_close(day, scope_key)
    return _as_it_stands(day, scope_key) if close is None else _frozen(close)


def _frozen(close: DayClose) -> AwardedDay:
    awards = db.session.scalars(
        select(Award).where(Award.day_close_id == close.id).order_by(Award.kind, Award.place, Award.id)
    )
    figures = close.figures
    return AwardedDay(
        day=close.day,
        closed_at=close.closed_at,
        currency=figures["currency"],
        rows=figures["rows"],
        ruling=figures["most_improved"],
        awards=[ShownAward(award.kind, award.place, award.user_id, award.figures) for award in awards],
        names=_names(figures["rows"], figures["most_improved"]["entries"]),
        cancelled_since=_cancelled_since(close),
    )


def _as_it_stands(day: date, scope_key: str) -> AwardedDay:
    standings = standings_of(scope_of(scope_key), day)
    ruling = standings.improvements()
    rows = [row_figures(entry) for entry in standings.placed]
    figures = ruling_figures(ruling)
    return AwardedDay(
        day=day,
        closed_at=None,
        currency=standings.currency,
        rows=rows,
        ruling=figures,
        awards=[
            ShownAward(winner.kind.value, winner.place, winner.user_id, winner.figures)
            for winner in winners_of(standings, ruling)
        ],
        names=_names(rows, figures["entries"]),
        cancelled_since=0,
    )


def _names(*tables: Sequence[dict[str, Any]]) -> dict[int, str]:
    ids: Collection[int] = {entry["user_id"] for table in tables for entry in table}
    rows = db.session.execute(select(User.id, User.name, User.latin_name).where(User.id.in_(ids)))
    return {row.id: f"{row.name} {row.latin_name}".strip() for row in rows}


def _cancelled_since(close: DayClose) -> int:
    """Count sales of the day that were cancelled after it was frozen."""
    campaigns = campaigns_at_work(scope_of(close.scope_key), same_day(close.day))
    count = db.session.scalar(
        select(func.count(SaleCancellation.id))
        .join(Sale, Sale.id == SaleCancellation.sale_id)
        .where(Sale.campaign_id.in_(campaigns), Sale.day == close.day, SaleCancellation.at > close.closed_at)
    )
    return count or 0
