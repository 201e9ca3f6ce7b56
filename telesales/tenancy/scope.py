"""Which client's rows this unit of work may see. Without a scope, owned rows cannot be read at all."""

import contextlib
import functools
from collections.abc import Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import ClauseElement, Executable, Table, event
from sqlalchemy.orm import ORMExecuteState, Session, UOWTransaction, with_loader_criteria
from sqlalchemy.sql import visitors

from telesales.extensions import Base
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
    scope = _scope.get()
    if scope is None:
        _refuse_owned_tables(state.statement)
        return
    if scope.client_id is None or state.is_insert or state.is_relationship_load:
        return
    client_id = scope.client_id
    state.statement = state.statement.options(
        with_loader_criteria(ClientOwned, lambda cls: cls.client_id == client_id, include_aliases=True)
    )


def _refuse_owned_tables(statement: Executable) -> None:
    """Look into joins and subqueries too; only statements without a scope pay for it."""
    names = {
        element.name
        for element in visitors.iterate(cast("ClauseElement", statement))
        if isinstance(element, Table)
    }
    owned = names & _owned_tables()
    if owned:
        raise ClientScopeError(f"no client scope for {', '.join(sorted(owned))}")


@functools.cache
def _owned_tables() -> set[str]:
    owned = [mapper.class_ for mapper in Base.registry.mappers if issubclass(mapper.class_, ClientOwned)]
    return {cast("Any", cls).__tablename__ for cls in owned}


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
