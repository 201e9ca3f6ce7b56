"""What a rule begins with: what its campaign has taught it, or the shapes of a campaign like it."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from redis.asyncio import Redis

from dialer.core.pacing import Pacing
from dialer.core.pacing.memory import is_worth_borrowing, recent_of, shapes_of
from dialer.live import floor_key


def pacing_entry(mode: str) -> str:
    """Name of the entry with what a rule has learned."""
    return f"pacing:{mode}"


def restore(rule: Pacing, state: Mapping[str, Any], world: str) -> bool:
    """Continue from a state. False when it was learned in another world: then only recent events stay true."""
    same = bool(state.get("world", world) == world)
    rule.load(state if same else recent_of(state))
    return same


async def find_shapes(
    client: Redis, campaign_ids: Iterable[int], *, mode: str, world: str
) -> Mapping[str, Any] | None:
    """The shapes that the first of these campaigns has learned in this world."""
    for campaign_id in campaign_ids:
        stored: Any = await client.hget(floor_key(campaign_id), pacing_entry(mode))
        state = json.loads(stored) if stored else {}
        if state.get("world") == world and is_worth_borrowing(state):
            return shapes_of(state)
    return None
