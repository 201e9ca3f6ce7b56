"""The Redis side: one reader for all browsers, presence of desks, the heartbeat of this process."""

import asyncio
import logging
from typing import Any

import redis.asyncio
from redis.exceptions import RedisError

from dialer.live import PRESENCE_KEY
from telesales import clock
from telesales.push.hub import Hub
from telesales.push.messages import STREAM, STREAM_LENGTH, Message, format_id

log = logging.getLogger(__name__)
READ_BLOCK_MS = 5_000
READ_COUNT = 500
PULSE_S = 2.0
BEAT_S = 10.0
ALIVE_S = 10
LONGEST_WAIT_S = 2.0


class Feed:
    """Reads the stream into the hub and comes back by itself when Redis was away."""

    def __init__(self, client: redis.asyncio.Redis, hub: Hub, alive_key: str) -> None:
        self.client = client
        self.hub = hub
        self.alive_key = alive_key
        self.restored = False

    async def read_for_ever(self) -> None:
        """Hand out every message; on failure wait a little longer each time."""
        wait = 0.1
        while True:
            try:
                if not self.restored:
                    await self._restore()
                await self._read_once()
                wait = 0.1
            except RedisError as error:
                self._lose(error)
                await asyncio.sleep(wait)
                wait = min(LONGEST_WAIT_S, wait * 2)

    def _lose(self, error: RedisError) -> None:
        if self.hub.is_fed:
            log.warning("redis is away: %s", error)
        self.hub.set_fed(False)

    async def _restore(self) -> None:
        entries: Any = await self.client.xrevrange(STREAM, count=STREAM_LENGTH)
        for stream_id, fields in reversed(entries):
            self.hub.history.append(Message.from_fields(stream_id, fields))
        self.restored = True
        self.hub.set_fed(True)

    async def _read_once(self) -> None:
        block = READ_BLOCK_MS if self.hub.is_fed else 1  # after a failure: first see that it answers
        last = format_id(self.hub.history.newest)
        answer: Any = await self.client.xread({STREAM: last}, count=READ_COUNT, block=block)
        self.hub.set_fed(True)
        for _stream, entries in answer or ():
            for stream_id, fields in entries:
                self.hub.hand_out(Message.from_fields(stream_id, fields))

    async def pulse_for_ever(self) -> None:
        """Say every two seconds that this process lives and which desks are open."""
        while True:
            try:
                await self.client.set(self.alive_key, int(clock.now().timestamp()), ex=ALIVE_S)
                await self.note_presence(self.hub.open_desks())
            except RedisError as error:
                log.debug("no pulse: %s", error)
            await asyncio.sleep(PULSE_S)

    async def note_presence(self, desks: set[int] | frozenset[int]) -> None:
        """Write down that these desks were open just now."""
        if desks:
            at = clock.now().timestamp()
            await self.client.zadd(PRESENCE_KEY, {str(desk): at for desk in desks})

    async def beat_for_ever(self) -> None:
        """Let every stream say something."""
        while True:
            await asyncio.sleep(BEAT_S)
            self.hub.beat()
