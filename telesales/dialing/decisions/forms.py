"""What a browser may ask of the decisions: around which moment, and how long a stretch."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

SPANS = (15, 60, 240)  # minutes
EARLIEST_YEAR = 2000


@dataclass
class MomentForm:
    """A day and a time on the reader's clock; both empty: now."""

    day: str = ""
    time: str = ""
    span: str = str(SPANS[0])
    idle: str = ""  # also the decisions that placed nothing
    again: str = ""  # the hour that comes twice when the clocks go back: the second one
    errors: dict[str, str] = field(default_factory=dict)
    around: datetime | None = None

    @classmethod
    def read(cls, args: Mapping[str, str], *, zone: ZoneInfo, now: datetime) -> "MomentForm":
        """Read and check."""
        read = cls()
        for name in ("day", "time", "idle", "again"):
            setattr(read, name, args.get(name, "").strip())
        read.span = args.get("span", "").strip() or read.span
        if read.span not in map(str, SPANS):
            read.errors["span"] = _("Choose one.")
        read._find_moment(zone, now.astimezone(zone))
        return read

    @property
    def length(self) -> timedelta:
        """How long a stretch is shown; only after a check without errors."""
        return timedelta(minutes=int(self.span))

    def stretch(self, now: datetime) -> tuple[datetime, datetime]:
        """From when until when: around the moment, but not beyond now."""
        until = min(now, (self.around or now) + self.length / 2)
        return until - self.length, until

    def _find_moment(self, zone: ZoneInfo, now: datetime) -> None:
        if not self.day and not self.time:
            self.day, self.time = now.date().isoformat(), f"{now:%H:%M}"
            return
        self.day = self.day or now.date().isoformat()
        day, clock_time = _day(self.day), _time(self.time)
        if day is None:
            self.errors["day"] = _("Write a date such as 2026-11-21.")
        elif day > now.date():
            self.errors["day"] = _("Choose a day that has begun.")
        if clock_time is None:
            self.errors["time"] = _("Write a time such as 10:42.")
        if day and clock_time and not self.errors.get("day"):
            wall = datetime.combine(day, clock_time, zone).replace(fold=1 if self.again else 0)
            self.around = wall.astimezone(UTC)

    def comes_twice(self, zone: ZoneInfo) -> bool:
        """True when the clocks went back over this time of day."""
        if self.around is None:
            return False
        wall = self.around.astimezone(zone)
        return wall.replace(fold=0).utcoffset() != wall.replace(fold=1).utcoffset()


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if EARLIEST_YEAR <= found.year < 2100 else None


def _time(text: str) -> time | None:
    try:
        found = time.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo is None else None
