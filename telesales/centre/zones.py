"""Time zones to choose from."""

import functools
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

REGIONS = ("Africa", "America", "Antarctica", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")


def is_time_zone(name: str) -> bool:
    """Tell whether the name is in the time zone database."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return bool(name)


@functools.cache
def zone_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """Return (region, [(name, label)]) for a select."""
    names = sorted(available_timezones())
    choices = [("UTC", [("UTC", "UTC")])]
    for region in REGIONS:
        inside = [name for name in names if name.startswith(f"{region}/")]
        choices.append((region, [(name, name.partition("/")[2].replace("_", " ")) for name in inside]))
    return choices
