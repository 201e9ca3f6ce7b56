"""The floor: events in, effects out, the same every time."""

from collections.abc import Mapping
from typing import Self

from dialer.core.floor.agent_events import AGENT_EVENTS
from dialer.core.floor.call import MEMORY_SECONDS
from dialer.core.floor.call_events import CALL_EVENTS
from dialer.core.floor.effects import Effect
from dialer.core.floor.inbound import serve
from dialer.core.floor.state import FloorState
from dialer.core.floor.timers import look_at
from dialer.events import Event

HANDLERS = {**CALL_EVENTS, **AGENT_EVENTS}


def is_after(stream_id: str, checkpoint: str) -> bool:
    """Stream ids are two numbers; the later one is greater."""
    return place_of(stream_id) > place_of(checkpoint)


def place_of(stream_id: str) -> tuple[int, int]:
    """Milliseconds and number of a stream id, to put ids in order."""
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
        HANDLERS[event.kind](self._where(event), event)
        serve(self, event.at)
        if event.id:
            self.checkpoint = event.id
        return self.flush()

    def due(self, at: float) -> list[Effect]:
        """Do what time itself demands."""
        self._run_timers(at)
        serve(self, at)
        return self.flush()

    def resume(self) -> list[Effect]:
        """Another engine led before: tell the carrier again what it may not have heard."""
        for call in self.calls.values():
            self.repeat_order(call)
        return self.flush()

    def _where(self, event: Event) -> FloorState:
        """What an agent says is for the floor where the agent is now, wherever it was posted."""
        if event.kind not in AGENT_EVENTS or event.agent_id is None:
            return self
        return self.floor_of(event.agent_id) or self

    def _run_timers(self, at: float) -> None:
        while (late := self._pop_late(at)) is not None:
            floor, attempt_id = late
            call = floor.calls.get(attempt_id)
            if call is not None:
                look_at(floor, call, at)
            elif attempt_id in floor.ended and floor.ended[attempt_id] + MEMORY_SECONDS <= at:
                floor.forget_ended(attempt_id)

    def _pop_late(self, at: float) -> tuple[FloorState, int] | None:
        """What has been due longest, on any floor that shares agents: they are given work in the order of time."""
        late = [
            (due, place)
            for place, floor in enumerate(self.neighbours)
            if (due := floor.next_due()) is not None
        ]
        if not late:
            return None
        floor = self.neighbours[min(late)[1]]
        attempt_id = floor.pop_due(at)
        return None if attempt_id is None else (floor, attempt_id)
