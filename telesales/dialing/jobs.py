"""RQ jobs of dialing. Plain ids in, safe to run twice."""

import logging

from telesales.dialing import settling
from telesales.dialing.decisions.recording import forget_some_decisions
from telesales.extensions import db, transaction
from telesales.tenancy.scope import every_client

log = logging.getLogger(__name__)


def settle_call(attempt_id: int) -> None:
    """Settle one ended call."""
    with every_client(), transaction():
        settling.settle(attempt_id)


def settle_forgotten_calls() -> None:
    """Settle what no job came for, and free leads that nobody has decided about."""
    with every_client():
        with transaction():
            forgotten = settling.forgotten_calls()
        for attempt_id in forgotten:
            settle_call(attempt_id)
        with transaction():
            freed = settling.free_silent_leads()
        db.session.remove()
    if forgotten or freed:
        log.warning("settled %s forgotten calls, freed %s leads", len(forgotten), freed)


def forget_old_decisions() -> None:
    """Delete decisions that nobody has to be told of any more, a few at a time."""
    with every_client():
        while _forget_some():
            db.session.remove()


def _forget_some() -> int:
    with transaction():
        return forget_some_decisions()
