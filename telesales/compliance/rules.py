"""When a person may be called. Pure; what is not certainly allowed is not allowed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY_MINUTES = 24 * 60
HORIZON_DAYS = 8
ZONE_SEPARATOR = "|"

Window = tuple[int, int]  # minutes since local midnight; an end at or before its start is on the next day
HoursJson = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class CallingHours:
    """Windows by weekday (0 is Monday), in the zone of the person who is called."""

    windows: tuple[tuple[Window, ...], ...]

    @classmethod
    def from_json(cls, value: HoursJson) -> "CallingHours":
        """Read {"mon": [["08:00", "21:00"]], …}. A day that cannot be read is closed."""
        return cls(tuple(_read_day(value.get(day)) for day in WEEKDAYS))

    def is_open(self, weekday: int, minute: int) -> bool:
        """Say whether a local minute of the week is inside a window, also one that began the day before."""
        today, yesterday = self.windows[weekday], self.windows[weekday - 1]
        return any(start <= minute < (end if end > start else DAY_MINUTES) for start, end in today) or any(
            end <= start and minute < end for start, end in yesterday
        )


def _read_day(pairs: object) -> tuple[Window, ...]:
    if not isinstance(pairs, Sequence) or isinstance(pairs, str):
        return ()
    found: list[Window] = []
    for pair in pairs:
        try:
            start, end = (_read_minutes(text) for text in pair)
        except (ValueError, TypeError, AttributeError):
            return ()
        if start != end:
            found.append((start, end))
    return tuple(found)


def _read_minutes(text: str) -> int:
    hours, minutes = (int(part) for part in text.split(":"))
    total = hours * 60 + minutes
    if not (0 <= hours <= 24 and 0 <= minutes < 60 and total <= DAY_MINUTES):
        raise ValueError(text)
    return total


LEGAL_FROM, LEGAL_TO = 8 * 60, 21 * 60  # 16 CFR 310.4(c), 47 CFR 64.1200(c)(1): 8 a.m. to 9 p.m.
LEGAL_HOURS = CallingHours((((LEGAL_FROM, LEGAL_TO),),) * 7)


def hours_of(value: CallingHours | HoursJson) -> CallingHours:
    """Take hours as they are stored or as they are."""
    return value if isinstance(value, CallingHours) else CallingHours.from_json(value)


def legal_hours(value: CallingHours | HoursJson, *, is_demo: bool = False) -> CallingHours:
    """The hours cut to what the law allows; a demo calls nobody and may move all night."""
    hours = hours_of(value)
    return hours if is_demo else CallingHours(tuple(map(_cut, hours.windows, LEGAL_HOURS.windows)))


def _cut(windows: tuple[Window, ...], bounds: tuple[Window, ...]) -> tuple[Window, ...]:
    """What lies inside the bounds; a window over midnight keeps the evening, the morning after is another day's."""
    pieces: list[Window] = []
    for start, end in windows:
        last = end if end > start else DAY_MINUTES
        for low, high in bounds:
            if max(start, low) < min(last, high):
                pieces.append((max(start, low), min(last, high)))
    return tuple(pieces)


def zones_of_key(zone_key: str) -> tuple[str, ...]:
    """Zones of a lead's key."""
    return tuple(zone_key.split(ZONE_SEPARATOR)) if zone_key else ()


def key_of_zones(zones: Iterable[str]) -> str:
    """The key under which leads with the same zones are found."""
    return ZONE_SEPARATOR.join(sorted(set(zones)))


@lru_cache(maxsize=1024)
def find_zone(name: str) -> ZoneInfo | None:
    """The zone, None when there is none of this name."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def is_calling_hour(at: datetime, zone_key: str, hours: CallingHours | HoursJson) -> bool:
    """True when `at` is inside the hours in every zone of the key; an unknown zone is never inside."""
    zones = zones_of_key(zone_key)
    week = hours_of(hours)
    return bool(zones) and all(_is_open_in(at, name, week) for name in zones)


def _is_open_in(at: datetime, name: str, hours: CallingHours) -> bool:
    zone = find_zone(name)
    if zone is None:
        return False
    local = at.astimezone(zone)
    return hours.is_open(local.weekday(), local.hour * 60 + local.minute)


def open_zone_keys(at: datetime, zone_keys: Iterable[str], hours: CallingHours | HoursJson) -> list[str]:
    """The keys whose leads may be called at `at`; each zone is looked at once."""
    week = hours_of(hours)
    seen: dict[str, bool] = {}

    def is_open(name: str) -> bool:
        if name not in seen:
            seen[name] = _is_open_in(at, name, week)
        return seen[name]

    return [key for key in zone_keys if key and all(map(is_open, zones_of_key(key)))]


def next_opening(at: datetime, zone_key: str, hours: CallingHours | HoursJson) -> datetime | None:
    """The first moment from `at` on at which the lead may be called; None when there is none within a week."""
    week = hours_of(hours)
    if is_calling_hour(at, zone_key, week):
        return at.astimezone(UTC)
    zones = [find_zone(name) for name in zones_of_key(zone_key)]
    openings = sorted({moment for zone in zones if zone for moment in _openings(at, zone, week)})
    return next((moment for moment in openings if is_calling_hour(moment, zone_key, week)), None)


def _openings(at: datetime, zone: ZoneInfo, hours: CallingHours) -> set[datetime]:
    """Moments after `at` at which some window begins in this zone, also by the clock being turned."""
    first = at.astimezone(zone).date() - timedelta(days=1)
    moments: set[datetime] = set()
    for offset in range(HORIZON_DAYS + 2):
        day = first + timedelta(days=offset)
        for start, _end in hours.windows[day.weekday()]:
            moments |= _moments_of(day, start, zone)
        moments |= _moments_of(day, 0, zone)  # a window over midnight may be all that is left
    return {moment for moment in moments if moment > at}


def _moments_of(day: date, minute: int, zone: ZoneInfo) -> set[datetime]:
    """UTC moments of a local time: two when the clock shows it twice, the minutes of the gap when it never does."""
    wall = datetime.combine(day, time()) + timedelta(minutes=minute)
    early, late = sorted(wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    if early == late:
        return {early}
    if early.astimezone(zone).replace(tzinfo=None) == wall:
        return {early, late}
    minutes = int((late - early).total_seconds()) // 60
    return {early + timedelta(minutes=step) for step in range(minutes + 1)}
