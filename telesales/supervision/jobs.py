"""RQ jobs of supervision. Safe to run twice."""

import logging

from telesales.extensions import db, read_only, transaction
from telesales.supervision.service.agreeing import agree, list_disagreeing
from telesales.supervision.service.listening import tell_carrier
from telesales.tenancy.scope import every_client

log = logging.getLogger(__name__)


def end_forgotten_listening() -> None:
    """Whoever was to tell the carrier of a step died: record and carrier agree again."""
    with every_client():
        with read_only():
            forgotten = list_disagreeing()
            db.session.rollback()
        for supervisor_id in forgotten:
            with transaction():
                news = agree(supervisor_id)
            tell_carrier(news)
            log.warning("supervisor %s: a step that was not carried out was ended", supervisor_id)
        db.session.remove()
