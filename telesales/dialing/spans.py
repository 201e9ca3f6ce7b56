"""How a stretch of time falls on local days. Pure."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo


def split_by_day(since: datetime, until: datetime, zone: ZoneInfo) -> Iterator[tuple[date, int]]:
    """Local days of a stretch with the seconds on each. Stretches that meet add up to the second."""
    while since < until:
        day = since.astimezone(zone).date()
        midnight = datetime.combine(day + timedelta(days=1), time(), zone)
        end = min(until, midnight.astimezone(until.tzinfo))
        if end <= since:
            return
        seconds = int(end.timestamp()) - int(since.timestamp())
        if seconds:
            yield day, seconds
        since = end
