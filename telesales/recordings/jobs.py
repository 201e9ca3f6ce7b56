"""RQ jobs of recordings. Safe to run twice."""

import logging
from collections.abc import Callable, Sequence

from flask import current_app

from telesales import clock
from telesales.extensions import db, transaction
from telesales.recordings import forgetting
from telesales.recordings.models import Recording
from telesales.recordings.spooling import Spooling
from telesales.recordings.stores import StoreUnavailableError
from telesales.tenancy.scope import every_client

log = logging.getLogger(__name__)


def keep_spooled_recordings() -> None:
    """Keep what carriers have put into the spool of this machine; a file has its name only when it is whole."""
    Spooling(current_app._get_current_object()).run()  # type: ignore[attr-defined]


def forget_old_recordings() -> None:
    """Delete what has been kept for as many days as its campaign says, and end deletions that were begun."""
    forgotten = 0
    with every_client():
        try:
            for choose in (forgetting.unfinished_recordings, lambda: forgetting.due_recordings(clock.now())):
                while done := _forget(choose):
                    forgotten += done
            forgetting.tidy_store()
        except StoreUnavailableError as error:
            log.warning("old recordings are not deleted yet: %s", error)
        finally:
            db.session.remove()
    if forgotten:
        log.info("deleted %s recordings whose days are over", forgotten)


def _forget(choose: Callable[[], Sequence[Recording]]) -> int:
    with transaction():
        chosen = forgetting.begin_deleting(choose(), forgetting.RETENTION)
        db.session.expunge_all()  # deleting files takes a while: no lock is held meanwhile
    forgetting.delete_files(chosen)
    with transaction():
        forgetting.mark_deleted(chosen)
    return len(chosen)
