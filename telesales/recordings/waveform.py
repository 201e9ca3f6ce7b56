"""What the page draws of a call: lanes of loudness on one line of time, and the gaps. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from telesales.recordings.rules import Gap

WIDTH = 1_000  # units of the drawing
HEIGHT = 100
COLUMNS = 500
QUIETEST_SCALE = 24  # of 255: below it nothing is made to look louder
FLOOR = 0.6  # silence is a thin line


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a call that can be played."""

    recording_id: int
    side: str
    started_at: datetime
    seconds: float
    peaks: bytes


@dataclass(frozen=True, slots=True)
class Lane:
    """A side's outline, and where it lies on the line of time."""

    recording_id: int
    side: str
    outline: str  # of an SVG path
    offset: float  # seconds after the beginning
    seconds: float


@dataclass(frozen=True, slots=True)
class Timeline:
    """Every side on one line of time."""

    started_at: datetime
    seconds: float
    lanes: Sequence[Lane]


def timeline_of(sides: Sequence[Side]) -> Timeline:
    """Lay the sides beside each other; the earliest begins at 0."""
    started_at = min(side.started_at for side in sides)
    offsets = [(side.started_at - started_at).total_seconds() for side in sides]
    seconds = max(offset + side.seconds for offset, side in zip(offsets, sides, strict=True))
    lanes = [
        Lane(side.recording_id, side.side, _outline(side, offset, seconds), offset, side.seconds)
        for offset, side in zip(offsets, sides, strict=True)
    ]
    return Timeline(started_at, seconds, lanes)


def _outline(side: Side, offset: float, seconds: float) -> str:
    peaks = _columns(side.peaks)
    if not peaks or seconds <= 0:
        return ""
    scale = (HEIGHT / 2) / max(*peaks, QUIETEST_SCALE)
    left, step = offset / seconds * WIDTH, side.seconds / seconds * WIDTH / len(peaks)
    points = [(left + (n + 0.5) * step, max(FLOOR, peak * scale)) for n, peak in enumerate(peaks)]
    middle = HEIGHT / 2
    above = [f"{x:.1f} {middle - y:.1f}" for x, y in points]
    below = [f"{x:.1f} {middle + y:.1f}" for x, y in reversed(points)]
    return f"M{'L'.join([*above, *below])}Z"


def _columns(peaks: bytes) -> list[int]:
    """At most so many as can be seen; the loudest of each column."""
    step = -(-len(peaks) // COLUMNS) or 1
    return [max(peaks[at : at + step]) for at in range(0, len(peaks), step)]


@dataclass(frozen=True, slots=True)
class DrawnGap:
    """A gap with its place in the drawing."""

    first: float
    last: float
    x: float
    width: float


def drawn_gaps(gaps: Sequence[Gap], seconds: float) -> Sequence[DrawnGap]:
    """Gaps in units of the drawing."""
    return [
        DrawnGap(gap.first, gap.last, gap.first / seconds * WIDTH, (gap.last - gap.first) / seconds * WIDTH)
        for gap in gaps
        if seconds > 0
    ]
