"""The time zone of this machine, as the demo's centre is where the visitor is."""

import os
from pathlib import Path
from zoneinfo import available_timezones

LOCALTIME = Path("/etc/localtime")
FALLBACK = "UTC"
SAME_AS_UTC = {
    "Etc/UTC",
    "Etc/UCT",
    "Etc/Universal",
    "Etc/Zulu",
    "UCT",
    "Universal",
    "Zulu",
}  # one name for it


def local_zone() -> str:
    """Name of the machine's zone; UTC when it cannot be told."""
    known = available_timezones() - SAME_AS_UTC
    wanted = [os.environ.get("TZ", "").lstrip(":"), *_linked()]
    return next((name for name in wanted if name in known), FALLBACK)


def _linked() -> list[str]:
    """The zone that /etc/localtime points at: …/zoneinfo/Europe/Berlin."""
    if not LOCALTIME.is_symlink():
        return []
    return [LOCALTIME.resolve().as_posix().partition("zoneinfo/")[2]]
