"""What agents and the application say."""

from collections.abc import Callable, Mapping

from dialer.core.floor import inbound, matching
from dialer.core.floor.agent import Agent, AgentState
from dialer.core.floor.call import BEFORE_ANSWER, Call, CallState
from dialer.core.floor.effects import Fact
from dialer.core.floor.state import FloorState
from dialer.events import Event, EventKind


def agent_of(floor: FloorState, event: Event) -> Agent | None:
    """The agent of an event, if signed on."""
    return None if event.agent_id is None else floor.agents.get(event.agent_id)


def on_signed_on(floor: FloorState, event: Event) -> None:
    """A person sits down; the first call comes after Ready. Signing on twice keeps everything but what is served."""
    if event.agent_id is None:
        return
    serves = tuple(event.data.get("serves", ()))
    here = floor.agents.get(event.agent_id)
    if here is not None:
        _serve(floor, here, event.data.get("home", event.campaign_id), serves)
        return
    agent = Agent(event.agent_id, AgentState.OFFLINE, event.at, home=event.campaign_id, serves=serves)
    floor.add_agent(agent)
    floor.move_agent(agent, AgentState.PAUSED, event.at)


def _serve(floor: FloorState, agent: Agent, home: int, serves: tuple[int, ...]) -> None:
    if (agent.home, agent.serves) != (home, serves):
        agent.home, agent.serves = home, serves
        floor.touch_agent(agent)


def on_ready(floor: FloorState, event: Event) -> None:
    """From a pause to work; in a call or wrap-up it takes a wish for a pause back. Only a supervisor takes an order back."""
    agent, by = agent_of(floor, event), event.data.get("by")
    if agent is None or agent.state is AgentState.READY or _is_bound(agent, by):
        return
    if agent.is_leaving:
        agent.next_pause, agent.leaves, agent.moves_to, agent.ordered_by = None, False, None, None
        floor.touch_agent(agent)
    if agent.state is AgentState.PAUSED:
        matching.give_work(floor, agent, event.at)


def _is_bound(agent: Agent, by: int | None) -> bool:
    """Agents do not take a supervisor's order back; supervisors take orders back and nothing else."""
    return (agent.ordered_by is not None and agent.is_leaving) if by is None else not agent.is_leaving


def on_paused(floor: FloorState, event: Event) -> None:
    """No more calls; in a call or wrap-up the pause begins after it."""
    agent = agent_of(floor, event)
    if agent is None:
        return
    reason, by = str(event.data.get("reason", "")), event.data.get("by")
    if agent.state not in (AgentState.READY, AgentState.PAUSED):
        if by is None and _is_bound(agent, None):
            return
        agent.next_pause, agent.ordered_by = reason, by
        agent.leaves, agent.moves_to = False, None
        floor.touch_agent(agent)
    elif agent.state is AgentState.READY or (agent.pause_reason, agent.ordered_by) != (reason, by):
        agent.pause_reason, agent.ordered_by = reason, by
        floor.move_agent(agent, AgentState.PAUSED, event.at)


def on_step(floor: FloorState, event: Event) -> None:
    """The agent is at another step of the script."""
    agent, step = agent_of(floor, event), event.data.get("step")
    if agent is None or agent.state is not AgentState.ON_CALL or step == agent.step:
        return
    if event.attempt_id is not None and event.attempt_id != agent.attempt_id:
        return
    agent.step, agent.step_since = step, event.at
    floor.touch_agent(agent)


def on_hang_up(floor: FloorState, event: Event) -> None:
    """The agent ends the call: free of it at once, whatever the carrier takes. While it is bridged nothing can be ended."""
    agent = agent_of(floor, event)
    call = _call_of_agent(floor, agent)
    if agent is None or call is None or event.attempt_id not in (None, call.attempt_id):
        return
    if call.state is CallState.CONNECTED:
        matching.end_call(floor, call, event.at)
        matching.wrap_up(floor, agent, event.at)
    elif call.state in BEFORE_ANSWER:
        matching.end_call(floor, call, event.at)
        matching.take_back(floor, call, event.at)


def on_wrapped_up(floor: FloorState, event: Event) -> None:
    """The disposition is saved. During the call it is remembered; about another call it is late and means nothing."""
    agent = agent_of(floor, event)
    if agent is None or event.attempt_id not in (None, agent.attempt_id):
        return
    if event.data.get("machine") and agent.state in (AgentState.WRAP_UP, AgentState.ON_CALL):
        matching.count_no_person(floor, agent)
    if agent.state is AgentState.WRAP_UP:
        matching.give_work(floor, agent, event.at)
    elif agent.state is AgentState.ON_CALL and event.attempt_id is not None and not agent.wrapped_up:
        agent.wrapped_up = True
        floor.touch_agent(agent)


def on_left(floor: FloorState, event: Event) -> None:
    """The agent signed off, was signed off, or was lost: nobody is left alone on the line."""
    agent = agent_of(floor, event)
    if agent is None:
        return
    agent.ordered_by, agent.moves_to = event.data.get("by"), event.data.get("to")
    if event.data.get("after_call") and agent.state not in (AgentState.READY, AgentState.PAUSED):
        agent.leaves = True
        floor.touch_agent(agent)
        return
    call = _call_of_agent(floor, agent)
    if event.kind is EventKind.AGENT_LOST:
        source = f"agent:{agent.agent_id}:{round(event.at * 1e6)}:lost"
        floor.emit(Fact("agent.lost", event.at, source, agent.attempt_id, agent.agent_id))
    floor.remove_agent(agent, event.at)
    if call is not None:
        _end_orphan(floor, call, event.at)


def _end_orphan(floor: FloorState, call: Call, at: float) -> None:
    if call.state is CallState.ANSWERED and call.inbound:
        inbound.wait_again(floor, call)
        return
    if call.state is CallState.ANSWERED and call.human:
        matching.abandon(floor, call, at)
        return
    matching.end_call(floor, call, at)


def _call_of_agent(floor: FloorState, agent: Agent | None) -> Call | None:
    if agent is None or agent.attempt_id is None or agent.state is AgentState.WRAP_UP:
        return None
    return floor.calls.get(agent.attempt_id)


def on_finished(floor: FloorState, event: Event) -> None:
    """The campaign is over: what nobody has answered yet is not let ring on."""
    for call in list(floor.calls.values()):
        if call.state in BEFORE_ANSWER:
            matching.end_call(floor, call, event.at)
            matching.take_back(floor, call, event.at)


def on_nothing(floor: FloorState, event: Event) -> None:
    """It concerns pacing, not the floor."""


AGENT_EVENTS: Mapping[EventKind, Callable[[FloorState, Event], None]] = {
    EventKind.AGENT_SIGNED_ON: on_signed_on,
    EventKind.AGENT_READY: on_ready,
    EventKind.AGENT_PAUSED: on_paused,
    EventKind.AGENT_STEP: on_step,
    EventKind.AGENT_HANG_UP: on_hang_up,
    EventKind.AGENT_WRAPPED_UP: on_wrapped_up,
    EventKind.AGENT_SIGNED_OFF: on_left,
    EventKind.AGENT_LOST: on_left,
    EventKind.CAMPAIGN_FINISHED: on_finished,
    EventKind.CAMPAIGN_STARTED: on_nothing,
    EventKind.CAMPAIGN_PAUSED: on_nothing,
    EventKind.CAMPAIGN_CHANGED: on_nothing,
    EventKind.LEADS_ADDED: on_nothing,
}
