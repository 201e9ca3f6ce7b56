"""Reads the events of campaigns into memory. The reader blocks on Redis, the engine never does."""

import asyncio
import heapq
import logging
from collections.abc import Iterator, Mapping
from typing import Any, cast

from redis.asyncio import Redis

from dialer.core.floor.floor import place_of
from dialer.engine.outside import BLOCK_MS
from dialer.events import Event
from dialer.live import events_stream

log = logging.getLogger(__name__)
READ_COUNT = 500
MOST_WAITING = 5_000
MOST_ROUNDS = 20
BATCH = 200


class Inbox:
    """Events of campaigns that are led together, in the order in which they were posted, from checkpoints on."""

    def __init__(self, client: Redis, checkpoints: Mapping[int, str]) -> None:
        self._client = client
        self._last = _by_stream(checkpoints)
        self._queue: asyncio.Queue[Event | None] = asyncio.Queue(MOST_WAITING)

    async def read_until(self, over: asyncio.Event) -> None:
        """Fill the inbox."""
        while not over.is_set():
            for event in await _read_on(self._client, self._last, block=BLOCK_MS):
                await self._queue.put(event)

    async def read_rest(self, checkpoints: Mapping[int, str]) -> list[Event]:
        """Return what was posted after the checkpoints, read or not: the last words to a leader that goes."""
        last, rest = _by_stream(checkpoints), []
        for _round in range(MOST_ROUNDS):
            found = await _read_on(self._client, last)
            if not found:
                break
            rest += found
        return rest

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


def _by_stream(checkpoints: Mapping[int, str]) -> dict[str, str]:
    return {events_stream(campaign_id): checkpoint for campaign_id, checkpoint in checkpoints.items()}


async def _read_on(client: Redis, last: dict[str, str], *, block: int | None = None) -> list[Event]:
    """Read on in all streams; `last` moves with it. Of a stream that has much more the others wait for the rest."""
    answer: Any = await client.xread(cast(Any, last), count=READ_COUNT, block=block)
    found: dict[str, Any] = dict(answer or ())
    cut = min(
        (place_of(entries[-1][0]) for entries in found.values() if len(entries) == READ_COUNT), default=None
    )
    read = []
    for stream, entries in found.items():
        taken = [entry for entry in entries if cut is None or place_of(entry[0]) <= cut]
        if taken:
            last[stream] = taken[-1][0]
        read.append(_events(taken))
    return list(heapq.merge(*read, key=lambda event: (place_of(event.id)[0], event.at)))


def _events(entries: Any) -> Iterator[Event]:
    for stream_id, fields in entries:
        try:
            yield Event.from_fields(fields, stream_id)
        except (KeyError, ValueError):
            log.exception("event %s cannot be read", stream_id)
