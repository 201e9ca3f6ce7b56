"""Who talks to whom: answered people and the agents who have been ready longest."""

from dialer.core.abandonment import Counts, is_abandoned
from dialer.core.floor.agent import Agent, AgentState
from dialer.core.floor.call import Call, CallState, Order
from dialer.core.floor.effects import Push
from dialer.core.floor.state import FloorState


def count_answered(floor: FloorState, call: Call, at: float) -> None:
    """A person said hello."""
    call.human = True
    floor.count(at, Counts(people=1))


def count_machine(floor: FloorState, at: float) -> None:
    """Detection heard an answering machine."""
    floor.count(at, Counts(machines=1))


def count_abandoned(floor: FloorState, call: Call) -> None:
    """The person did not have an agent in time; counted once, at the day of the answer."""
    if call.abandoned or not call.human or call.answered_at is None:
        return
    call.abandoned = True
    floor.count(call.answered_at, Counts(abandoned=1))


def count_no_person(floor: FloorState, agent: Agent) -> None:
    """The agent heard a machine that detection took for a person: nobody was answered, nor abandoned."""
    if agent.answered_at is None:
        return
    kept = Counts(people=-1, abandoned=-1) if agent.late else Counts(people=-1, connected=-1)
    floor.count(agent.answered_at, kept)
    agent.answered_at = None
    floor.touch_agent(agent)


def find_agent(floor: FloorState, call: Call, at: float) -> None:
    """Give an answered person to the agent who has been ready longest; without one the person waits."""
    agent = floor.longest_ready()
    if agent is not None:
        bridge(floor, call, agent, at)


def bridge(floor: FloorState, call: Call, agent: Agent, at: float) -> None:
    """Join the two and show the agent who it is."""
    call.agent_id = agent.agent_id
    if agent.state is not AgentState.RESERVED or agent.attempt_id != call.attempt_id:
        floor.reserve_agent(agent, call, at)
    floor.order(call, Order.CONNECT, at)
    pop = {"attempt_id": call.attempt_id, "lead_id": call.lead_id, "manual": call.manual}
    pop |= {"inbound": True} if call.inbound else {}
    floor.emit(Push(f"desk:{agent.agent_id}", "pop", pop))


def connect(floor: FloorState, call: Call, agent: Agent, at: float) -> None:
    """The two hear each other. After the two seconds the person counts as abandoned all the same."""
    began_at = call.reserved_at if call.inbound else at
    answered_at = began_at if call.answered_at is None else call.answered_at
    late = call.human and is_abandoned(answered_at, at, now=at)
    if late:
        count_abandoned(floor, call)
    elif call.human:
        floor.count(answered_at, Counts(connected=1))
    agent.answered_at, agent.late = (answered_at if call.human else None), late
    call.connected_at, call.order = at, None
    floor.move_call(call, CallState.CONNECTED, at)
    floor.move_agent(agent, AgentState.ON_CALL, at, attempt_id=call.attempt_id)
    who = {"inbound": True} if call.inbound else {}
    floor.record(call, "connected", at, waited=round(at - answered_at, 3), late=late, **who)


def abandon(floor: FloorState, call: Call, at: float) -> None:
    """Nobody is free in time: the person hears the message. Who rang us is missed, not abandoned."""
    if call.inbound:
        miss(floor, call, at)
        return
    count_abandoned(floor, call)
    floor.move_call(call, CallState.MESSAGE, at)
    floor.order(call, Order.MESSAGE, at)
    waited = at - (call.answered_at or at)
    floor.record(call, "abandoned", at, waited=round(waited, 3))


def miss(floor: FloorState, call: Call, at: float) -> None:
    """Nobody is free for a person who rang us: they hear that we ring back."""
    call.missed = True
    floor.move_call(call, CallState.MESSAGE, at)
    floor.order(call, Order.MESSAGE, at)
    floor.record(call, "missed", at, waited=round(at - call.reserved_at, 3))


def end_call(floor: FloorState, call: Call, at: float) -> None:
    """Hang up, or make sure that it is never placed."""
    maybe_unplaced = call.state in (CallState.RESERVED, CallState.ORIGINATING)
    call.over_at = at
    floor.move_call(call, CallState.ENDING, at)
    floor.order(call, Order.WITHDRAW if maybe_unplaced else Order.HANG_UP, at)


def give_work(floor: FloorState, agent: Agent, at: float) -> None:
    """The agent is free: leaving or a pause that was asked for, a person who waits, or ready."""
    if agent.leaves:
        floor.remove_agent(agent, at)
        return
    if agent.next_pause is not None:
        agent.pause_reason = agent.next_pause
        floor.move_agent(agent, AgentState.PAUSED, at)
        return
    agent.pause_reason, agent.ordered_by = "", None
    waiting = floor.longest_waiting_for(agent)
    if waiting is not None:
        bridge(*waiting, agent, at)
    else:
        floor.move_agent(agent, AgentState.READY, at)


def wrap_up(floor: FloorState, agent: Agent, at: float) -> None:
    """The conversation is over; the agent writes it up, unless that is done already."""
    done, attempt_id = agent.wrapped_up, agent.attempt_id
    floor.move_agent(agent, AgentState.WRAP_UP, at, attempt_id=attempt_id)
    if done:
        give_work(floor, agent, at)


def take_back(floor: FloorState, call: Call, at: float) -> None:
    """The call did not come about: its agent is where he was before."""
    agent = None if call.agent_id is None else floor.agents.get(call.agent_id)
    if agent is None or agent.state is not AgentState.RESERVED or agent.attempt_id != call.attempt_id:
        return
    if call.agent_paused and agent.next_pause is None:
        agent.next_pause = agent.pause_reason
    give_work(floor, agent, at)
