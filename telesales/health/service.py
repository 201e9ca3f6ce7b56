"""Checks of the parts of a floor."""

from dataclasses import dataclass

import redis
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from dialer.live import alive_key
from dialer.queues import QUEUES
from dialer.spool_news import read_spools
from telesales import clock
from telesales.extensions import db, redis_client

LONG_SECONDS = 3_600.0  # a recording that is not kept for so long


@dataclass(frozen=True, slots=True)
class Part:
    """One part and what is known of it."""

    ok: bool
    detail: str


def check_parts() -> dict[str, Part]:
    """Look at database, redis, workers, dialer, clock, carrier, recorder, push and recordings on their way."""
    parts = {"database": _check_database(), "redis": _check_redis()}
    if not parts["redis"].ok:
        away = Part(False, "unknown while redis is away")
        names = ("workers", "dialer", "clock", "carrier", "recorder", "push", "recordings")
        return parts | dict.fromkeys(names, away)
    parts["workers"] = _check_workers()
    for name, key in (
        ("dialer", "engine"),
        ("clock", "clock"),
        ("carrier", "carrier"),
        ("recorder", "recorder"),
        ("push", "push"),
    ):
        parts[name] = _check_alive(key)
    parts["recordings"] = _check_recordings()
    return parts


def _check_recordings() -> Part:
    """Recordings that are not kept yet lie unencrypted on one disk. What was set aside is told, and is no reason to turn people away."""
    spools = read_spools(redis_client())
    waiting, aside = sum(spool.waiting for spool in spools), sum(spool.aside for spool in spools)
    oldest = max(
        (clock.now().timestamp() - spool.oldest_at for spool in spools if spool.waiting), default=0.0
    )
    told = f"{waiting} wait, the oldest for {max(0, round(oldest / 60))} min; {aside} set aside"
    return Part(oldest < LONG_SECONDS, told if waiting or aside else "none waits")


def _check_database() -> Part:
    try:
        db.session.execute(text("select 1"))
    except SQLAlchemyError as error:
        return Part(False, type(error).__name__)
    return Part(True, db.engine.dialect.name)


def _check_redis() -> Part:
    try:
        redis_client().ping()
    except redis.RedisError as error:
        return Part(False, type(error).__name__)
    return Part(True, "answers")


def _check_workers() -> Part:
    missing = [queue.name for queue in QUEUES if not _count_alive(f"worker-{queue.name}")]
    if missing:
        return Part(False, f"no worker for {', '.join(missing)}")
    return Part(True, f"{sum(_count_alive(f'worker-{queue.name}') for queue in QUEUES)} workers")


def _check_alive(part: str) -> Part:
    count = _count_alive(part)
    return Part(count > 0, f"{count} running" if count else "not running")


def _count_alive(part: str) -> int:
    return sum(1 for _ in redis_client().scan_iter(match=alive_key(part, "*"), count=1000))
