"""The process of the simulated carrier: `python -m dialer.carriers.simulated` with REDIS_URL in the environment.

Only one works at a time: one that starts takes over, and one that was taken over ends. Commands stay in a stream
until they are carried out and calls are kept in Redis, so that nothing is lost when the process is killed.
"""

import asyncio
import contextlib
import logging
import os
import signal
import uuid
from collections.abc import Awaitable, Callable
from typing import Any

import redis
import redis.asyncio

from dialer import clock, live
from dialer.carriers import simulated_keys as keys
from dialer.carriers.announcing import announce
from dialer.carriers.simulated_calls import AWAY, CallBook
from dialer.carriers.simulated_client import NAME
from dialer.carriers.simulated_inbound import Announce, InboundLine
from dialer.carriers.simulated_network import Network
from dialer.carriers.simulated_talks import Talks
from dialer.carriers.talks import TalkBook
from dialer.ports import RingingIn

logger = logging.getLogger(__name__)

HEARTBEAT_SECONDS = 2.0
HEARTBEAT_LIFE = 10
RETRY_SECONDS = 0.2
BLOCK_MILLISECONDS = 1000
BATCH = 100
Command = tuple[str, dict[str, str]]


class SimulatedCarrier:
    """Reads commands, moves calls on, and says that it is alive."""

    def __init__(self, client: "redis.asyncio.Redis", announce: Announce) -> None:
        self._client = client
        self._inbound = InboundLine(client, announce)
        self._network = Network(CallBook(client), Talks(TalkBook(client)), self._inbound)
        self._token = uuid.uuid4().hex
        self._stopping = asyncio.Event()
        self._alive = live.alive_key("carrier", NAME)

    def stop(self) -> None:
        """Let `serve` come to its end."""
        self._stopping.set()

    async def serve(self) -> None:
        """Work until told to stop, or until another process takes over."""
        await self._persist(self._take_over)
        parts = (
            self._network.run(),
            self._persist(self._inbound.run),
            self._persist(self._obey_all),
            self._persist(self._beat),
            self._stopping.wait(),
        )
        tasks: set[asyncio.Task[Any]] = {asyncio.ensure_future(part) for part in parts}
        done, pending = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        self.stop()
        await end_tasks(pending)
        for task in done:
            task.result()

    async def say_goodbye(self) -> None:
        """Take the heartbeat away, so that nobody asks for calls."""
        with contextlib.suppress(redis.RedisError):
            if await self._client.get(keys.OWNER_KEY) == self._token:
                await self._client.delete(self._alive)

    async def _persist(self, work: Callable[[], Awaitable[None]]) -> None:
        while not self._stopping.is_set():
            try:
                await work()
            except AWAY as error:
                logger.warning("Redis is away: %s", error)
                await asyncio.sleep(RETRY_SECONDS)
            else:
                return

    async def _take_over(self) -> None:
        await self._client.set(keys.OWNER_KEY, self._token)
        count = await self._network.resume()
        await self._make_group()
        await self._client.set(self._alive, repr(clock.now()), ex=HEARTBEAT_LIFE)
        logger.info("the simulated carrier is ready with %d calls in the air", count)

    async def _make_group(self) -> None:
        try:
            await self._client.xgroup_create(live.SIMULATED_COMMANDS, keys.GROUP, id="0", mkstream=True)
        except redis.ResponseError as error:
            if "BUSYGROUP" not in str(error):
                raise

    async def _beat(self) -> None:
        while True:
            owner = await self._client.get(keys.OWNER_KEY)
            if owner not in (None, self._token):
                logger.info("another simulated carrier has taken over")
                return
            if owner is None:
                await self._client.set(keys.OWNER_KEY, self._token)
            await self._client.set(self._alive, repr(clock.now()), ex=HEARTBEAT_LIFE)
            await asyncio.sleep(HEARTBEAT_SECONDS)

    async def _obey_all(self) -> None:
        await self._make_group()
        await self._obey_batches("0")  # what was read before and not carried out
        while True:
            await self._obey_batches(">")

    async def _obey_batches(self, start: str) -> None:
        while commands := await self._read(start):
            for command_id, fields in commands:
                await self._network.obey(fields)
                await self._client.xack(live.SIMULATED_COMMANDS, keys.GROUP, command_id)
                await self._client.xdel(live.SIMULATED_COMMANDS, command_id)

    async def _read(self, start: str) -> list[Command]:
        answer: Any = await self._client.xreadgroup(
            keys.GROUP,
            NAME,
            {live.SIMULATED_COMMANDS: start},
            count=BATCH,
            block=BLOCK_MILLISECONDS if start == ">" else None,
        )
        return [command for _, commands in answer or () for command in commands]


async def end_tasks(tasks: set[asyncio.Task[Any]]) -> None:
    """Cancel until they end: a client that waits for Redis can take a cancellation for a timeout."""
    while tasks:
        for task in tasks:
            task.cancel()
        _, tasks = await asyncio.wait(tasks, timeout=RETRY_SECONDS)


async def run(url: str) -> None:
    """Serve until SIGTERM or SIGINT."""
    client = redis.asyncio.Redis.from_url(url, decode_responses=True)
    jobs = redis.Redis.from_url(url)

    async def tell(call: RingingIn) -> None:
        await asyncio.to_thread(announce, jobs, call)

    carrier = SimulatedCarrier(client, tell)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, carrier.stop)
    try:
        await carrier.serve()
        logger.info("the simulated carrier stops")
    finally:
        await carrier.say_goodbye()
        await client.aclose()
        jobs.close()


def main() -> None:
    """Run the process."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    asyncio.run(run(os.environ["REDIS_URL"]))


if __name__ == "__main__":
    main()
