"""A chart of one figure by number of agents: places in a drawing. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from telesales.whatif.outcome import Outcome
from telesales.whatif.ranges import Interval

WIDTH, HEIGHT = 640, 220
LEFT, RIGHT, TOP, BOTTOM = 52, 12, 12, 28
BESIDE = 84  # at the right: where the limit is named, no mark stands in its way
STEPS = 4


@dataclass(frozen=True, slots=True)
class Mark:
    """One number of agents: the mean and the ends of its interval, where it has one."""

    agents: int
    x: float
    y: float
    y_low: float | None
    y_high: float | None
    value: Interval


@dataclass(frozen=True, slots=True)
class Chart:
    """Marks and horizontal lines: (y, value)."""

    figure: str
    marks: Sequence[Mark]
    lines: Sequence[tuple[float, float]]
    limit: tuple[float, float] | None = None  # (y, value)
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    bottom: int = HEIGHT - BOTTOM

    @property
    def path(self) -> str:
        """The line through the means."""
        return " ".join(f"{mark.x:.1f},{mark.y:.1f}" for mark in self.marks)


def draw_chart(found: Sequence[Outcome], figure: str, *, limit: float | None = None) -> Chart:
    """Place the `figure` (occupancy or abandonment) of every outcome, and a limit; the axis begins at 0."""
    values = [(outcome.agents, getattr(outcome, figure)) for outcome in found]
    ends = [value.ends or (value.mean, value.mean) for _, value in values]
    top = _round_up(max([high for _, high in ends] + [limit or 0.0]))
    right = WIDTH - (RIGHT if limit is None else BESIDE)
    step = (right - LEFT) / max(1, len(values))

    def y(share: float) -> float:
        return round(HEIGHT - BOTTOM - share / top * (HEIGHT - TOP - BOTTOM), 1)

    def mark(place: int, agents: int, value: Interval) -> Mark:
        low, high = (y(end) for end in value.ends) if value.ends else (None, None)
        return Mark(agents, round(LEFT + (place + 0.5) * step, 1), y(value.mean), low, high, value)

    marks = [mark(place, agents, value) for place, (agents, value) in enumerate(values)]
    lines = [(y(top * nth / STEPS), top * nth / STEPS) for nth in range(STEPS + 1)]
    return Chart(figure, marks, lines, None if limit is None else (y(limit), limit), right=right)


def _round_up(share: float) -> float:
    """The top of the axis: 100 % for what is large, a few percent for what is small."""
    return next((top for top in (0.01, 0.02, 0.04, 0.08, 0.2, 0.4) if share <= top), 1.0)
