"""Which client's rows this unit of work may see. Without a scope, owned rows cannot be read at all."""

import contextlib
from collections.abc import Iterator
from contextvars import ContextVar
from dataclasses import dataclass

from sqlalchemy import event
from sqlalchemy.orm import ORMExecuteState, Session, UOWTransaction, with_loader_criteria

from telesales.tenancy.models import ClientOwned


@dataclass(frozen=True, slots=True)
class Scope:
    """`client_id` None means every client, said on purpose."""

    client_id: int | None


class ClientScopeError(Exception):
    """A query forgot whose data it reads, or wrote outside its scope."""


_scope: ContextVar[Scope | None] = ContextVar("client_scope", default=None)


def set_scope(scope: Scope | None) -> None:
    """Set for the rest of this context; used when a request knows its person."""
    _scope.set(scope)


def current_scope() -> Scope | None:
    """Return the scope in force."""
    return _scope.get()


@contextlib.contextmanager
def client_scope(client_id: int) -> Iterator[None]:
    """See one client's rows."""
    token = _scope.set(Scope(client_id))
    try:
        yield
    finally:
        _scope.reset(token)


@contextlib.contextmanager
def every_client() -> Iterator[None]:
    """See all clients' rows: for jobs, the engine and boards of the whole centre."""
    token = _scope.set(Scope(None))
    try:
        yield
    finally:
        _scope.reset(token)


@event.listens_for(Session, "do_orm_execute")
def _limit_to_scope(state: ORMExecuteState) -> None:
    owned = [mapper.class_ for mapper in state.all_mappers if issubclass(mapper.class_, ClientOwned)]
    scope = _scope.get()
    if owned and scope is None:
        raise ClientScopeError(f"no client scope for {', '.join(sorted(cls.__name__ for cls in owned))}")
    if scope is None or scope.client_id is None or state.is_insert or state.is_relationship_load:
        return
    client_id = scope.client_id
    state.statement = state.statement.options(
        with_loader_criteria(ClientOwned, lambda cls: cls.client_id == client_id, include_aliases=True)
    )


@event.listens_for(Session, "before_flush")
def _refuse_foreign_rows(session: Session, _context: UOWTransaction, _instances: object) -> None:
    scope = _scope.get()
    for row in (*session.new, *session.dirty, *session.deleted):
        if not isinstance(row, ClientOwned):
            continue
        if scope is None:
            raise ClientScopeError(f"no client scope while writing {type(row).__name__}")
        if scope.client_id is not None and row.client_id not in (None, scope.client_id):
            raise ClientScopeError(f"{type(row).__name__} belongs to another client")
