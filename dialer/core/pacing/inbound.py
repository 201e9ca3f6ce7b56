"""How often people ring us: counted over the last hour or so, and nobody is expected before somebody rang."""

import math
from collections.abc import Mapping
from typing import Any

MEMORY_SECONDS = 3600.0  # what is older counts less and less
NOBODY_SECONDS = 900.0  # the prior: as if nobody had rung for so long before we began to count


class InboundRate:
    """People a second who ring one campaign. Told by each of them; quiet times tell it too."""

    def __init__(self) -> None:
        self._people = 0.0
        self._seconds = 0.0  # watched
        self._at: float | None = None

    def arrived(self, t: float) -> None:
        """Somebody rings."""
        self._pass_time(t)
        self._people += 1.0

    def rate(self, t: float) -> float:
        """People a second to expect from now on."""
        self._pass_time(t)
        return self._people / (self._seconds + NOBODY_SECONDS)

    def dump(self) -> dict[str, Any]:
        """Return what was learned as JSON values."""
        return {"people": self._people, "seconds": self._seconds, "at": self._at}

    def load(self, state: Mapping[str, Any]) -> None:
        """Continue from a dump; what cannot be read is left aside."""
        people, seconds, at = (state.get(name) for name in ("people", "seconds", "at"))
        if isinstance(people, int | float) and isinstance(seconds, int | float) and people >= 0 <= seconds:
            self._people, self._seconds = float(people), float(seconds)
            self._at = float(at) if isinstance(at, int | float) else None

    def _pass_time(self, t: float) -> None:
        """Forget slowly. A clock that was set back passes no time."""
        if self._at is not None and t > self._at:
            keep = math.exp(-(t - self._at) / MEMORY_SECONDS)
            self._people *= keep
            self._seconds = MEMORY_SECONDS - (MEMORY_SECONDS - self._seconds) * keep
        self._at = t
