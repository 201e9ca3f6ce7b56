"""What the place-call job and the carrier say."""

from collections.abc import Callable, Mapping

from dialer.core.abandonment import is_abandoned
from dialer.core.floor import inbound, matching
from dialer.core.floor.agent import AgentState
from dialer.core.floor.call import (
    BEFORE_ANSWER,
    RECONCILE_SECONDS,
    RINGING_CHECK_SECONDS,
    Call,
    CallResult,
    CallState,
    Order,
    result_of_cause,
)
from dialer.core.floor.effects import Push
from dialer.core.floor.state import FloorState
from dialer.core.hopper import Result
from dialer.events import Answer, CallCause, Event, EventKind

BY_US = frozenset({CallCause.HUNG_UP, CallCause.NO_ANSWER})


def call_of(floor: FloorState, event: Event) -> Call | None:
    """The call of an event. One that nobody knows is taken in: it is in the air all the same."""
    attempt_id = event.attempt_id
    if attempt_id is None or attempt_id in floor.ended:
        return None
    known = floor.calls.get(attempt_id)
    return known or floor.add_call(Call(attempt_id, CallState.RESERVED, event.at, event.at))


def on_reserved(floor: FloorState, event: Event) -> None:
    """A call is on its way to the carrier; one that an agent dialed belongs to that agent."""
    if event.attempt_id is None or event.attempt_id in floor.calls or event.attempt_id in floor.ended:
        return
    call = Call(event.attempt_id, CallState.RESERVED, event.at, event.at, lead_id=event.data.get("lead_id"))
    call.manual, call.agent_id = event.agent_id is not None, event.agent_id
    if event.data.get("found"):
        _look_for(call, str(event.data.get("state", "")), event.at)
    floor.add_call(call)
    if event.agent_id is not None:
        _reserve_agent(floor, call, event.agent_id, event.at)


def _look_for(call: Call, state: str, at: float) -> None:
    """Nobody decided it now: it is looked for, not dialed.

    Where the carrier was asked already and a floor has forgotten it, Redis lost its memory, the carrier's of this call
    with it. Its word that it knows of no call proves nothing then: the call counts as one that may have rung.
    """
    call.repeats = 1
    if state not in ("", CallState.RESERVED):
        call.state, call.since = CallState.RINGING, at + RECONCILE_SECONDS - RINGING_CHECK_SECONDS


def _reserve_agent(floor: FloorState, call: Call, agent_id: int, at: float) -> None:
    agent = floor.find_agent(agent_id)
    if (
        agent is None
        or agent.state not in (AgentState.READY, AgentState.PAUSED)
        or not floor.is_served_by(agent)
    ):
        matching.end_call(floor, call, at)
        return
    call.agent_paused = agent.state is AgentState.PAUSED
    floor.reserve_agent(agent, call, at)


def on_placed(floor: FloorState, event: Event) -> None:
    """The carrier was asked."""
    call = call_of(floor, event)
    if call and call.state is CallState.RESERVED:
        floor.move_call(call, CallState.ORIGINATING, event.at)
        floor.record(call, "placed", event.at)


def on_refused(floor: FloorState, event: Event) -> None:
    """A rule forbade the call at the last moment."""
    call = call_of(floor, event)
    if call is None or not (call.state in BEFORE_ANSWER or call.state is CallState.ENDING):
        return
    rule, reason = event.data.get("rule", ""), event.data.get("reason", "")
    floor.record(call, "refused", event.at, rule=rule, reason=reason, result=CallResult.REFUSED.value)
    if call.manual:
        data = {"attempt_id": call.attempt_id, "rule": rule, "reason": reason}
        floor.emit(Push(f"desk:{call.agent_id}", "refused", data))
    matching.take_back(floor, call, event.at)
    floor.forget_call(call, event.at)


def on_ringing(floor: FloorState, event: Event) -> None:
    """It rings."""
    call = call_of(floor, event)
    if call and call.state in (CallState.RESERVED, CallState.ORIGINATING):
        floor.move_call(call, CallState.RINGING, event.at)
        floor.record(call, "ringing", event.at)


def on_answered(floor: FloorState, event: Event) -> None:
    """Somebody or something picked up."""
    call = call_of(floor, event)
    if call is None or call.answered_at is not None or call.inbound:
        return
    human = event.data.get("answer", Answer.HUMAN) != Answer.MACHINE
    call.answered_at = event.at
    after = round(event.at - call.reserved_at, 3)
    kept = {"detection": event.data["detection"]} if "detection" in event.data else {}
    floor.record(call, "answered", event.at, answer="human" if human else "machine", after=after, **kept)
    if human:
        matching.count_answered(floor, call, event.at)
    else:
        matching.count_machine(floor, event.at)
    if call.state not in BEFORE_ANSWER:
        _count_cut_off(floor, call)
        return
    floor.move_call(call, CallState.ANSWERED, event.at)
    if call.manual:
        _bridge_dialer(floor, call, event.at)
    elif human:
        matching.find_agent(floor, call, event.at)
    else:
        matching.end_call(floor, call, event.at)


