"""What the engine is given."""

import asyncio
import contextlib
from dataclasses import dataclass

from redis.asyncio import Redis as AsyncRedis
from redis.asyncio.retry import Retry as AsyncRetry
from redis.backoff import NoBackoff
from redis.client import Redis

from dialer.ports import CallLog, Campaigns

TIMEOUT_SECONDS = 5.0
BLOCK_MS = 2_000  # of the readers; never used as a clock


async def pause(over: asyncio.Event, seconds: float) -> None:
    """Sleep, but not when it is over. Loops look at the event too: redis-py can swallow that a task was cancelled."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await over.wait()


@dataclass(frozen=True, slots=True)
class Outside:
    """The application and Redis. Nothing is retried by the client: a write whose fate is unknown is read back."""

    campaigns: Campaigns
    call_log: CallLog
    redis_url: str

    def connect(self) -> AsyncRedis:
        """Return a connection pool for the event loop."""
        return AsyncRedis.from_url(
            self.redis_url,
            decode_responses=True,
            socket_timeout=TIMEOUT_SECONDS,
            socket_connect_timeout=TIMEOUT_SECONDS,
            retry=AsyncRetry(NoBackoff(), 0),
        )

    def connect_for_jobs(self) -> Redis:
        """Return a connection pool for RQ and for threads."""
        return Redis.from_url(
            self.redis_url, socket_timeout=TIMEOUT_SECONDS, socket_connect_timeout=TIMEOUT_SECONDS
        )
