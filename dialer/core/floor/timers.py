"""What time demands: nobody waits on the line, nothing is stuck."""

from dialer.core.floor import inbound, matching
from dialer.core.floor.call import Call, CallState, next_check
from dialer.core.floor.effects import Reconcile, Requeue
from dialer.core.floor.state import FloorState

BRIDGE_REPEATS = 4
HANG_UP_REPEATS = 3


def look_at(floor: FloorState, call: Call, at: float) -> None:
    """Nothing was heard of a call for as long as its state allows. The timer of an older state is ignored."""
    if next_check(call) > at:
        return
    if call.is_waiting and call.inbound:
        inbound.look_at(floor, call, at)
    elif call.is_waiting:
        matching.abandon(floor, call, at)
    elif call.state is CallState.ANSWERED:
        _repeat_bridge(floor, call, at)
    elif call.state is CallState.ENDING:
        _repeat_hang_up(floor, call, at)
    elif call.state is CallState.RESERVED and call.repeats == 0:
        floor.emit(Requeue(call.attempt_id))
        _check_again(floor, call, at)
    else:
        floor.emit(Reconcile(call.attempt_id, call.state.value))
        _check_again(floor, call, at)


def _check_again(floor: FloorState, call: Call, at: float) -> None:
    call.checked_at, call.repeats = at, call.repeats + 1
    floor.touch_call(call)


def _repeat_bridge(floor: FloorState, call: Call, at: float) -> None:
    call.ordered_at, call.repeats = at, call.repeats + 1
    floor.touch_call(call)
    if call.repeats <= BRIDGE_REPEATS:
        floor.repeat_order(call)
        return
    matching.take_back(floor, call, at)
    call.agent_id = None
    matching.abandon(floor, call, at)


def _repeat_hang_up(floor: FloorState, call: Call, at: float) -> None:
    call.ordered_at, call.repeats = at, call.repeats + 1
    floor.touch_call(call)
    floor.repeat_order(call)
    if call.repeats % HANG_UP_REPEATS == 0:
        floor.emit(Reconcile(call.attempt_id, call.state.value))
