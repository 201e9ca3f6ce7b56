"""What the desk tells the floor. What depends on saved rows is said after they are."""

from collections.abc import Callable

from sqlalchemy import event
from sqlalchemy.orm import Session

from telesales.agents.models import User
from telesales.calls import floor
from telesales.calls.models import CallAttempt
from telesales.calls.rules import DispositionCode
from telesales.extensions import db

_WAITING = "desk.floor_events"


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
def _tell(session: Session) -> None:
    if session.in_nested_transaction():
        return
    for tell in session.info.pop(_WAITING, ()):
        tell()


@event.listens_for(Session, "after_rollback")
def _forget(session: Session) -> None:
    session.info.pop(_WAITING, None)
