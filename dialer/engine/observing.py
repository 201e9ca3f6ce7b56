"""Tells a pacing rule what happened, in its own words."""

from collections.abc import Iterable, Iterator
from typing import Any

from dialer.core.floor.agent import AgentState
from dialer.core.floor.call import CallResult
from dialer.core.floor.effects import Effect, Fact
from dialer.core.hopper import Result
from dialer.core.pacing import FloorEvent, Pacing
from dialer.events import CallCause, Event, EventKind

Told = tuple[FloorEvent, dict[str, Any]]
UNANSWERED = frozenset({Result.BUSY, Result.NO_ANSWER, Result.INVALID, Result.CONGESTION, Result.FAILED})


def observe(rule: Pacing, effects: Iterable[Effect]) -> None:
    """Pass on the facts of a step."""
    for effect in effects:
        if isinstance(effect, Fact):
            for kind, facts in _told(effect):
                rule.on_event(effect.at, kind, **facts)


def observe_step(rule: Pacing, event: Event) -> None:
    """Pass on where in the script an agent is."""
    if event.kind is EventKind.AGENT_STEP and event.agent_id is not None:
        stage = event.data.get("step") or 0
        rule.on_event(event.at, FloorEvent.STAGE, agent=event.agent_id, stage=stage)


def _told(fact: Fact) -> Iterator[Told]:
    data = fact.data
    match fact.kind:
        case "agent.state":
            yield from _told_of_agent(fact)
        case "call.answered" if data["answer"] == "human":
            yield FloorEvent.ANSWERED, {"after": data["after"]}
        case "call.answered":
            yield FloorEvent.CALL_OVER, {"outcome": "machine", "after": data["after"]}
        case "call.connected" if data.get("inbound"):
            return  # nobody whom we rang: what they say of the agent is told by the agent's states
        case "call.connected":
            yield FloorEvent.CONNECTED, {"agent": fact.agent_id}
            if data["late"]:
                yield FloorEvent.ABANDONED, {}
        case "call.abandoned":
            yield FloorEvent.ABANDONED, {}
        case "call.ended" if data["result"] == CallResult.HUNG_UP_FIRST:
            yield FloorEvent.GONE, {}
        case "call.ended" if data["result"] in UNANSWERED:
            cut = data["cause"] == CallCause.HUNG_UP
            yield FloorEvent.CALL_OVER, {"outcome": data["result"], "after": data["after"], "cut": cut}


def _told_of_agent(fact: Fact) -> Iterator[Told]:
    state, previous = fact.data["state"], fact.data["previous"]
    ended = {"agent": fact.agent_id, "lasted": fact.at - fact.data["since"]}
    asked = bool(fact.data.get("asked"))
    match previous:
        case AgentState.OFFLINE:
            yield FloorEvent.AGENT_LOGIN, {}
        case AgentState.ON_CALL:
            yield FloorEvent.TALK_END, ended
        case AgentState.WRAP_UP:
            yield FloorEvent.WRAP_END, {**ended, "asked": asked}
        case AgentState.PAUSED if state not in (AgentState.OFFLINE, AgentState.PAUSED):
            yield FloorEvent.AGENT_BACK, {}
    if state == AgentState.READY:
        yield FloorEvent.AGENT_IDLE, {}
    elif state in (AgentState.PAUSED, AgentState.OFFLINE) and previous != AgentState.OFFLINE:
        yield FloorEvent.AGENT_PAUSED, {"asked": asked}
