"""What is done once a unit of work is committed: what it tells is true by then, and its session is closed.

During the commit itself nothing is done: a failure there would leave the session half closed. What is rolled back, wholly
or to a savepoint, is forgotten.
"""

from collections.abc import Callable
from typing import Any, Generic, TypeVar

from sqlalchemy import event
from sqlalchemy.orm import Session, SessionTransaction

from telesales.extensions import db

_WAITING = "committed.waiting"
_MARKS = "committed.marks"  # savepoint -> how many things waited when it was set
_READY = "committed.ready"

Item = TypeVar("Item")


class Outbox(Generic[Item]):
    """Things of one kind, delivered together and in their order."""

    def __init__(self, deliver: Callable[[list[Item], Session], None]) -> None:
        self.deliver = deliver

    def add(self, item: Item) -> None:
        """Deliver this once the unit of work is committed."""
        db.session().info.setdefault(_WAITING, []).append((self, item))


def after_commit(work: Callable[[], None]) -> None:
    """Do this once the unit of work is committed. Its error comes out of the commit, after all else was done."""
    _works.add(work)


def _do_all(works: list[Callable[[], None]], _session: Session) -> None:
    _try_each([(work, ()) for work in works])


def _try_each(calls: list[tuple[Callable[..., None], tuple[Any, ...]]]) -> None:
    """Whatever becomes of one, the others are done."""
    first: Exception | None = None
    for call, arguments in calls:
        try:
            call(*arguments)
        except Exception as error:
            first = first or error
    if first is not None:
        raise first


_works: Outbox[Callable[[], None]] = Outbox(_do_all)


@event.listens_for(Session, "after_transaction_create")
def _mark_savepoint(session: Session, transaction: SessionTransaction) -> None:
    if transaction.nested:
        session.info.setdefault(_MARKS, {})[transaction] = len(session.info.get(_WAITING, ()))


@event.listens_for(Session, "after_rollback")
def _forget(session: Session) -> None:
    marks = session.info.get(_MARKS, {})
    del session.info.get(_WAITING, [])[marks.get(session.get_nested_transaction(), 0) :]


@event.listens_for(Session, "after_commit")
def _note_commit(session: Session) -> None:
    if session.get_nested_transaction() is None:
        session.info[_READY] = session.info.pop(_WAITING, [])


@event.listens_for(Session, "after_transaction_end")
def _deliver(session: Session, transaction: SessionTransaction) -> None:
    session.info.get(_MARKS, {}).pop(transaction, None)
    if transaction.parent:
        return
    session.info.pop(_WAITING, None)  # it was closed without a commit
    by_outbox: dict[Outbox[Any], list[Any]] = {}
    for outbox, item in session.info.pop(_READY, ()):
        by_outbox.setdefault(outbox, []).append(item)
    _try_each([(outbox.deliver, (items, session)) for outbox, items in by_outbox.items()])
