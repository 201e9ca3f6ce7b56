"""What agents tell the floor, and what the floor knows. Posting is durable: it counts even while no engine is up."""

import json
from collections.abc import Sequence
from typing import Any

from dialer.events import Event, EventKind
from dialer.live import ON_FLOOR_KEY, PRESENCE_KEY, SNAPSHOT_ENTRY, agent_entry, floor_key, post_event
from telesales import clock
from telesales.extensions import redis_client


def campaign_of(agent_id: int) -> int | None:
    """The campaign that an agent is signed on to."""
    campaign_id = redis_client().hget(ON_FLOOR_KEY, str(agent_id))
    return None if campaign_id is None else int(campaign_id)


def sign_on(agent_id: int, campaign_id: int, serves: Sequence[int] = ()) -> None:
    """Sit down at a campaign, and get up from another one. Doing it again keeps everything, also a call.

    `serves`: campaigns whose calls the agent takes, when this one shares its agents.
    """
    before = campaign_of(agent_id)
    if before is not None and before != campaign_id:
        sign_off(agent_id)
    heard_of(agent_id)
    redis_client().hset(ON_FLOOR_KEY, str(agent_id), campaign_id)
    data: dict[str, Any] = {"serves": list(serves)} if serves else {}
    _post(EventKind.AGENT_SIGNED_ON, agent_id, campaign_id, **data)


def serve(agent_id: int, here: int, home: int, serves: Sequence[int]) -> None:
    """Take calls of other campaigns from now on; everything else stays as it is."""
    _post(EventKind.AGENT_SIGNED_ON, agent_id, here, home=home, serves=list(serves))


def go_home(agent_id: int, here: int, home: int) -> None:
    """Sign off from a campaign that is not shared any more, after the call, and on at the agent's own."""
    _post(EventKind.AGENT_SIGNED_OFF, agent_id, here, after_call=True, to=home)


def sign_off(agent_id: int) -> None:
    """Leave the floor. A call that is open is hung up."""
    campaign_id = campaign_of(agent_id)
    if campaign_id is not None:
        _post(EventKind.AGENT_SIGNED_OFF, agent_id, campaign_id)
        redis_client().hdel(ON_FLOOR_KEY, str(agent_id))


def ready(agent_id: int) -> None:
    """Take calls; in a call or wrap-up, take a wish for a pause back."""
    _say(EventKind.AGENT_READY, agent_id)


def pause(agent_id: int, reason: str) -> None:
    """Take no calls; in a call or wrap-up it begins afterwards."""
    _say(EventKind.AGENT_PAUSED, agent_id, reason=reason)


def step(agent_id: int, attempt_id: int, index: int) -> None:
    """Stand at another step of the script."""
    _say(EventKind.AGENT_STEP, agent_id, attempt_id=attempt_id, step=index)


def hang_up(agent_id: int, attempt_id: int) -> None:
    """End the telephone call."""
    _say(EventKind.AGENT_HANG_UP, agent_id, attempt_id=attempt_id)


def wrapped_up(agent_id: int, attempt_id: int, *, is_machine: bool = False) -> None:
    """The disposition is saved: free for the next call. Who heard a machine was not with a person."""
    data = {"machine": True} if is_machine else {}
    _say(EventKind.AGENT_WRAPPED_UP, agent_id, attempt_id=attempt_id, **data)


def order_pause(agent_id: int, campaign_id: int, reason: str, *, by: int) -> None:
    """Pause on the agent's behalf: after the call, and the agent cannot take it back."""
    _post(EventKind.AGENT_PAUSED, agent_id, campaign_id, reason=reason, by=by)


def order_leaving(
    agent_id: int, campaign_id: int, *, by: int, after_call: bool = True, to: int | None = None
) -> None:
    """Sign off on the agent's behalf, and on at another campaign. Not after the call: whoever is on the line is cut off."""
    data = {"by": by} | ({"after_call": True} if after_call else {}) | ({} if to is None else {"to": to})
    _post(EventKind.AGENT_SIGNED_OFF, agent_id, campaign_id, **data)


def take_order_back(agent_id: int, campaign_id: int, *, by: int) -> None:
    """What was ordered for after the call does not come."""
    _post(EventKind.AGENT_READY, agent_id, campaign_id, by=by)


def heard_of(agent_id: int) -> None:
    """The desk is open. The push process says it for browsers; everybody else does at least every ten seconds."""
    redis_client().zadd(PRESENCE_KEY, {str(agent_id): clock.now().timestamp()})


def agent_state(agent_id: int) -> dict[str, Any] | None:
    """What an agent is doing (see `dialer.core.floor.agent.Agent`) with `campaign_id`; None when not on a floor."""
    campaign_id = campaign_of(agent_id)
    while campaign_id is not None:
        entry = redis_client().hget(floor_key(campaign_id), agent_entry(agent_id))
        if entry is not None:
            return {**json.loads(entry), "campaign_id": campaign_id}
        before, campaign_id = campaign_id, campaign_of(agent_id)
        if campaign_id == before:  # else the agent was lent to another campaign between the two reads
            return None
    return None


def signed_on() -> dict[int, int]:
    """Everybody on a floor, with the campaign where they are now."""
    seated = redis_client().hgetall(ON_FLOOR_KEY)
    return {int(agent_id): int(campaign_id) for agent_id, campaign_id in seated.items()}


def floor_snapshot(campaign_id: int) -> dict[str, Any] | None:
    """The last picture of the floor, the same that is pushed to `floor:<id>`; None when it was never led."""
    picture = redis_client().hget(floor_key(campaign_id), SNAPSHOT_ENTRY)
    return None if picture is None else dict(json.loads(picture))


def _say(kind: EventKind, agent_id: int, *, attempt_id: int | None = None, **data: Any) -> None:
    campaign_id = campaign_of(agent_id)
    if campaign_id is not None:
        heard_of(agent_id)
        _post(kind, agent_id, campaign_id, attempt_id=attempt_id, **data)
        now_at = campaign_of(agent_id)
        if now_at is not None and now_at != campaign_id:  # lent meanwhile; said twice, it counts once
            _post(kind, agent_id, now_at, attempt_id=attempt_id, **data)


def _post(
    kind: EventKind, agent_id: int, campaign_id: int, *, attempt_id: int | None = None, **data: Any
) -> None:
    at = clock.now().timestamp()
    event = Event(kind, at, campaign_id, attempt_id=attempt_id, agent_id=agent_id, data=data)
    post_event(redis_client(), event)
