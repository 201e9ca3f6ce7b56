"""Calls that ring for agents who have left: withdrawn once they have rung as long as the law demands."""

from dialer.core.floor import matching
from dialer.core.floor.call import CallState
from dialer.core.floor.state import FloorState
from dialer.core.pacing.view import MIN_RING_SECONDS


def let_go(floor: FloorState, count: int, at: float) -> int:
    """End up to `count` of the calls that ring longest; an answered one never. Returns how many it was."""
    ripe = sorted(
        (call.since, call.attempt_id)
        for call in floor.calls.values()
        if call.state is CallState.RINGING and not call.manual and at - call.since >= MIN_RING_SECONDS
    )[:count]
    for since, attempt_id in ripe:
        call = floor.calls[attempt_id]
        floor.record(call, "let_go", at, rang=round(at - since, 3))
        matching.end_call(floor, call, at)
    return len(ripe)
