"""One thing that happened, and how things that happened follow each other. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

LONG = 10.0  # seconds without anything: marked in a call


@dataclass(frozen=True, slots=True)
class Link:
    """Where more of it stands."""

    endpoint: str
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Moment:
    """Something happened. `kind` names its sentence, `facts` fill it; nobody named: the dialer or the network did it."""

    at: datetime
    kind: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    who: int | None = None  # a person
    name: str = ""  # of the person, once it is known; or of a part of the program
    link: Link | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A moment as it stands on the page."""

    moment: Moment
    after: float | None  # seconds since the one before; None for the first
    is_gap: bool
    heard_at: float | None = None  # seconds into the recording


def in_order(*groups: Iterable[Moment]) -> list[Moment]:
    """All moments, oldest first; what came at once keeps the order of its groups."""
    return sorted((moment for group in groups for moment in group), key=lambda moment: moment.at)


def lines(
    moments: Sequence[Moment], *, long: float = LONG, recorded: tuple[datetime, float] | None = None
) -> list[Line]:
    """Moments with what lies between them. `recorded`: when the recording began, and how many seconds it has."""
    found: list[Line] = []
    before: datetime | None = None
    for moment in moments:
        after = None if before is None else (moment.at - before).total_seconds()
        is_gap = after is not None and after >= long
        found.append(Line(moment, after, is_gap, _heard_at(moment.at, recorded)))
        before = moment.at
    return found


def _heard_at(at: datetime, recorded: tuple[datetime, float] | None) -> float | None:
    if recorded is None:
        return None
    since = (at - recorded[0]).total_seconds()
    return since if 0 <= since <= recorded[1] else None


def latest(groups: Iterable[Sequence[Moment]], count: int) -> tuple[list[Moment], datetime | None]:
    """The newest `count` moments of groups that each gave their newest, more than `count`, and where the next page goes on.

    What happened at the same time as the last one belongs to this page too: the next begins strictly before it.
    """
    known = list(groups)
    found = sorted(
        (moment for group in known for moment in group), key=lambda moment: moment.at, reverse=True
    )
    if len(found) <= count:
        return found, None
    last = found[count - 1].at
    page = [moment for moment in found if moment.at >= last]
    has_older = len(page) < len(found) or any(len(group) > count for group in known)
    return page, last if has_older else None
