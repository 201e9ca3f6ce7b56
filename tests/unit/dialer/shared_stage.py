"""Two or three floors that share agents, in a test."""

from typing import Any

from dialer.core.floor.effects import Effect, Fact, Push
from dialer.core.floor.floor import Floor
from dialer.core.floor.shared import SharedFloor
from dialer.events import Event, EventKind
from tests.unit.dialer.stage import NOON

FIRST, SECOND, THIRD = 1, 2, 3


class SharedStage:
    """The floors with their clock. Verbs answer with what is asked of the carrier: (campaign, effect)."""

    def __init__(self, *campaigns: int) -> None:
        self.shared = SharedFloor(Floor(campaign) for campaign in campaigns or (FIRST, SECOND))
        self.facts: list[tuple[int, Fact]] = []
        self.pushed: list[Push] = []

    def say(
        self,
        kind: EventKind,
        at: float,
        *,
        on: int = FIRST,
        call: int | None = None,
        agent: int | None = None,
        **data: Any,
    ) -> list[tuple[int, Effect]]:
        event = Event(kind, NOON + at, on, attempt_id=call, agent_id=agent, data=data)
        return self._sort(self.shared.apply(event))

    def wait(self, until: float) -> list[tuple[int, Effect]]:
        return self._sort(self.shared.due(NOON + until))

    def _sort(self, asked: list[tuple[int, Effect]]) -> list[tuple[int, Effect]]:
        self.facts += [(key, effect) for key, effect in asked if isinstance(effect, Fact)]
        self.pushed += [effect for _key, effect in asked if isinstance(effect, Push)]
        return [(key, effect) for key, effect in asked if not isinstance(effect, Fact | Push)]

    def seat(self, agent: int, at: float = 0.0, *, on: int = FIRST, serves: tuple[int, ...] = ()) -> None:
        self.say(EventKind.AGENT_SIGNED_ON, at, on=on, agent=agent, serves=list(serves))
        self.say(EventKind.AGENT_READY, at, on=on, agent=agent)

    def ring(self, call: int, at: float = 1.0, *, on: int = FIRST, agent: int | None = None) -> None:
        self.say(EventKind.CALL_RESERVED, at, on=on, call=call, agent=agent, lead_id=call * 10)
        self.say(EventKind.CALL_RINGING, at, on=on, call=call)

    def answer(self, call: int, at: float, *, on: int = FIRST) -> list[tuple[int, Effect]]:
        return self.say(EventKind.CALL_ANSWERED, at, on=on, call=call, answer="human")

    def talk(self, call: int, at: float, *, on: int = FIRST) -> None:
        self.ring(call, at, on=on)
        self.answer(call, at, on=on)
        self.say(EventKind.CALL_CONNECTED, at, on=on, call=call)

    def where(self, agent: int) -> int | None:
        floor = self.shared.floor_of(agent)
        return floor and floor.campaign_id

    def state_of(self, agent: int) -> str:
        floor = self.shared.floor_of(agent)
        return floor.agents[agent].state.value if floor else "offline"

    def spent(self) -> list[tuple[int, str, float]]:
        """(campaign, state, seconds) of everything that agents have finished doing."""
        return [
            (key, fact.data["previous"], round(fact.at - fact.data["since"], 3))
            for key, fact in self.facts
            if fact.kind == "agent.state" and fact.data["previous"] != "offline"
        ]
