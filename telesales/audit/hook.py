"""In tests, a change through the web that nobody recorded is an error.

Facts (`AppendOnly`) tell their own story. Other tables that do name it: `own_history = "why"` on the model.
"""

from flask import Flask, g, has_request_context
from sqlalchemy import event
from sqlalchemy.orm import ORMExecuteState, Session, UOWTransaction

from telesales.audit.models import AuditEntry
from telesales.extensions import AppendOnly, db

TOLD_ELSEWHERE = frozenset({"sign_in_sessions", "sign_in_links"})


class UnauditedChangeError(Exception):
    """A request changed rows and left no audit entry."""


def init_app(app: Flask) -> None:
    """Watch the sessions of web requests; only tests do."""
    if not app.testing:
        return
    app.before_request(_watch)
    session = db.session.session_factory
    for name, listener in (
        ("before_flush", _note_rows),
        ("do_orm_execute", _note_bulk),
        ("before_commit", _check),
        ("after_rollback", _forget),
    ):
        if not event.contains(session, name, listener):
            event.listen(session, name, listener)


def _watch() -> None:
    g.is_audit_watched = True


def _is_watched() -> bool:
    return has_request_context() and bool(g.get("is_audit_watched"))


def _note_rows(session: Session, _context: UOWTransaction, _instances: object) -> None:
    changed = [*session.new, *session.deleted, *(row for row in session.dirty if session.is_modified(row))]
    _note({type(row) for row in changed})


def _note_bulk(state: ORMExecuteState) -> None:
    if state.is_insert or state.is_update or state.is_delete:
        _note({mapper.class_ for mapper in state.all_mappers})


def _note(classes: set[type]) -> None:
    if not _is_watched():
        return
    changed: set[str] = g.setdefault("unaudited", set())
    if AuditEntry in classes:
        g.is_audited = True
    changed.update(cls.__name__ for cls in classes if not _tells_its_own_story(cls))


def _tells_its_own_story(cls: type) -> bool:
    return (
        issubclass(cls, AppendOnly)
        or bool(getattr(cls, "own_history", ""))
        or getattr(cls, "__tablename__", "") in TOLD_ELSEWHERE
    )


def _check(session: Session) -> None:
    if not _is_watched() or session.in_nested_transaction():
        return  # a savepoint: the unit of work goes on
    session.flush()
    changed, is_audited = g.get("unaudited"), g.get("is_audited", False)
    _forget(session)
    if changed and not is_audited:
        raise UnauditedChangeError(
            f"no audit entry for changed {', '.join(sorted(changed))}: call audit.record()"
        )


def _forget(_session: Session) -> None:
    if _is_watched():
        g.pop("unaudited", None)
        g.pop("is_audited", None)
