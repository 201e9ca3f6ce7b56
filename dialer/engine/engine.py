"""The engine process: finds campaigns that need a leader and leads them, those that share agents together."""

import asyncio
import logging
import os
import secrets
import signal
import socket
from typing import Any

from redis.exceptions import RedisError

from dialer import clock
from dialer.engine.leader import Leader
from dialer.engine.lease import LeaseLostError, Leases
from dialer.engine.outside import BLOCK_MS, Outside, pause
from dialer.live import CONTROL_STREAM, PUSH_STREAM, alive_key

log = logging.getLogger(__name__)
LOOK_SECONDS = 1.0
ALIVE_SECONDS = 10
PUSH_HISTORY_SECONDS = 1_800  # pictures of large floors are heavy: what no browser asks for is dropped
RETRY_SECONDS = 0.2
CONTROL_LENGTH = 1_000


class Engine:
    """Leads what nobody else leads. Any number of engines may run."""

    def __init__(self, outside: Outside) -> None:
        self.name = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(3)}"
        self._outside = outside
        self._client, self._jobs = outside.connect(), outside.connect_for_jobs()
        self._leases = Leases(self._client, self.name)
        self._leading: dict[tuple[int, ...], tuple[Leader, asyncio.Task[None]]] = {}
        self._look = asyncio.Event()
        self._stopping = asyncio.Event()

    def stop(self) -> None:
        """Hand everything over and end."""
        self._stopping.set()
        self._look.set()

    def leads(self) -> list[int]:
        """Campaigns that this engine leads now."""
        return sorted(campaign_id for group in self._leading for campaign_id in group)

    async def run(self) -> None:
        """Work until stopped."""
        helpers = [asyncio.create_task(self._hear()), asyncio.create_task(self._pulse())]
        try:
            while not self._stopping.is_set():
                await self._try_to_look()
                await self._pause()
        finally:
            for helper in helpers:
                helper.cancel()
            await asyncio.gather(*helpers, return_exceptions=True)
            await self._hand_over()
            await self._client.aclose()
            self._jobs.close()

    async def _pause(self) -> None:
        try:
            async with asyncio.timeout(LOOK_SECONDS):
                await self._look.wait()
        except TimeoutError:
            return
        self._look.clear()

    async def _try_to_look(self) -> None:
        try:
            await self._look_at_campaigns()
        except RedisError as error:
            await self._wait_for_redis(error)
        except Exception:
            log.exception("campaigns could not be listed")

    async def _wait_for_redis(self, error: RedisError) -> None:
        """Try again soon, on new connections: each old one would fail once more."""
        log.warning("redis is away: %s", error)
        await self._client.connection_pool.disconnect(inuse_connections=False)
        self._jobs.connection_pool.disconnect(inuse_connections=False)
        await pause(self._stopping, RETRY_SECONDS)
        self._look.set()

    async def _look_at_campaigns(self) -> None:
        floors = {
            tuple(sorted(group)) for group in await asyncio.to_thread(self._outside.campaigns.list_floors)
        }
        for group in self._leading.keys() - floors:
            self._leading[group][0].stop()
        led = set(self.leads())
        for group in floors - self._leading.keys():
            if led.isdisjoint(group):  # else they are handed over first
                await self._try_to_lead(group)

    async def _try_to_lead(self, group: tuple[int, ...]) -> None:
        fences = await self._leases.acquire(group)
        if fences is None:
            return
        leader = Leader(self._outside, self._client, self._jobs, self._leases, fences=fences)
        task = asyncio.create_task(self._lead(leader))
        self._leading[group] = (leader, task)

    async def _lead(self, leader: Leader) -> None:
        group = leader.campaign_ids
        try:
            await leader.lead()
            await self._tell_others(leader)
        except* LeaseLostError:
            log.warning("campaigns %s are led by another engine", group)
        except* RedisError as errors:
            log.warning("campaigns %s: redis is away: %s", group, errors.exceptions[0])
            self._look.set()
        except* Exception:
            log.exception("campaigns %s: leading failed", group)
        finally:
            del self._leading[group]
            if leader.is_stopping:
                self._look.set()

    async def _tell_others(self, leader: Leader) -> None:
        """Campaigns that were handed over wait for a leader, perhaps with others: every engine looks at once."""
        await self._client.xadd(
            CONTROL_STREAM, {"campaign": str(leader.campaign_ids[0])}, maxlen=CONTROL_LENGTH, approximate=True
        )

    async def _hear(self) -> None:
        """Look at once when the application says so."""
        last = "$"
        while not self._stopping.is_set():
            try:
                answer: Any = await self._client.xread({CONTROL_STREAM: last}, block=BLOCK_MS)
            except RedisError:
                await pause(self._stopping, RETRY_SECONDS)
                continue
            for _stream, entries in answer or ():
                last = entries[-1][0]
                self._look.set()

    async def _pulse(self) -> None:
        while not self._stopping.is_set():
            try:
                await self._client.set(alive_key("engine", self.name), repr(clock.now()), ex=ALIVE_SECONDS)
                oldest = f"{int(1000 * (clock.now() - PUSH_HISTORY_SECONDS))}-0"
                await self._client.xtrim(PUSH_STREAM, minid=oldest, approximate=True)
            except RedisError as error:
                log.debug("no pulse: %s", error)
            await pause(self._stopping, ALIVE_SECONDS / 5)

    async def _hand_over(self) -> None:
        for leader, _task in self._leading.values():
            leader.stop()
        await asyncio.gather(*(task for _leader, task in self._leading.values()), return_exceptions=True)


async def run_until_told(outside: Outside) -> None:
    """Run an engine until SIGTERM or SIGINT."""
    engine = Engine(outside)
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, engine.stop)
    await engine.run()
