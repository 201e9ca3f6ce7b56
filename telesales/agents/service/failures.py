"""Failed sign-ins, counted per e-mail whether or not anybody has it: the answer then tells nothing.

They live in Redis: an attack must not hold the database's write lock.
"""

from collections.abc import Collection
from datetime import datetime, timedelta

from telesales import clock
from telesales.agents.rules import lock_after
from telesales.agents.service.tokens import hash_of
from telesales.extensions import redis_client

FORGET_AFTER = timedelta(days=1)


def locked_until(email: str) -> datetime | None:
    """Return until when sign-in with this e-mail waits."""
    return _still_to_come(redis_client().hget(_key(email), "locked_until"))


def locked_among(emails: Collection[str]) -> dict[str, datetime]:
    """Return which of these addresses wait, and until when."""
    pipeline = redis_client().pipeline(transaction=False)
    for email in emails:
        pipeline.hget(_key(email), "locked_until")
    answers = zip(emails, map(_still_to_come, pipeline.execute()), strict=True)
    return {email: until for email, until in answers if until}


def _still_to_come(raw: object) -> datetime | None:
    until = datetime.fromisoformat(str(raw)) if raw else None
    return until if until and until > clock.now() else None


def count_failure(email: str) -> datetime | None:
    """Count one; return until when sign-in waits now."""
    key = _key(email)
    redis = redis_client()
    failures = int(redis.hincrby(key, "count", 1))
    wait = lock_after(failures)
    until = clock.now() + wait if wait else None
    if until:
        redis.hset(key, "locked_until", until.isoformat())
    redis.expire(key, FORGET_AFTER)
    return until


def forget_failures(email: str) -> None:
    """Start again: the person signed in, or somebody who may unlocked them."""
    redis_client().delete(_key(email))


def _key(email: str) -> str:
    return f"sign-in:failures:{hash_of(email)}"
