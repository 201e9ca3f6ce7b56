"""How one campaign is measured: its pack, its days, its estimates."""

from dataclasses import dataclass, field
from datetime import UTC, tzinfo
from typing import Protocol

from dialer.core.abandonment.counts import Counts, Estimates
from dialer.core.abandonment.packs import DEFAULT_PACK, PACKS, RulePack
from dialer.core.abandonment.tally import Tally
from dialer.core.abandonment.windows import Window, local_day_start


class Counted(Protocol):
    """Counts by time."""

    def since(self, at: float) -> Counts:
        """Sum of everything from a moment on."""
        ...


@dataclass(frozen=True, slots=True)
class Measure:
    """`zone` says when days and months begin, `started_at` when the first window did."""

    pack: RulePack = PACKS[DEFAULT_PACK]
    zone: tzinfo = UTC
    started_at: float | None = None
    estimates: Estimates = field(default_factory=Estimates)

    @property
    def window(self) -> Window:
        """The window of the law."""
        return self.pack.formula.window

    def window_begins(self, at: float) -> float:
        """When the window of the law began."""
        return self.window.begins(at, self.zone, started_at=self.started_at)

    def of_window(self, counted: Counted, at: float) -> Tally:
        """The window of the law up to a moment."""
        return self._tally(counted.since(self.window_begins(at)))

    def of_day(self, counted: Counted, at: float) -> Tally:
        """The campaign's local day so far."""
        return self._tally(counted.since(local_day_start(at, self.zone)))

    def _tally(self, counts: Counts) -> Tally:
        return self.pack.formula.tally(counts, self.estimates)
