"""People who ring us on the simulated network: those whose call found nobody, and those whom a test lets ring."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, cast

import redis.asyncio

from dialer import clock
from dialer.carriers import simulated_keys as keys
from dialer.carriers.announcing import AGAIN_SECONDS
from dialer.carriers.simulated_client import NAME
from dialer.ports import RingingIn

logger = logging.getLogger(__name__)
RING_IN = "ring_in"  # command: call_id, number, dialed, profile
LOOK_SECONDS = 1.0
UNTAKEN_SECONDS = 30.0  # whom nobody takes for so long hangs up; real ones, for jobs know no simulated speed
Announce = Callable[[RingingIn], Awaitable[None]]


class InboundLine:
    """Lets people ring and announces them until somebody takes the call. Everything is kept in Redis."""

    def __init__(self, client: "redis.asyncio.Redis", announce: Announce) -> None:
        self._client, self._announce = client, announce
        self._ring_in = client.register_script(keys.RING_IN)
        self._leave = client.register_script(keys.LEAVE_UNTAKEN)
        self._stirred = asyncio.Event()

    def stir(self) -> None:
        """Somebody may ring sooner than expected."""
        self._stirred.set()

    async def run(self) -> None:
        """Let people ring when their time has come, for ever."""
        while True:
            self._stirred.clear()
            await self._ring_back()
            await self._announce_all()
            try:
                async with asyncio.timeout(await self._pause()):
                    await self._stirred.wait()
            except TimeoutError:
                continue

    async def ring_in(self, fields: Mapping[str, str]) -> None:
        """Somebody dials a number of ours."""
        await self._begin(fields["call_id"], fields["number"], fields["dialed"], fields["profile"])
        self.stir()

    async def _pause(self) -> float:
        """Until something is due; what another process adds is found after a second at the latest."""
        dues: list[Any] = [
            await self._client.zrange(name, 0, 0, withscores=True)
            for name in (keys.RING_BACKS, keys.INBOUND_SET)
        ]
        soonest = min((float(found[0][1]) for found in dues if found), default=clock.now() + LOOK_SECONDS)
        return min(LOOK_SECONDS, max(0.0, soonest - clock.now()))

    async def _ring_back(self) -> None:
        """People whose call found nobody dial the number that they saw."""
        due: Any = await self._client.zrange(keys.RING_BACKS, "-inf", repr(clock.now()), byscore=True)
        for attempt in due:
            record = await self._record(keys.call_key(int(attempt)))
            if "profile" not in record:
                await self._client.zrem(keys.RING_BACKS, attempt)
                continue
            number, dialed, profile = (record[name] for name in ("number", "caller_id", "profile"))
            await self._begin(f"back-{attempt}", number, dialed, profile, ring_back=attempt)

    async def _begin(self, call_id: str, number: str, dialed: str, profile: str, ring_back: str = "") -> None:
        names = [keys.inbound_key(call_id), keys.INBOUND_SET, keys.RING_BACKS]
        facts: list[str | int] = [
            call_id,
            number,
            dialed,
            profile,
            repr(clock.now()),
            ring_back,
            keys.KEEP_SECONDS,
        ]
        await self._ring_in(keys=names, args=facts)

    async def _announce_all(self) -> None:
        now = clock.now()
        due: Any = await self._client.zrange(keys.INBOUND_SET, "-inf", repr(now), byscore=True)
        for call_id in due:
            record = await self._record(keys.inbound_key(call_id))
            if record.get("state") != keys.RINGING or now - float(record["since"]) > UNTAKEN_SECONDS:
                await self._leave(keys=[keys.inbound_key(call_id), keys.INBOUND_SET], args=[call_id])
                continue
            await self._client.zadd(keys.INBOUND_SET, {call_id: now + AGAIN_SECONDS}, xx=True)
            number, dialed, since = record["number"], record["dialed"], float(record["since"])
            await self._announce(RingingIn(NAME, call_id, number, dialed, since))

    async def _record(self, key: str) -> dict[str, str]:
        return await cast(Awaitable[dict[str, str]], self._client.hgetall(key))
