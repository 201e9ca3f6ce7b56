"""Telling the dialer that a campaign changed. What is lost on the way is healed: engines read again by themselves."""

import logging

import redis
from blinker import Signal

from dialer.events import Event, EventKind
from dialer.live import CONTROL_STREAM, post_event
from telesales import clock
from telesales.committed import after_commit
from telesales.extensions import redis_client

MAX_CONTROL = 1_000
log = logging.getLogger(__name__)

staff_changed = Signal(
    "With ids of campaigns: who works for them, or with whom they share agents, is another after the commit."
)


def announce(kind: EventKind, *, campaign_id: int) -> None:
    """Post an event to the campaign's stream and wake the engines, once this unit of work is committed."""
    happened = Event(kind, clock.now().timestamp(), campaign_id)
    after_commit(lambda: post(happened))


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
