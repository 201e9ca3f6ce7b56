"""What is on the floor of a campaign, and the few ways in which it may change."""

import heapq
import json
from bisect import insort
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dialer.core.abandonment import Counts
from dialer.core.floor.agent import CALL_STATES, Agent, AgentState
from dialer.core.floor.call import MEMORY_SECONDS, Call, CallState, Order, next_check
from dialer.core.floor.effects import Connect, Effect, Fact, HangUp, PlayMessage, Push, Withdraw
from dialer.core.floor.tally import SlotTallies

AGENT, CALL, ENDED, TALLY = "agent:", "call:", "ended:", "tally:"
CHECKPOINT = "checkpoint"
BEGINNING = "0-0"


@dataclass(frozen=True, slots=True)
class Changes:
    """Entries of the floor that differ from what was stored last."""

    written: Mapping[str, str]
    deleted: list[str]


class FloorState:
    """Agents, calls and tallies by name, with the indexes that make the next step cheap."""

    def __init__(self, campaign_id: int) -> None:
        self.campaign_id = campaign_id
        self.agents: dict[int, Agent] = {}
        self.calls: dict[int, Call] = {}
        self.ended: dict[int, float] = {}  # attempt id -> when; remembered for a minute
        self.tallies = SlotTallies()
        self.checkpoint = BEGINNING
        self._ready: list[tuple[float, int]] = []
        self._waiting: dict[int, None] = {}
        self.inbound_waiting: dict[int, None] = {}
        self._timers: list[tuple[float, int]] = []
        self._changed: set[str] = set()
        self._moved: dict[int, Agent] = {}
        self._effects: list[Effect] = []
        self.neighbours: Sequence[FloorState] = (
            self,
        )  # floors that share agents, this one too; first goes first

    # agents
    def add_agent(self, agent: Agent) -> None:
        """A person signs on."""
        self.agents[agent.agent_id] = agent
        self.touch_agent(agent)

    def touch_agent(self, agent: Agent) -> None:
        """Something about the agent changed: store it and tell the desk."""
        self._changed.add(f"{AGENT}{agent.agent_id}")
        self._moved[agent.agent_id] = agent

    def move_agent(
        self, agent: Agent, state: AgentState, at: float, *, attempt_id: int | None = None
    ) -> None:
        """Enter a state. The time in the last one becomes a fact."""
        at = max(at, agent.since)
        data = {"state": state.value, "previous": agent.state.value, "since": agent.since}
        if state is AgentState.PAUSED:
            data |= {"reason": agent.pause_reason, "asked": agent.is_leaving, **agent.order}
            agent.next_pause = None
        elif state is AgentState.OFFLINE:
            data |= agent.order
        source = f"agent:{agent.agent_id}:{round(at * 1e6)}:{state}"
        touched = attempt_id if attempt_id is not None else agent.attempt_id
        self.emit(Fact("agent.state", at, source, touched, agent.agent_id, data))
        if agent.state is AgentState.READY:
            self._ready.remove((agent.since, agent.agent_id))
        agent.state, agent.since, agent.attempt_id = state, at, attempt_id
        if state is AgentState.READY:
            insort(self._ready, (at, agent.agent_id))
        if state not in CALL_STATES:
            agent.step, agent.wrapped_up = None, False
        self.touch_agent(agent)

    def remove_agent(self, agent: Agent, at: float) -> None:
        """The agent is not here any more."""
        self.move_agent(agent, AgentState.OFFLINE, at)
        del self.agents[agent.agent_id]

    def reserve_agent(self, agent: Agent, call: Call, at: float) -> None:
        """The agent gets a call of this floor. One of another floor comes over; the time spent there is that one's."""
        home = self.floor_of(agent.agent_id) or self
        home.move_agent(agent, AgentState.RESERVED, at, attempt_id=call.attempt_id)
        if home is not self:
            home.drop_agent(agent)
            self.add_agent(agent)

    def drop_agent(self, agent: Agent) -> None:
        """The agent is on another floor from now on."""
        del self.agents[agent.agent_id]
        self._moved.pop(agent.agent_id, None)
        self._changed.add(f"{AGENT}{agent.agent_id}")
        if agent.state is AgentState.READY:
            self._ready.remove((agent.since, agent.agent_id))

    def floor_of(self, agent_id: int) -> "FloorState | None":
        """Where the agent is now, among the floors that share agents."""
        return next((floor for floor in self.neighbours if agent_id in floor.agents), None)

    def find_agent(self, agent_id: int) -> Agent | None:
        """The agent, on whichever of these floors."""
        floor = self.floor_of(agent_id)
        return None if floor is None else floor.agents[agent_id]

    def is_served_by(self, agent: Agent) -> bool:
        """True when the agent may take calls of this campaign."""
        return self.campaign_id in agent.serves if agent.serves else agent.agent_id in self.agents

    def ready_agents(self) -> Iterator[Agent]:
        """Everybody who could take a call now, wherever they are."""
        for floor in self.neighbours:
            for _since, agent_id in floor._ready:
                if self.is_served_by(floor.agents[agent_id]):
                    yield floor.agents[agent_id]

    def longest_ready(self) -> Agent | None:
        """The agent who is next."""
        firsts = (
            next((floor.agents[key] for _, key in floor._ready if self.is_served_by(floor.agents[key])), None)
            for floor in self.neighbours
        )
        found = [agent for agent in firsts if agent is not None]
        return min(found, key=lambda agent: (agent.since, agent.agent_id), default=None)

    def agents_elsewhere(self) -> Iterator[tuple["FloorState", Agent]]:
        """Agents who serve this campaign and are on another floor now."""
        for floor in self.neighbours:
            if floor is not self:
                yield from ((floor, agent) for agent in floor.agents.values() if self.is_served_by(agent))

    def count_working(self) -> int:
        """Agents who serve this campaign and are neither on a break nor about to take one."""
        own = (agent for agent in self.agents.values() if self.is_served_by(agent))
        everybody = [*own, *(agent for _floor, agent in self.agents_elsewhere())]
        return sum(agent.state is not AgentState.PAUSED and not agent.is_leaving for agent in everybody)

    # calls
    def add_call(self, call: Call) -> Call:
        """A call is in the air from the moment it is reserved."""
        self.calls[call.attempt_id] = call
        self.touch_call(call)
        return call

    def touch_call(self, call: Call) -> None:
        """Something about the call changed: store it, look at it again in time."""
        self._changed.add(f"{CALL}{call.attempt_id}")
        heapq.heappush(self._timers, (next_check(call), call.attempt_id))
        self._note_waiting(call)

    def _note_waiting(self, call: Call) -> None:
        waiting = self.inbound_waiting if call.inbound else self._waiting
        if call.is_waiting:
            waiting[call.attempt_id] = None
        else:
            waiting.pop(call.attempt_id, None)

    def move_call(self, call: Call, state: CallState, at: float) -> None:
        """Enter a state."""
        call.state, call.since, call.checked_at, call.repeats = state, at, 0.0, 0
        self.touch_call(call)

    def forget_call(self, call: Call, at: float) -> None:
        """The call ended; only its number stays for a while."""
        del self.calls[call.attempt_id]
        self._waiting.pop(call.attempt_id, None)
        self.inbound_waiting.pop(call.attempt_id, None)
        self.ended[call.attempt_id] = at
        heapq.heappush(self._timers, (at + MEMORY_SECONDS, call.attempt_id))
        self._changed.update((f"{CALL}{call.attempt_id}", f"{ENDED}{call.attempt_id}"))

    def forget_ended(self, attempt_id: int) -> None:
        """A late event about it is not expected any more."""
        del self.ended[attempt_id]
        self._changed.add(f"{ENDED}{attempt_id}")

    def longest_waiting(self) -> Call | None:
        """The person who has been waiting longest."""
        first = next(iter(self._waiting), None)
        return None if first is None else self.calls[first]

    def longest_waiting_for(self, agent: Agent) -> "tuple[FloorState, Call] | None":
        """The person whom the agent is to have: the one waiting longest, of two the one whose campaign goes first."""
        waiting = [
            (call.since, place, floor, call)
            for place, floor in enumerate(self.neighbours)
            if floor.is_served_by(agent) and (call := floor.longest_waiting()) is not None
        ]
        if not waiting:
            return None
        _since, _place, floor, call = min(waiting, key=lambda found: found[:2])
        return floor, call

    def order(self, call: Call, order: Order, at: float) -> None:
        """Tell the carrier something about a call, and remember it until it is seen to work."""
        call.order, call.ordered_at = order, at
        self.touch_call(call)
        self.repeat_order(call)

    def repeat_order(self, call: Call) -> None:
        """Tell the carrier again; every command may be given twice."""
        match call.order:
            case Order.CONNECT if call.agent_id is not None:
                self.emit(Connect(call.attempt_id, call.agent_id))
            case Order.MESSAGE:
                self.emit(PlayMessage(call.attempt_id, call.inbound))
            case Order.HANG_UP:
                self.emit(HangUp(call.attempt_id))
            case Order.WITHDRAW:
                self.emit(Withdraw(call.attempt_id))

    def record(self, call: Call, kind: str, at: float, **data: Any) -> None:
        """A fact about a call; each kind happens once to it."""
        source = f"call:{call.attempt_id}:{kind}"
        self.emit(Fact(f"call.{kind}", at, source, call.attempt_id, call.agent_id, data))

    # timers and effects
    def pop_due(self, at: float) -> int | None:
        """The next attempt whose time has come; it may have moved on since."""
        if not self._timers or self._timers[0][0] > at:
            return None
        return heapq.heappop(self._timers)[1]

    def next_due(self) -> float | None:
        """When `due` has something to look at."""
        return self._timers[0][0] if self._timers else None

    def count(self, at: float, counts: Counts) -> None:
        """Somebody or something answered; only the days that changed are stored."""
        self._changed.update(f"{TALLY}{day}" for day in self.tallies.add(at, counts))

    def emit(self, effect: Effect) -> None:
        """Ask for something to be done."""
        self._effects.append(effect)

    def flush(self) -> list[Effect]:
        """Return what is to be done; the desks of agents who moved are told last, once each."""
        for agent in self._moved.values():
            self.emit(Push(f"desk:{agent.agent_id}", "state", agent.view()))
        effects, self._effects, self._moved = self._effects, [], {}
        return effects

    # storage
    def take_changes(self) -> Changes:
        """Return what has to be stored, and start anew."""
        entries = {name: self._dump_entry(name) for name in sorted(self._changed)}
        self._changed = set()
        written = {name: json.dumps(value, separators=(",", ":")) for name, value in entries.items() if value}
        return Changes(written, [name for name, value in entries.items() if not value])

    def _dump_entry(self, name: str) -> Any:
        kind, _, number = name.partition(":")
        match f"{kind}:":
            case "agent:":
                agent = self.agents.get(int(number))
                return agent and agent.dump()
            case "call:":
                call = self.calls.get(int(number))
                return call and call.dump()
            case "ended:":
                return self.ended.get(int(number))
            case "tally:":
                return self.tallies.dump_day(int(number))
        return None

    def load_entry(self, name: str, value: str) -> None:
        """Take one stored entry back."""
        kind, _, number = name.partition(":")
        if name == CHECKPOINT:
            self.checkpoint = value
        elif kind == "tally":
            self.tallies.load_day(int(number), json.loads(value))
        elif kind == "agent":
            agent = self.agents[int(number)] = Agent.load(json.loads(value))
            if agent.state is AgentState.READY:
                insort(self._ready, (agent.since, agent.agent_id))
        elif kind == "ended":
            self.ended[int(number)] = float(value)
            heapq.heappush(self._timers, (float(value) + MEMORY_SECONDS, int(number)))
        elif kind == "call":
            call = self.calls[int(number)] = Call.load(json.loads(value))
            heapq.heappush(self._timers, (next_check(call), call.attempt_id))
            self._note_waiting(call)
