"""Pure decisions about recordings."""

import hashlib
from collections.abc import Iterable
from datetime import datetime
from operator import attrgetter
from typing import NamedTuple

SHORTEST_GAP = 0.05  # seconds


def is_in_share(attempt_id: int, percent: int) -> bool:
    """Whether a call is one of so many percent: decided by its number alone, so that asked again it is the same."""
    digest = hashlib.sha256(f"recording {attempt_id}".encode()).digest()
    return int.from_bytes(digest[:4], "big") * 100 < percent * 2**32


class Pause(NamedTuple):
    """One line of the log of pauses: paused for so many seconds at most, or (0) taken up again."""

    at: datetime
    seconds: int


class Gap(NamedTuple):
    """A part of a recording in which nothing was recorded, in seconds from its beginning."""

    first: float
    last: float


def gaps_of(pauses: Iterable[Pause], *, started_at: datetime, length: float) -> list[Gap]:
    """Where the recording stands still: a pause lasts until it is taken back or over; pauses may follow each other."""
    found: list[Gap] = []
    for pause in sorted(pauses, key=attrgetter("at")):
        at = (pause.at - started_at).total_seconds()
        if found and at <= found[-1].last:
            last = at + pause.seconds if pause.seconds else at
            found[-1] = Gap(found[-1].first, max(found[-1].first, last))
        elif pause.seconds:
            found.append(Gap(at, at + pause.seconds))
    cut = [Gap(max(0.0, gap.first), min(length, gap.last)) for gap in found]
    return [gap for gap in cut if gap.last - gap.first >= SHORTEST_GAP]


class Heard(NamedTuple):
    """A piece that was sent to somebody."""

    name: str
    kind: str
    side: str
    play: str
    at: datetime
    first: float
    last: float


class Hearing(NamedTuple):
    """What somebody was sent of one side in one visit."""

    name: str
    kind: str
    side: str
    at: datetime
    parts: tuple[Gap, ...]


def hearings_of(pieces: Iterable[Heard]) -> list[Hearing]:
    """Pieces of one visit together, parts that touch joined; the newest visit first."""
    visits: dict[tuple[str, str, str, str], list[Heard]] = {}
    for piece in pieces:
        visits.setdefault((piece.name, piece.kind, piece.side, piece.play), []).append(piece)
    found = [
        Hearing(name, kind, side, min(piece.at for piece in of_visit), _joined(of_visit))
        for (name, kind, side, _play), of_visit in visits.items()
    ]
    return sorted(found, key=attrgetter("at"), reverse=True)


def _joined(pieces: Iterable[Heard]) -> tuple[Gap, ...]:
    joined: list[Gap] = []
    for piece in sorted(pieces, key=attrgetter("first")):
        if joined and piece.first <= joined[-1].last + SHORTEST_GAP:
            joined[-1] = Gap(joined[-1].first, max(joined[-1].last, piece.last))
        else:
            joined.append(Gap(piece.first, piece.last))
    return tuple(joined)
