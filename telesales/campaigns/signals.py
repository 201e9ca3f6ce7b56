"""Telling the dialer that a campaign changed. What is lost on the way is healed: engines read again by themselves."""

import logging
from collections.abc import Callable

import redis
from blinker import Signal
from sqlalchemy import event
from sqlalchemy.orm import Session

from dialer.events import Event, EventKind
from dialer.live import CONTROL_STREAM, post_event
from telesales import clock
from telesales.extensions import db, redis_client

MAX_CONTROL = 1_000
_WAITING = "campaigns.signals"
log = logging.getLogger(__name__)

staff_changed = Signal(
    "With ids of campaigns: who works for them, or with whom they share agents, is another after the commit."
)


def announce(kind: EventKind, *, campaign_id: int) -> None:
    """Post an event to the campaign's stream and wake the engines, once this unit of work is committed."""
    happened = Event(kind, clock.now().timestamp(), campaign_id)
    after_commit(lambda: post(happened))


def after_commit(tell: Callable[[], None]) -> None:
    """Do this once this unit of work is committed."""
    waiting: list[Callable[[], None]] = db.session().info.setdefault(_WAITING, [])
    waiting.append(tell)


def post(happened: Event) -> None:
    """Post at once."""
    try:
        pipe = redis_client().pipeline(transaction=False)
        post_event(pipe, happened)
        pipe.xadd(
            CONTROL_STREAM,
            {"kind": happened.kind.value, "campaign": str(happened.campaign_id)},
            maxlen=MAX_CONTROL,
            approximate=True,
        )
        pipe.execute()
    except redis.RedisError:
        log.warning("the dialer was not told", extra={"campaign": happened.campaign_id}, exc_info=True)


@event.listens_for(Session, "after_commit")
def _post_waiting(session: Session) -> None:
    if session.get_nested_transaction() is not None:
        return  # a savepoint: the unit of work goes on
    for tell in session.info.pop(_WAITING, ()):
        tell()


@event.listens_for(Session, "after_rollback")
def _forget_waiting(session: Session) -> None:
    if session.get_nested_transaction() is not None:
        return  # told once too often: engines only look again
    session.info.pop(_WAITING, None)
