"""People who ring us wait for the agents of the same floor, longer than those whom we rang and behind them.

Agents who are ready are promised to calls that ring already: somebody who rings us waits a little until those have come
to something, and counts as demand meanwhile, so that nothing is placed for the agent whom they will have. Somebody whom
we rang is hardly ever abandoned for somebody who rang us.
"""

from dialer.core.floor import matching
from dialer.core.floor.call import BEFORE_ANSWER, PROMISED_SECONDS, RISKED_SECONDS, Call, CallState
from dialer.core.floor.state import FloorState
from dialer.events import Event

USUAL_WAIT_SECONDS = 120.0


def on_came_in(floor: FloorState, event: Event) -> None:
    """Somebody rings us. With nobody at work they are told at once that we ring back."""
    attempt_id = event.attempt_id
    if attempt_id is None or attempt_id in floor.calls or attempt_id in floor.ended:
        return
    call = Call(attempt_id, CallState.ANSWERED, event.at, event.at, lead_id=event.data.get("lead_id"))
    call.inbound, call.wait = True, float(event.data.get("wait", USUAL_WAIT_SECONDS))
    floor.add_call(call)
    floor.record(call, "came_in", event.at, wait=call.wait)
    if not floor.count_working():
        matching.miss(floor, call, event.at)


def serve(floor: FloorState, at: float) -> None:
    """Give ready agents to the people who have been waiting longest, on whichever of these floors."""
    waiting = [
        (floor.calls[attempt_id].since, place, attempt_id)
        for place, floor in enumerate(floor.neighbours)
        for attempt_id in floor.inbound_waiting
    ]
    for _since, place, attempt_id in sorted(waiting):
        theirs = floor.neighbours[place]
        call, agent = theirs.calls[attempt_id], theirs.longest_ready()
        if agent is not None and may_have_agent(
            at - call.since, ready=_count_ready(theirs), ringing=_count_ringing(theirs)
        ):
            matching.bridge(theirs, call, agent, at)


def may_have_agent(waited: float, *, ready: int, ringing: int) -> bool:
    """True when somebody who rings us need not leave a ready agent to the calls that ring already."""
    if ready > ringing:
        return True
    return waited >= (RISKED_SECONDS if ringing > ready else PROMISED_SECONDS)


def _count_ready(floor: FloorState) -> int:
    return sum(1 for _agent in floor.ready_agents())


def _count_ringing(floor: FloorState) -> int:
    """Calls that any of these agents may have to take."""
    return sum(
        call.state in BEFORE_ANSWER and not call.manual
        for other in floor.neighbours
        for call in other.calls.values()
    )


def look_at(floor: FloorState, call: Call, at: float) -> None:
    """Somebody has waited for a while, or as long as they may."""
    if at - call.since >= call.wait:
        matching.miss(floor, call, at)
        return
    call.checked_at = at
    floor.touch_call(call)


def wait_again(floor: FloorState, call: Call) -> None:
    """The agent whom they were to have is gone: back to their place."""
    call.agent_id, call.order, call.repeats = None, None, 0
    floor.touch_call(call)


def show_inbound(floor: FloorState) -> dict[str, float | int | None]:
    """People who wait, since when the first of them, and those who talk; JSON values."""
    since = [floor.calls[attempt_id].since for attempt_id in floor.inbound_waiting]
    talking = sum(call.inbound and call.state is CallState.CONNECTED for call in floor.calls.values())
    return {"waiting": len(since), "since": min(since, default=None), "talking": talking}
