"""Reads the events of a campaign into memory. The reader blocks on Redis, the engine never does."""

import asyncio
import logging
from typing import Any

from redis.asyncio import Redis

from dialer.engine.outside import BLOCK_MS
from dialer.events import Event
from dialer.live import events_stream

log = logging.getLogger(__name__)
READ_COUNT = 500
MOST_WAITING = 5_000
BATCH = 200


class Inbox:
    """Events in their order, from a checkpoint on."""

    def __init__(self, client: Redis, campaign_id: int, checkpoint: str) -> None:
        self._client, self._stream, self._last = client, events_stream(campaign_id), checkpoint
        self._queue: asyncio.Queue[Event | None] = asyncio.Queue(MOST_WAITING)

    async def read_until(self, over: asyncio.Event) -> None:
        """Fill the inbox."""
        while not over.is_set():
            answer: Any = await self._client.xread(
                {self._stream: self._last}, count=READ_COUNT, block=BLOCK_MS
            )
            for _stream, entries in answer or ():
                for stream_id, fields in entries:
                    self._last = stream_id
                    await self._take_in(stream_id, fields)

    async def _take_in(self, stream_id: str, fields: dict[str, str]) -> None:
        try:
            event = Event.from_fields(fields, stream_id)
        except (KeyError, ValueError):
            log.exception("event %s cannot be read", stream_id)
            return
        await self._queue.put(event)

    async def take(self, seconds: float) -> list[Event]:
        """Return what is there, after waiting for at most so long."""
        if self._queue.empty():
            try:
                async with asyncio.timeout(max(0.0, seconds)):
                    found = [await self._queue.get()]
            except TimeoutError:
                return []
        else:
            found = []
        while not self._queue.empty() and len(found) < BATCH:
            found.append(self._queue.get_nowait())
        return [event for event in found if event is not None]

    def nudge(self) -> None:
        """Let `take` return though nothing happened."""
        if self._queue.empty():
            self._queue.put_nowait(None)
