"""The floor: events in, effects out, the same every time."""

from collections.abc import Mapping
from typing import Self

from dialer.core.floor.agent_events import AGENT_EVENTS
from dialer.core.floor.call import MEMORY_SECONDS
from dialer.core.floor.call_events import CALL_EVENTS
from dialer.core.floor.effects import Effect
from dialer.core.floor.state import FloorState
from dialer.core.floor.timers import look_at
from dialer.events import Event

HANDLERS = {**CALL_EVENTS, **AGENT_EVENTS}


def is_after(stream_id: str, checkpoint: str) -> bool:
    """Stream ids are two numbers; the later one is greater."""
    return _numbers(stream_id) > _numbers(checkpoint)


def _numbers(stream_id: str) -> tuple[int, int]:
    first, _, second = stream_id.partition("-")
    return int(first), int(second or 0)


class Floor(FloorState):
    """The floor of a campaign. Holds no clock: times come with events and with `due`."""

    @classmethod
    def load(cls, campaign_id: int, entries: Mapping[str, str]) -> Self:
        """Continue from stored entries; names that the floor does not know belong to others."""
        floor = cls(campaign_id)
        for name in sorted(entries, key=lambda name: (len(name), name)):
            floor.load_entry(name, entries[name])
        return floor

    def apply(self, event: Event) -> list[Effect]:
        """Take an event in. What was due before it happens first; an event that was taken in already changes nothing."""
        if event.id and not is_after(event.id, self.checkpoint):
            return []
        self._run_timers(event.at)
        HANDLERS[event.kind](self, event)
        if event.id:
            self.checkpoint = event.id
        return self.flush()

    def due(self, at: float) -> list[Effect]:
        """Do what time itself demands."""
        self._run_timers(at)
        return self.flush()

    def resume(self) -> list[Effect]:
        """Another engine led before: tell the carrier again what it may not have heard."""
        for call in self.calls.values():
            self.repeat_order(call)
        return self.flush()

    def _run_timers(self, at: float) -> None:
        while (attempt_id := self.pop_due(at)) is not None:
            call = self.calls.get(attempt_id)
            if call is not None:
                look_at(self, call, at)
            elif attempt_id in self.ended and self.ended[attempt_id] + MEMORY_SECONDS <= at:
                self.forget_ended(attempt_id)
