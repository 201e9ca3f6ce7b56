"""Whose results, on which days."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute

from telesales.agents.models import User
from telesales.calls.daily import DailyResult
from telesales.calls.models import Sale
from telesales.centre import service as centre
from telesales.extensions import db
from telesales.standings.rules.days import Span, days_of, local_date

Day = InstrumentedAttribute[date]


@dataclass(frozen=True, slots=True)
class Scope:
    """Which results count; what is None does not limit. The client's wall stands besides (see `tenancy`)."""

    campaign_ids: tuple[int, ...] | None = None
    team_id: int | None = None

    def of_results(self) -> ColumnElement[bool]:
        """Limit a query over `DailyResult` and `User`."""
        return and_(self._campaigns(DailyResult.campaign_id), self._team())

    def of_sales(self) -> ColumnElement[bool]:
        """Limit a query over `Sale` and `User`."""
        return and_(self._campaigns(Sale.campaign_id), self._team())

    def _campaigns(self, column: InstrumentedAttribute[int]) -> ColumnElement[bool]:
        return true() if self.campaign_ids is None else column.in_(self.campaign_ids)

    def _team(self) -> ColumnElement[bool]:
        return true() if self.team_id is None else User.team_id == self.team_id


@dataclass(frozen=True, slots=True)
class OwnDays:
    """For each zone that agents live in ("" is the centre's): the first and the last local date that count."""

    by_zone: Mapping[str, tuple[date, date]]

    @property
    def first(self) -> date:
        """The earliest day anywhere."""
        return min(first for first, _last in self.by_zone.values())

    @property
    def last(self) -> date:
        """The latest day anywhere."""
        return max(last for _first, last in self.by_zone.values())

    def includes(self, day: Day) -> ColumnElement[bool]:
        """Limit a query that joins `User` to each agent's own days."""
        overall = day.between(self.first, self.last)
        if len(set(self.by_zone.values())) == 1:
            return overall
        own = [
            and_(User.time_zone == zone, day.between(first, last))
            for zone, (first, last) in self.by_zone.items()
        ]
        return and_(overall, or_(*own))

    def last_of(self, zone: str) -> date:
        """The last day of agents who live in the zone."""
        return self.by_zone[zone][1]


def agents_zones() -> set[str]:
    """Zones as they are stored with people who have, or may have, results; "" is the centre's."""
    return {"", *db.session.scalars(select(User.time_zone).distinct())}


def resolved(zone: str) -> str:
    """Return the zone's name."""
    return zone or centre.settings().time_zone


def own_days(span: Span, at: datetime) -> OwnDays:
    """Return everybody's days of a span, as it is on each wall at that moment."""
    house = centre.settings().time_zone
    return OwnDays({zone: days_of(span, local_date(at, zone or house)) for zone in agents_zones()})


def same_day(day: date) -> OwnDays:
    """Return one date for everybody, each on the own wall."""
    return OwnDays(dict.fromkeys(agents_zones(), (day, day)))
