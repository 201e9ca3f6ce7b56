"""A day belongs to the person: it is the local date of the agent."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

CLOSE_AFTER = timedelta(minutes=15)  # calls over midnight are settled by then
ONE_DAY = timedelta(days=1)


class Span(StrEnum):
    """How long a leaderboard looks back."""

    TODAY = "today"
    WEEK = "week"
    MONTH = "month"


def local_date(at: datetime, zone: str) -> date:
    """Return the date on the wall of that zone."""
    return at.astimezone(ZoneInfo(zone)).date()


def local_clock(at: datetime, zone: str) -> time:
    """Return the time on the wall of that zone, to the second."""
    return at.astimezone(ZoneInfo(zone)).time().replace(microsecond=0, fold=0)


def days_of(span: Span, today: date) -> tuple[date, date]:
    """Return first and last day: weeks begin on Monday, and nothing lies in the future."""
    if span is Span.TODAY:
        return today, today
    first = today - timedelta(days=today.weekday()) if span is Span.WEEK else today.replace(day=1)
    return first, today


def last_finished_day(at: datetime, zones: Iterable[str]) -> date:
    """Return the last day that is over, with the time to settle it, in every zone."""
    return min(local_date(at - CLOSE_AFTER, zone) for zone in zones) - ONE_DAY


@dataclass(frozen=True, slots=True)
class FirstSale:
    """An agent's first sale of a day."""

    user_id: int
    at: datetime
    zone: str

    @property
    def on_the_wall(self) -> time:
        """The agent's own time of day."""
        return local_clock(self.at, self.zone)


def first_sales(sales: Iterable[FirstSale]) -> list[FirstSale]:
    """Return who sold first by the clock on the own wall; the same second is a tie."""
    known = list(sales)
    earliest = min((sale.on_the_wall for sale in known), default=None)
    return [sale for sale in known if sale.on_the_wall == earliest]
