"""What the desk tells the floor. What depends on saved rows is said after they are."""

from collections.abc import Callable

from sqlalchemy import event
from sqlalchemy.orm import Session, SessionTransaction

from telesales.agents.models import User
from telesales.calls import floor
from telesales.calls.models import CallAttempt
from telesales.calls.rules import DispositionCode
from telesales.extensions import db

_WAITING = "desk.floor_events"
_COMMITTED = "desk.floor_events.committed"


def say_step(user: User, attempt: CallAttempt, index: int) -> None:
    """The agent stands at another step of the script."""
    user_id, attempt_id = user.id, attempt.id
    _after_commit(lambda: floor.step(user_id, attempt_id, index))


def say_wrapped_up(user: User, attempt: CallAttempt, code: str) -> None:
    """The outcome is saved: the agent may have the next call."""
    user_id, attempt_id, is_machine = user.id, attempt.id, code == DispositionCode.MACHINE
    _after_commit(lambda: floor.wrapped_up(user_id, attempt_id, is_machine=is_machine))


def _after_commit(tell: Callable[[], None]) -> None:
    db.session().info.setdefault(_WAITING, []).append(tell)


@event.listens_for(Session, "after_commit")
def _note_commit(session: Session) -> None:
    if not session.in_nested_transaction():
        session.info[_COMMITTED] = session.info.pop(_WAITING, [])


@event.listens_for(Session, "after_transaction_end")
def _tell(session: Session, transaction: SessionTransaction) -> None:
    """Not during the commit: a floor that cannot be told must not leave the session half closed."""
    if transaction.parent:
        return
    session.info.pop(_WAITING, None)  # it was closed without a commit
    for tell in session.info.pop(_COMMITTED, ()):
        tell()
