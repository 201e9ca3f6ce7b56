"""What is known of the spools of all machines, in Redis: how much waits, what was set aside, what was never recorded."""

import json
import socket
from collections.abc import Awaitable
from dataclasses import asdict, dataclass
from typing import Any, cast

import redis
import redis.asyncio

SPOOL_KEYS = "ts:recordings:spool:"
LOST_KEY = "ts:recordings:lost"
REPORT_SECONDS = 600  # a machine that tells nothing for so long has no worker
LOST_SECONDS = 7 * 86_400
MOST_LOST = 1_000


@dataclass(frozen=True, slots=True)
class SpoolReport:
    """One machine's spool, as its worker saw it last. Times are seconds since 1970."""

    machine: str
    folder: str
    waiting: int
    oldest_at: float  # since when the oldest file waits; 0 when none does
    aside: int
    why: str = ""  # the file that has waited longest was not kept, or nothing was


@dataclass(frozen=True, slots=True)
class LostRecording:
    """A side of a call of which a node made no file."""

    at: float
    node: str
    name: str
    why: str


def tell_spool(client: redis.Redis, folder: str, **counts: Any) -> None:
    """Write down what this machine's spool holds."""
    report = SpoolReport(socket.gethostname(), folder, **counts)
    client.set(f"{SPOOL_KEYS}{report.machine}:{folder}", json.dumps(asdict(report)), ex=REPORT_SECONDS)


def read_spools(client: redis.Redis) -> list[SpoolReport]:
    """The spools of all machines, by name."""
    names = sorted(client.scan_iter(match=f"{SPOOL_KEYS}*", count=1000))
    found = cast("list[str | None]", client.mget(names)) if names else []
    return [SpoolReport(**json.loads(text)) for text in found if text]


async def tell_lost(client: "redis.asyncio.Redis", lost: LostRecording) -> None:
    """Write down that a node made no file."""
    async with client.pipeline(transaction=True) as pipe:
        pipe.lpush(LOST_KEY, json.dumps(asdict(lost)))
        pipe.ltrim(LOST_KEY, 0, MOST_LOST - 1)
        pipe.expire(LOST_KEY, LOST_SECONDS)
        await cast("Awaitable[Any]", pipe.execute())


def read_lost(client: redis.Redis, now: float) -> list[LostRecording]:
    """Sides that were not recorded in the last seven days, the newest first."""
    found = [LostRecording(**json.loads(text)) for text in cast("list[str]", client.lrange(LOST_KEY, 0, -1))]
    return [lost for lost in found if lost.at > now - LOST_SECONDS]
