"""An event loop that skips the time in which nothing happens: an hour of a floor in minutes.

Work takes as long as it takes. When all that is left is to wait for a moment to come, it comes at once. Commands that
Redis answers by itself, and threads, are waited for in real time.
"""

import asyncio
import selectors
from concurrent.futures import Executor
from typing import Any

import redis.asyncio

GRACE = 0.001  # real seconds in which something that is on its way may still arrive
LONGEST = 0.05
BLOCKING = frozenset({"BLOCK", "BLPOP"})


class SkippingLoop(asyncio.SelectorEventLoop):
    """Its clock runs with the real one, and jumps to the next timer when nothing is on its way."""

    def __init__(self) -> None:
        self.skipped = 0.0
        self.underway = 0
        super().__init__(SkippingSelector(self))

    def time(self) -> float:
        return super().time() + self.skipped

    def run_in_executor(self, executor: Executor | None, func: Any, *args: Any) -> Any:
        future = super().run_in_executor(executor, func, *args)
        self.underway += 1
        future.add_done_callback(self._arrived)
        return future

    def _arrived(self, _future: Any) -> None:
        self.underway -= 1


class SkippingSelector(selectors.DefaultSelector):
    """Waits for what is on its way, else not at all."""

    def __init__(self, loop: SkippingLoop) -> None:
        super().__init__()
        self._loop = loop

    def select(self, timeout: float | None = None) -> Any:
        if timeout is not None and timeout <= GRACE:
            return super().select(timeout)
        found = super().select(GRACE)
        if found:
            return found
        if timeout is None or self._loop.underway:
            return super().select(LONGEST if timeout is None else min(timeout, LONGEST))
        self._loop.skipped += timeout - GRACE
        return found


class CountedConnection(redis.asyncio.Connection):
    """Lets the loop know that an answer of Redis is on its way."""

    _blocks = False

    async def send_command(self, *args: Any, **options: Any) -> None:
        words = {arg.decode() if isinstance(arg, bytes) else arg for arg in args[:8]}
        self._blocks = not BLOCKING.isdisjoint(words)
        await super().send_command(*args, **options)

    async def read_response(self, *args: Any, **options: Any) -> Any:
        loop = asyncio.get_running_loop()
        if self._blocks or not isinstance(loop, SkippingLoop):
            return await super().read_response(*args, **options)
        loop.underway += 1
        try:
            return await super().read_response(*args, **options)
        finally:
            loop.underway -= 1


def connect(url: str) -> "redis.asyncio.Redis":
    """A client without time limits: a second of this loop is no second of Redis."""
    pool = redis.asyncio.ConnectionPool.from_url(
        url, connection_class=CountedConnection, decode_responses=True, socket_timeout=None
    )
    return redis.asyncio.Redis.from_pool(pool)
