"""A floor in a test: what people and the carrier do, in the words of the floor."""

from typing import Any

from dialer.core.floor.effects import Effect, Fact, Push
from dialer.core.floor.floor import Floor
from dialer.events import Event, EventKind

CAMPAIGN = 7
NOON = 1_800_000_000.0  # some noon; tests count seconds from it


class Stage:
    """A floor with its clock. Every verb answers with the effects that are neither facts nor messages."""

    def __init__(self) -> None:
        self.floor = Floor(CAMPAIGN)
        self.facts: list[Fact] = []
        self.pushed: list[Push] = []

    def say(
        self, kind: EventKind, at: float, *, call: int | None = None, agent: int | None = None, **data: Any
    ) -> list[Effect]:
        event = Event(kind, NOON + at, CAMPAIGN, attempt_id=call, agent_id=agent, data=data)
        return self._sort(self.floor.apply(event))

    def wait(self, until: float) -> list[Effect]:
        return self._sort(self.floor.due(NOON + until))

    def _sort(self, effects: list[Effect]) -> list[Effect]:
        self.facts += [effect for effect in effects if isinstance(effect, Fact)]
        self.pushed += [effect for effect in effects if isinstance(effect, Push)]
        return [effect for effect in effects if not isinstance(effect, Fact | Push)]

    def agent_ready(self, agent: int, at: float = 0.0) -> list[Effect]:
        self.say(EventKind.AGENT_SIGNED_ON, at, agent=agent)
        return self.say(EventKind.AGENT_READY, at, agent=agent)

    def ring(self, call: int, at: float = 1.0, *, agent: int | None = None) -> None:
        self.say(EventKind.CALL_RESERVED, at, call=call, agent=agent, lead_id=call * 10)
        self.say(EventKind.CALL_PLACED, at, call=call)
        self.say(EventKind.CALL_RINGING, at, call=call)

    def answer(self, call: int, at: float, answer: str = "human") -> list[Effect]:
        return self.say(EventKind.CALL_ANSWERED, at, call=call, answer=answer)

    def talk(self, call: int, agent: int, at: float = 2.0) -> None:
        """A call from the ringing to the conversation."""
        self.ring(call, at)
        self.answer(call, at)
        self.say(EventKind.CALL_CONNECTED, at, call=call, agent=agent)

    def end(self, call: int, at: float, cause: str = "callee_hung_up", **data: Any) -> list[Effect]:
        return self.say(EventKind.CALL_ENDED, at, call=call, cause=cause, **data)

    def state_of(self, agent: int) -> str:
        found = self.floor.agents.get(agent)
        return found.state.value if found else "offline"

    def fact(self, kind: str) -> Fact:
        (found,) = [fact for fact in self.facts if fact.kind == kind]
        return found

    def result(self, call: int) -> str:
        (found,) = [fact for fact in self.facts if fact.source == f"call:{call}:ended"]
        return str(found.data["result"])

    def tally(self) -> tuple[int, int]:
        counts = self.floor.tallies.since(NOON)
        return counts.people, counts.abandoned
