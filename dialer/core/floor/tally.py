"""Answered calls and what became of them, per quarter of an hour.

Midnight falls on a quarter of an hour in every time zone: local days and months are sums of quarters.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from dialer.core.abandonment import Counts

SLOT_SECONDS = 900
SLOTS_A_DAY = 96
DAY_SECONDS = SLOT_SECONDS * SLOTS_A_DAY
DAYS_KEPT = 35  # the longest window is a month of 31 days; a zone and a late answer reach a little further
MOST_SUMS = 8


def slot_of(at: float) -> int:
    """Number of the quarter of an hour since 1970."""
    return int(at // SLOT_SECONDS)


@dataclass(slots=True)
class SlotTallies:
    """Counts by quarter of an hour, the last weeks only. Sums that were asked for are kept up as people answer."""

    slots: dict[int, Counts] = field(default_factory=dict)
    _sums: dict[int, Counts] = field(default_factory=dict)

    def add(self, at: float, counts: Counts) -> list[int]:
        """Count at a time; return the UTC days whose counts changed, with those that no window reaches any more."""
        slot = slot_of(at)
        day = slot // SLOTS_A_DAY
        is_new_slot = slot not in self.slots
        self.slots[slot] = self.slots.get(slot, Counts()) + counts
        for start in self._sums:
            if slot >= start:
                self._sums[start] += counts
        return [day, *(self._forget_old() if is_new_slot else ())]

    def _forget_old(self) -> set[int]:
        first = (max(self.slots) // SLOTS_A_DAY - DAYS_KEPT + 1) * SLOTS_A_DAY
        old = [slot for slot in self.slots if slot < first]
        for slot in old:
            del self.slots[slot]
        if old:
            self._sums.clear()
        return {slot // SLOTS_A_DAY for slot in old}

    def since(self, at: float) -> Counts:
        """Sum from the quarter of an hour of `at` on."""
        start = slot_of(at)
        if start not in self._sums:
            if len(self._sums) >= MOST_SUMS:
                self._sums.clear()
            found = (counts for slot, counts in self.slots.items() if slot >= start)
            self._sums[start] = sum(found, Counts())
        return self._sums[start]

    def dump_day(self, day: int) -> dict[str, list[int]]:
        """Return one UTC day as JSON values, by its quarters."""
        first = day * SLOTS_A_DAY
        return {
            str(slot - first): [counts.people, counts.connected, counts.abandoned, counts.machines]
            for slot in range(first, first + SLOTS_A_DAY)
            if (counts := self.slots.get(slot)) is not None
        }

    def load_day(self, day: int, values: Mapping[str, list[int]]) -> None:
        """Inverse of `dump_day`."""
        self.slots |= {day * SLOTS_A_DAY + int(slot): Counts(*counts) for slot, counts in values.items()}
        self._sums.clear()
