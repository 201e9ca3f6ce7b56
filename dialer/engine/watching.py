"""Looks for what no event tells: desks that fell silent, attempts that the floor does not know."""

import asyncio
from typing import Any

from redis.asyncio import Redis

from dialer import clock
from dialer.core.floor.floor import Floor
from dialer.core.floor.shared import SharedFloor
from dialer.engine.outside import pause
from dialer.events import Event, EventKind
from dialer.live import PRESENCE_KEY, post_event_async
from dialer.ports import CallLog

LOOK_SECONDS = 1.0
LOST_SECONDS = 15.0
SWEEP_SECONDS = 10.0
CAME_IN = "came_in"  # the state of an attempt of somebody who rings us
STRANGER_SECONDS = 5.0  # an attempt of this age should be known


class Watch:
    """Posts `agent.lost` and takes unknown attempts in."""

    def __init__(self, client: Redis, shared: SharedFloor, call_log: CallLog) -> None:
        self._client, self._shared, self._call_log = client, shared, call_log
        self._began_at = clock.now()  # before it nobody could be heard of

    async def look_until(self, over: asyncio.Event) -> None:
        """Look at desks every second and at attempts now and then."""
        swept_at = 0.0
        while not over.is_set():
            await self.look_at_desks()
            if clock.now() - swept_at >= SWEEP_SECONDS:
                swept_at = clock.now()
                await self.sweep()
            await pause(over, LOOK_SECONDS)

    async def look_at_desks(self) -> None:
        """An agent whose desk was not heard of is lost."""
        seated = [(key, agent_id) for key, floor in self._shared.floors.items() for agent_id in floor.agents]
        if not seated:
            return
        scores: Any = await self._client.zmscore(PRESENCE_KEY, [str(agent_id) for _key, agent_id in seated])
        now = clock.now()
        for (campaign_id, agent_id), score in zip(seated, scores, strict=True):
            if now - max(score or 0.0, self._began_at) > LOST_SECONDS:
                lost = Event(EventKind.AGENT_LOST, now, campaign_id, agent_id=agent_id)
                await post_event_async(self._client, lost)

    async def sweep(self) -> None:
        """Take in attempts that a leader before us reserved and could not announce."""
        for floor in self._shared.floors.values():
            await self._sweep(floor)

    async def _sweep(self, floor: Floor) -> None:
        found = await asyncio.to_thread(self._unsettled, floor.campaign_id)
        now = clock.now()
        for attempt_id, state, since in found:
            is_known = attempt_id in floor.calls or attempt_id in floor.ended
            if not is_known and now - since > STRANGER_SECONDS:
                stranger = Event(
                    EventKind.CALL_CAME_IN if state == CAME_IN else EventKind.CALL_RESERVED,
                    now,
                    floor.campaign_id,
                    attempt_id=attempt_id,
                    data={"found": True, "state": state},
                )
                await post_event_async(self._client, stranger)

    def _unsettled(self, campaign_id: int) -> list[tuple[int, str, float]]:
        return list(self._call_log.unsettled_attempts(campaign_id))
