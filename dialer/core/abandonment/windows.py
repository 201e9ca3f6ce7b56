"""Stretches of time over which the law looks at a rate. Days and months are those of a time zone."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from enum import StrEnum

HOUR_SECONDS = 3600.0
ONE_DAY = timedelta(days=1)


class WindowKind(StrEnum):
    """How a window moves on."""

    SUCCESSIVE_DAYS = (
        "successive_days"  # so many local days from the campaign's first day, then the next so many
    )
    ROLLING_HOURS = "rolling_hours"
    CALENDAR_MONTH = "calendar_month"


@dataclass(frozen=True, slots=True)
class Window:
    """A kind and its length: days, hours or months."""

    kind: WindowKind
    length: int = 1

    def begins(self, at: float, zone: tzinfo, *, started_at: float | None = None) -> float:
        """When the window of a moment began. A campaign that was never started has the last days as its window."""
        if self.kind is WindowKind.ROLLING_HOURS:
            return at - self.length * HOUR_SECONDS
        today = local_day(at, zone)
        if self.kind is WindowKind.CALENDAR_MONTH:
            return midnight(today.replace(day=1), zone)
        return midnight(
            self._first_day(today, None if started_at is None else local_day(started_at, zone)), zone
        )

    def _first_day(self, today: date, started: date | None) -> date:
        if started is None or started > today:
            return today - (self.length - 1) * ONE_DAY
        periods = (today - started).days // self.length
        return started + periods * self.length * ONE_DAY


def local_day(at: float, zone: tzinfo) -> date:
    """The date in the zone."""
    return datetime.fromtimestamp(at, zone).date()


def midnight(day: date, zone: tzinfo) -> float:
    """When a local day begins, in seconds since 1970."""
    return datetime.combine(day, time(), zone).timestamp()


def local_day_start(at: float, zone: tzinfo) -> float:
    """When the local day of a moment began."""
    return midnight(local_day(at, zone), zone)
