"""Publishing. What depends on a unit of work is sent after its commit and forgotten on rollback."""

import logging
from collections.abc import Callable
from typing import Any, NamedTuple

import redis
from sqlalchemy import event as sqlalchemy_event
from sqlalchemy.orm import Session, SessionTransaction

from telesales.extensions import db, read_only, redis_client
from telesales.push.messages import STREAM, STREAM_LENGTH, stream_fields

log = logging.getLogger(__name__)
WAITING = "push_waiting"
MARKS = "push_marks"
COMMITTED = "push_committed"


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
    db.session().info.setdefault(WAITING, []).append(Pending(topic, event, data_or_callable))


def _add(client: redis.Redis, topic: str, event: str, data: Any) -> None:
    client.xadd(STREAM, stream_fields(topic, event, data), maxlen=STREAM_LENGTH, approximate=True)  # type: ignore[arg-type]


@sqlalchemy_event.listens_for(Session, "after_transaction_create")
def _mark_savepoint(session: Session, transaction: SessionTransaction) -> None:
    if transaction.nested:
        session.info.setdefault(MARKS, {})[transaction] = len(session.info.get(WAITING, ()))


@sqlalchemy_event.listens_for(Session, "after_rollback")
def _forget(session: Session) -> None:
    marks = session.info.get(MARKS, {})
    del session.info.get(WAITING, [])[marks.get(session.get_nested_transaction(), 0) :]


@sqlalchemy_event.listens_for(Session, "after_commit")
def _note_commit(session: Session) -> None:
    if session.get_nested_transaction() is None:
        session.info[COMMITTED] = session.info.pop(WAITING, [])


@sqlalchemy_event.listens_for(Session, "after_transaction_end")
def _send_committed(session: Session, transaction: SessionTransaction) -> None:
    session.info.get(MARKS, {}).pop(transaction, None)
    if transaction.parent:
        return
    session.info.pop(WAITING, None)  # it was closed without a commit
    committed = session.info.pop(COMMITTED, None)
    if not committed:
        return
    try:
        _send(committed, session)
    except redis.RedisError as error:
        log.error("%s pushed messages were lost: %s", len(committed), error)


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
