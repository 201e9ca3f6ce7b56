"""Floors of several campaigns that share agents: each keeps its own calls and counts, an agent is on one at a time."""

from collections.abc import Iterable, Sequence

from dialer.core.floor import matching
from dialer.core.floor.agent import CALL_STATES, Agent
from dialer.core.floor.call import next_check
from dialer.core.floor.effects import Effect
from dialer.core.floor.floor import Floor
from dialer.events import Event

Asked = tuple[int, Effect]  # of which campaign, what


class SharedFloor:
    """One floor or several, led together. The order is the order of priority."""

    def __init__(self, floors: Iterable[Floor]) -> None:
        self.floors: dict[int, Floor] = {floor.campaign_id: floor for floor in floors}
        for floor in self.floors.values():
            floor.neighbours = tuple(self.floors.values())
        self._seat_once()

    def put_in_order(self, campaign_ids: Sequence[int]) -> None:
        """The first campaign goes first from now on."""
        self.floors = {campaign_id: self.floors[campaign_id] for campaign_id in campaign_ids}
        for floor in self.floors.values():
            floor.neighbours = tuple(self.floors.values())

    def apply(self, event: Event) -> list[Asked]:
        """Take an event of one of the campaigns in; what it asks for may concern the others too."""
        campaign_id = event.campaign_id
        own = self.floors[campaign_id].apply(event)
        return [*((campaign_id, effect) for effect in own), *self._flush()]

    def due(self, at: float) -> list[Asked]:
        """Do what time itself demands."""
        first = next(iter(self.floors.values()))
        own = first.due(at)
        return [*((first.campaign_id, effect) for effect in own), *self._flush()]

    def resume(self, at: float) -> list[Asked]:
        """Another engine led before, perhaps each alone: repeat what the carrier may not have heard, join who waits."""
        repeated = [(key, effect) for key, floor in self.floors.items() for effect in floor.resume()]
        waiting = sorted(
            (call.since, place, call.attempt_id)
            for place, floor in enumerate(self.floors.values())
            for call in floor.calls.values()
            if call.is_waiting
            and not call.inbound
            and next_check(call) > at  # too long: the events say what became of it
        )
        floors = list(self.floors.values())
        for _since, place, attempt_id in waiting:
            matching.find_agent(floors[place], floors[place].calls[attempt_id], at)
        return [*repeated, *self._flush()]

    def next_due(self) -> float | None:
        """When `due` has something to look at."""
        return min(
            (due for floor in self.floors.values() if (due := floor.next_due()) is not None), default=None
        )

    def floor_of(self, agent_id: int) -> Floor | None:
        """Where an agent is now."""
        return next((floor for floor in self.floors.values() if agent_id in floor.agents), None)

    def _flush(self) -> list[Asked]:
        return [(key, effect) for key, floor in self.floors.items() for effect in floor.flush()]

    def _seat_once(self) -> None:
        """Nobody is in two places. If storage says so all the same, a call decides, then the later word."""
        places: dict[int, list[tuple[Floor, Agent]]] = {}
        for floor in self.floors.values():
            for agent in floor.agents.values():
                places.setdefault(agent.agent_id, []).append((floor, agent))
        for found in places.values():
            found.sort(key=lambda place: (place[1].state in CALL_STATES, place[1].since))
            for floor, agent in found[:-1]:
                floor.drop_agent(agent)
