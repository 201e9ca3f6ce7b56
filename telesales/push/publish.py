"""Publishing. What depends on a unit of work is sent after its commit and forgotten on rollback."""

import logging
from collections.abc import Callable
from typing import Any, NamedTuple

import redis
from sqlalchemy.orm import Session

from telesales.committed import Outbox
from telesales.extensions import read_only, redis_client
from telesales.push.messages import STREAM, STREAM_LENGTH, stream_fields

log = logging.getLogger(__name__)


class Pending(NamedTuple):
    """A message that waits for the commit; callable data is asked for after it."""

    topic: str
    event: str
    data: Any | Callable[[], Any]


def publish(topic: str, event: str, data: Any) -> None:
    """Send now, whatever becomes of the unit of work."""
    _add(redis_client(), topic, event, data)


def publish_after_commit(topic: str, event: str, data_or_callable: Any | Callable[[], Any]) -> None:
    """Send once the unit of work is committed. Failing to send is logged and changes nothing else."""
    _outbox.add(Pending(topic, event, data_or_callable))


def _add(client: redis.Redis, topic: str, event: str, data: Any) -> None:
    client.xadd(STREAM, stream_fields(topic, event, data), maxlen=STREAM_LENGTH, approximate=True)  # type: ignore[arg-type]


def _send_committed(messages: list[Pending], session: Session) -> None:
    try:
        _send(messages, session)
    except redis.RedisError as error:
        log.error("%s pushed messages were lost: %s", len(messages), error)


def _send(messages: list[Pending], session: Session) -> None:
    ready = [Pending(topic, event, _data_now(data, session)) for topic, event, data in messages]
    with redis_client().pipeline(transaction=False) as pipe:
        for message in ready:
            _add(pipe, *message)
        pipe.execute()


def _data_now(data: Any, session: Session) -> Any:
    if not callable(data):
        return data
    with read_only():
        try:
            return data()
        finally:
            session.rollback()  # do not leave a transaction open behind a committed one


_outbox = Outbox(_send_committed)
