"""Who may manage whom, how long sign-ins last and wait, and what a password must be."""

import re
import unicodedata
from collections.abc import Collection
from datetime import datetime, timedelta
from enum import StrEnum

from telesales.access.roles import MANAGERS, PEOPLE, Role

IDLE_LIMIT = timedelta(hours=12)
SESSION_LIMIT = timedelta(days=7)
SIGN_INS_KEPT = timedelta(days=30)
SEEN_EVERY = timedelta(minutes=1)
LINK_STAYS_FRESH = timedelta(hours=1)
FAILURES_BEFORE_LOCK = 5
LOCK_MINUTES = (1, 5, 15, 30, 60)
PASSWORD_LENGTH = 12
PASSWORD_LENGTH_LIMIT = 200
FEWEST_DIFFERENT_CHARACTERS = 5
SHORTEST_NAME_PART = 4


def lock_after(failures: int) -> timedelta | None:
    """Return how long sign-in waits after this many failures in a row."""
    if failures < FAILURES_BEFORE_LOCK:
        return None
    step = min(failures - FAILURES_BEFORE_LOCK, len(LOCK_MINUTES) - 1)
    return timedelta(minutes=LOCK_MINUTES[step])


def is_session_alive(*, now: datetime, last_seen_at: datetime, expires_at: datetime) -> bool:
    """Tell whether neither the idle limit nor the total limit has passed."""
    return now < expires_at and now - last_seen_at < IDLE_LIMIT


def is_link_fresh(age: timedelta) -> bool:
    """Tell whether a sign-in by link still stands for the current password."""
    return age < LINK_STAYS_FRESH


def manageable_roles(actor: Role) -> tuple[Role, ...]:
    """Return the roles that this person may give, and whose people they may edit."""
    if actor not in MANAGERS:
        return ()
    return tuple(role for role in PEOPLE if role is not Role.ADMINISTRATOR or actor is Role.ADMINISTRATOR)


def may_manage(actor: Role, target: Role) -> bool:
    """Tell whether `actor` may edit people of the role `target`."""
    return target in manageable_roles(actor)


class PasswordProblem(StrEnum):
    """Why a password is refused."""

    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    TOO_PLAIN = "too_plain"
    TOO_COMMON = "too_common"
    NAMES_THE_PERSON = "names_the_person"


def normal_password(password: str) -> str:
    """Make the same typed characters the same text on every keyboard."""
    return unicodedata.normalize("NFKC", password)


def password_problem(
    password: str, *, about_person: Collection[str], common: Collection[str]
) -> PasswordProblem | None:
    """Return the first thing that is wrong with a password."""
    folded = normal_password(password).casefold()
    if len(folded) < PASSWORD_LENGTH:
        return PasswordProblem.TOO_SHORT
    if len(folded) > PASSWORD_LENGTH_LIMIT:
        return PasswordProblem.TOO_LONG
    if len(set(folded)) < FEWEST_DIFFERENT_CHARACTERS:
        return PasswordProblem.TOO_PLAIN
    if folded in common or folded.rstrip("0123456789!?.") in common:
        return PasswordProblem.TOO_COMMON
    if any(part in folded for part in _telling_parts(about_person)):
        return PasswordProblem.NAMES_THE_PERSON
    return None


def _telling_parts(texts: Collection[str]) -> set[str]:
    parts = {part for text in texts for part in re.split(r"[\W_]+", text.casefold())}
    return {part for part in parts if len(part) >= SHORTEST_NAME_PART}


_BROWSERS = (
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("Android", "Android"), ("iPhone", "iOS"), ("iPad", "iPadOS"), ("Windows", "Windows"), ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"), ("Linux", "Linux"),
)  # fmt: skip


def device_of(user_agent: str) -> tuple[str, str]:
    """Return browser and system as people call them; empty when unknown."""
    browser = next((name for mark, name in _BROWSERS if mark in user_agent), "")
    system = next((name for mark, name in _SYSTEMS if mark in user_agent), "")
    return browser, system
