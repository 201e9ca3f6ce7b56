"""People answered and abandoned half hour by half hour, and how much risk that leaves for the next call.

Half hours are those of reports: they begin on the hour and at thirty minutes past it (UTC). The thirty minutes that
end now have a looser bound, so that the end of one and the beginning of the next are no burst together.
"""

import math
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dialer.core.abandonment import Tally

HALF_HOUR = 1800.0
SLOT = 30.0
RAMP = 600.0  # seconds: who begins abandons hardly anybody, and what that leaves is not saved up
LIMIT = 0.058  # no half hour above it: kept clear of 6 %, for people still ring when it is reached
ROLLING_LIMIT = 0.07  # ... nor any other thirty minutes above this
ANSWERED = 50  # ... counted as if at least so many had answered
DOUBT = 1.5  # standard deviations: so many people fewer are expected than answered lately
NEAR = 2.2  # people: with less room left the risk shrinks ...
USUAL = 0.036  # ... or than this share of the people to come: what they cost, and a fifth more ...
PART = 0.2  # ... or than this part of all: many are on the way to a large floor ...
LEAST_SHARE = 0.03  # ... to this share, when one person more would be too many


@dataclass(frozen=True, slots=True)
class HalfHour:
    """Where a half hour stands."""

    current: Tally  # since it began; since the floor had settled, if that was later
    rolling: Tally  # of the thirty minutes that end now
    left: float  # share of it that is still to come

    @property
    def room(self) -> float:
        """How many more people could be abandoned before it is above its limit."""
        return min(allowed - abandoned for allowed, abandoned, _ in self._bounds)

    @property
    def share(self) -> float:
        """How much of the risk the next call may carry.

        Without room the next call is nearly sure to have its agent: dialing a little ahead of agents who are about to
        be free keeps them far busier than one call per ready agent.
        """
        return min(_share(*bound) for bound in self._bounds)

    @property
    def _bounds(self) -> tuple[tuple[int, int, float], tuple[int, int, float]]:
        """Of the half hour and of the last thirty minutes: people who may be abandoned, who were, who are to answer."""
        coming = self.left * self.rolling.answered
        expected = self.current.answered + coming - DOUBT * math.sqrt(coming)
        return (
            (int(LIMIT * max(expected, ANSWERED)), self.current.abandoned, coming),
            (int(ROLLING_LIMIT * max(self.rolling.answered, ANSWERED)), self.rolling.abandoned, 0.0),
        )


class HalfHours:
    """Counts people in slots of half a minute."""

    def __init__(self) -> None:
        self._slots: deque[list[float]] = deque()  # [slot start, answered, abandoned]
        self._settled = -math.inf  # when the floor that began last was past its ramp

    def add(self, t: float, *, answered: int = 0, abandoned: int = 0) -> None:
        """Count people at a time."""
        start = t - t % SLOT
        if not self._slots or self._slots[-1][0] < start:
            if not self._slots or self._slots[-1][0] < start - HALF_HOUR:
                self._settled = start + RAMP
            self._slots.append([start, 0, 0])
        self._slots[-1][1] += answered
        self._slots[-1][2] += abandoned

    def at(self, t: float) -> HalfHour:
        """The half hour in which `t` lies."""
        while self._slots and self._slots[0][0] <= t - HALF_HOUR:
            self._slots.popleft()
        gone = t % HALF_HOUR
        began = max(t - gone, self._settled) if self._settled <= t else t - gone
        return HalfHour(self._sum(since=began), self._sum(), left=1 - gone / HALF_HOUR)

    def _sum(self, since: float = -math.inf) -> Tally:
        answered = abandoned = 0.0
        for start, more_answered, more_abandoned in self._slots:
            if start >= since:
                answered += more_answered
                abandoned += more_abandoned
        return Tally(int(answered), int(abandoned))

    def dump(self) -> dict[str, Any]:
        """The slots, and when the floor has settled, as JSON values."""
        settled = self._settled if math.isfinite(self._settled) else None
        return {"slots": [list(slot) for slot in self._slots], "settled": settled}

    def load(self, state: Mapping[str, Any] | Sequence[Sequence[float]]) -> None:
        """Continue from a dump. An older one is the slots alone: its floor counts as settled."""
        slots, settled = (state["slots"], state["settled"]) if isinstance(state, Mapping) else (state, None)
        self._slots = deque([list(slot) for slot in slots])
        self._settled = -math.inf if settled is None else float(settled)


def _share(allowed: int, abandoned: int, coming: float) -> float:
    near = NEAR + max(USUAL * coming, PART * allowed)
    return min(1.0, max(LEAST_SHARE, (allowed - abandoned) / near))
