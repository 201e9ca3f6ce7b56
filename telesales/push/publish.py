"""Sending messages to the push server through one Redis stream."""

import json
import logging
from collections.abc import Callable
from typing import Any

import redis
from sqlalchemy import event
from sqlalchemy.orm import Session

from telesales.extensions import db, redis_client

log = logging.getLogger(__name__)
STREAM = "ts:push"
MAX_MESSAGES = 20_000
_PENDING = "push_messages"


def publish(topic: str, event_name: str, data: Any) -> None:
    """Send now. A Redis failure is logged: a message is news, not a fact."""
    fields: Any = {"topic": topic, "event": event_name, "data": json.dumps(data, separators=(",", ":"))}
    try:
        redis_client().xadd(STREAM, fields, maxlen=MAX_MESSAGES, approximate=True)
    except redis.RedisError:
        log.warning("push message lost", extra={"topic": topic, "event": event_name})


def publish_after_commit(topic: str, event_name: str, data: Any | Callable[[], Any]) -> None:
    """Send when the unit of work is committed; forget it when it is rolled back."""
    db.session().info.setdefault(_PENDING, []).append((topic, event_name, data))


@event.listens_for(Session, "after_commit")
def _send_pending(session: Session) -> None:
    for topic, event_name, data in session.info.pop(_PENDING, ()):
        publish(topic, event_name, data() if callable(data) else data)


@event.listens_for(Session, "after_rollback")
def _drop_pending(session: Session) -> None:
    session.info.pop(_PENDING, None)
