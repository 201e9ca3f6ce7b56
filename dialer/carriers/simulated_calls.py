"""The calls of the simulated carrier: kept in Redis so that a restart continues them, each change in one step."""

import json
from collections.abc import Awaitable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, cast

import redis
import redis.asyncio

from dialer import live
from dialer.carriers import simulated_keys as keys
from dialer.carriers.behaviour import CallPlan, Profile, plan_call
from dialer.carriers.ringing_back import plan_inbound, rings_back
from dialer.events import Event, EventKind

FOUND_NOBODY = (keys.RINGING, keys.ANSWERED, keys.PLAYING)
AWAY = (redis.ConnectionError, redis.TimeoutError)


@dataclass(slots=True)
class SimulatedCall:
    """A call and its fate. `since` is when it came into its state."""

    attempt_id: int
    campaign_id: int
    plan: CallPlan
    state: str
    since: float
    rings_back: float | None = None  # seconds after its end, if it finds nobody

    @classmethod
    def read(cls, attempt_id: int, record: Mapping[str, str]) -> "SimulatedCall":
        """Draw the fate of a recorded call: the same at every start."""
        profile = Profile.read(json.loads(record["profile"]))
        rings = None
        if "inbound" in record:
            plan = plan_inbound(profile, attempt_id=attempt_id)
        else:
            plan = plan_call(profile, attempt_id=attempt_id, ring_seconds=float(record["ring_seconds"]))
            rings = rings_back(profile, plan, attempt_id=attempt_id) if record.get("caller_id") else None
        campaign_id, since = int(record["campaign"]), float(record["since"])
        return cls(attempt_id, campaign_id, plan, state=record["state"], since=since, rings_back=rings)

    def rings_back_at(self, to: str, now: float) -> str:
        """When its person rings us, if the call ends now and found nobody; empty otherwise."""
        found_nobody = to == keys.ENDED and self.state in FOUND_NOBODY
        return repr(now + self.rings_back) if found_nobody and self.rings_back is not None else ""

    def event(self, kind: EventKind, at: float, *, agent_id: int | None = None, **data: Any) -> Event:
        """Something that happened to this call."""
        return Event(kind, at, self.campaign_id, attempt_id=self.attempt_id, agent_id=agent_id, data=data)


class CallBook:
    """Reads and changes the records of calls."""

    def __init__(self, client: "redis.asyncio.Redis") -> None:
        self._client = client
        self._dial = client.register_script(keys.DIAL)
        self._advance = client.register_script(keys.ADVANCE)

    async def find(self, attempt_id: int) -> SimulatedCall | None:
        """Return a call that was asked for; None when it was not, or was forbidden."""
        record = await cast(Awaitable[dict[str, str]], self._client.hgetall(keys.call_key(attempt_id)))
        return SimulatedCall.read(attempt_id, record) if "profile" in record else None

    async def is_recorded(self, attempt_id: int) -> bool:
        """Whether the order of a call wanted it recorded."""
        return bool(await self._client.exists(keys.recorded_key(attempt_id)))

    async def list_live(self) -> list[SimulatedCall]:
        """Calls that were dialed and are not over."""
        attempts = await cast(Awaitable[set[str]], self._client.smembers(keys.LIVE_SET))
        found = [await self.find(int(attempt)) for attempt in sorted(attempts)]
        return [call for call in found if call]

    async def dial(self, call: SimulatedCall, now: float) -> bool:
        """Note that the call is dialed; False when it was before."""
        done = await self._dial(
            keys=[keys.call_key(call.attempt_id), keys.DIALED_STREAM, keys.LIVE_SET],
            args=[call.attempt_id, repr(now), keys.MAX_DIALED],
        )
        if done:
            call.since = now
        return bool(done)

    async def advance(
        self,
        call: SimulatedCall,
        states: Iterable[str],
        to: str,
        *events: Event,
        now: float,
        agent_id: int | None = None,
    ) -> bool:
        """Move a call on and tell what happened, both or neither; False when it is in no such state."""
        done = await self._advance(
            keys=[
                keys.call_key(call.attempt_id),
                live.events_stream(call.campaign_id),
                keys.LIVE_SET,
                keys.RING_BACKS,
            ],
            args=[
                call.attempt_id,
                f",{','.join(states)},",
                to,
                repr(now),
                live.MAX_EVENTS,
                keys.KEEP_SECONDS,
                "" if agent_id is None else agent_id,
                call.rings_back_at(to, now),
                *(json.dumps(event.to_fields()) for event in events),
            ],
        )
        if done:
            call.state, call.since = to, now
        return bool(done)