def _count_cut_off(floor: FloorState, call: Call) -> None:
    """We were hanging up when the person said hello."""
    matching.count_abandoned(floor, call)
    floor.touch_call(call)


def _bridge_dialer(floor: FloorState, call: Call, at: float) -> None:
    agent = None if call.agent_id is None else floor.agents.get(call.agent_id)
    if agent and agent.state is AgentState.RESERVED and agent.attempt_id == call.attempt_id:
        matching.bridge(floor, call, agent, at)
    elif call.human:
        matching.abandon(floor, call, at)
    else:
        matching.end_call(floor, call, at)


def on_connected(floor: FloorState, event: Event) -> None:
    """Callee and agent hear each other."""
    call = call_of(floor, event)
    if call is None or call.state is not CallState.ANSWERED or call.agent_id is None:
        return
    if event.agent_id not in (None, call.agent_id):
        return  # it was given to somebody else meanwhile, whom the carrier joins next
    agent = floor.agents.get(call.agent_id)
    if agent and agent.state is AgentState.RESERVED and agent.attempt_id == call.attempt_id:
        matching.connect(floor, call, agent, event.at)


def on_message_played(floor: FloorState, event: Event) -> None:
    """An abandoned person heard the message to its end."""
    call = call_of(floor, event)
    if call and call.order is Order.MESSAGE:
        call.order = None
        floor.touch_call(call)
        which = {name: event.data[name] for name in ("message", "sound") if name in event.data}
        floor.record(call, "message_played", event.at, seconds=event.data.get("seconds"), **which)


def on_opted_out(floor: FloorState, event: Event) -> None:
    """The person pressed the key of the message: it is written down once, whatever becomes of the call."""
    call = call_of(floor, event)
    if call is None or call.opted_out:
        return
    call.opted_out = True
    floor.touch_call(call)
    floor.record(call, "opted_out", event.at, key=event.data.get("key"))


def on_ended(floor: FloorState, event: Event) -> None:
    """The line is free again, whoever hung up."""
    call = call_of(floor, event)
    if call is None:
        return
    if call.state is CallState.ANSWERED and not _hung_up_first(call, event):
        matching.count_abandoned(floor, call)
    _record_end(floor, call, event)
    _release_agent(floor, call, event.at)
    floor.forget_call(call, event.at)


def _hung_up_first(call: Call, event: Event) -> bool:
    if event.data.get("cause") in BY_US:
        return False  # as when the time to ring was over in the moment of the answer
    answered_at = event.at if call.answered_at is None else call.answered_at
    return not is_abandoned(answered_at, None, now=event.at)


def _result_of(call: Call, event: Event) -> str:
    if event.data.get("never_placed"):
        return CallResult.RELEASED
    if call.connected_at is not None:
        return CallResult.TALKED
    if call.inbound:
        return CallResult.MISSED_INBOUND if call.missed else CallResult.HUNG_UP_WAITING
    if call.answered_at is not None:
        if not call.human:
            return Result.MACHINE
        return Result.ABANDONED if call.abandoned else CallResult.HUNG_UP_FIRST
    return result_of_cause(str(event.data.get("cause", "")))


def _record_end(floor: FloorState, call: Call, event: Event) -> None:
    talked_until = call.over_at or event.at
    talk = 0.0 if call.connected_at is None else max(0.0, talked_until - call.connected_at)
    floor.record(
        call,
        "ended",
        event.at,
        cause=event.data.get("cause", ""),
        result=str(_result_of(call, event)),
        after=round(event.at - call.reserved_at, 3),
        talk_seconds=round(talk, 3),
        abandoned=call.abandoned,
    )


def _release_agent(floor: FloorState, call: Call, at: float) -> None:
    if call.state is not CallState.CONNECTED:
        matching.take_back(floor, call, at)
        return
    agent = None if call.agent_id is None else floor.agents.get(call.agent_id)
    if agent and agent.attempt_id == call.attempt_id and agent.state is AgentState.ON_CALL:
        matching.wrap_up(floor, agent, at)


CALL_EVENTS: Mapping[EventKind, Callable[[FloorState, Event], None]] = {
    EventKind.CALL_RESERVED: on_reserved,
    EventKind.CALL_PLACED: on_placed,
    EventKind.CALL_REFUSED: on_refused,
    EventKind.CALL_RINGING: on_ringing,
    EventKind.CALL_ANSWERED: on_answered,
    EventKind.CALL_CONNECTED: on_connected,
    EventKind.CALL_MESSAGE_PLAYED: on_message_played,
    EventKind.CALL_OPTED_OUT: on_opted_out,
    EventKind.CALL_CAME_IN: inbound.on_came_in,
    EventKind.CALL_ENDED: on_ended,
}
