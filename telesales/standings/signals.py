"""What boards above listen to. Sent after the commit: what it tells is true."""

import logging
from dataclasses import dataclass

from blinker import Namespace
from sqlalchemy import event
from sqlalchemy.orm import Session, SessionTransaction

from telesales.extensions import db

log = logging.getLogger(__name__)
_signals = Namespace()
standings_changed = _signals.signal("standings-changed")  # sender: Change
_WAITING = "standings_waiting"
_COMMITTED = "standings_committed"


@dataclass(frozen=True, slots=True)
class Change:
    """A sale that moved the standings. `kind`: "saved" or "cancelled"."""

    kind: str
    sale_id: int
    user_id: int
    campaign_id: int
    client_id: int


def tell_after_commit(change: Change) -> None:
    """Send `standings_changed` once the unit of work is committed."""
    db.session().info.setdefault(_WAITING, []).append(change)


@event.listens_for(Session, "after_commit")
def _note_commit(session: Session) -> None:
    if session.get_nested_transaction() is None:
        session.info[_COMMITTED] = session.info.pop(_WAITING, [])


@event.listens_for(Session, "after_transaction_end")
def _tell(session: Session, transaction: SessionTransaction) -> None:
    if transaction.parent:
        return
    session.info.pop(_WAITING, None)
    for change in session.info.pop(_COMMITTED, ()):
        try:
            standings_changed.send(change)
        except Exception:  # whatever a board does, the sale is saved and its answer must reach the agent
            log.exception("a board was not told", extra={"sale": change.sale_id})
