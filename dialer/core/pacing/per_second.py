"""Calls per second: how many more may be placed now."""

from collections import deque

SECOND = 1.0


class PlacedLately:
    """The calls of the last second. In no second more are placed than the cap says."""

    def __init__(self) -> None:
        self._moments: deque[float] = deque()

    def add(self, t: float, calls: int) -> None:
        """Calls were placed."""
        self._moments.extend([t] * calls)

    def room(self, t: float, cap: int) -> int | None:
        """Calls that the cap still allows; None without a cap (0)."""
        while self._moments and not t - SECOND < self._moments[0] <= t:  # later ones: the clock was set back
            self._moments.popleft()
        return max(0, cap - len(self._moments)) if cap > 0 else None
