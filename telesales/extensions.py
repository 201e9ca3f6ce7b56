"""Database and Redis: the shared objects, the column types, and who commits.

SQLite: every unit of work is BEGIN IMMEDIATE (a read that later writes would fail at random under
load), except reads, which are marked by `read_only()`. Measured in `docs/decisions.md`.
"""

import contextlib
import json
from collections.abc import Collection, Iterator
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

import redis
from flask import Flask, current_app, request
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.pagination import Pagination
from rq import Queue
from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    DateTime,
    Dialect,
    Engine,
    Integer,
    MetaData,
    Select,
    any_,
    event,
    func,
    literal,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection
from sqlalchemy.orm import DeclarativeBase, ORMExecuteState, Session, UOWTransaction
from sqlalchemy.types import TypeDecorator

from dialer.queues import QueuePolicy

CONNECTION_WAIT_MS = 5_000
_read_only: ContextVar[bool] = ContextVar("read_only", default=False)


class Base(DeclarativeBase):
    """Base of all tables."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


MOST_PAGES = 1_000_000
MOST_ID = 2**63 - 1  # no database keeps a larger one


def row_id(text: str) -> int:
    """An id in a query string, for `request.args.get(…, type=row_id)`: what no row can have is as if left out."""
    found = int(text)
    if not 0 < found <= MOST_ID:
        raise ValueError(text)
    return found


class Database(SQLAlchemy):
    """The library's, with pages whose numbers no database is too small for."""

    def paginate(self, select: Select[Any], *, page: int | None = None, **options: Any) -> Pagination:
        """Return one page; `page`: unless told otherwise the one that the URL asks for."""
        asked = request.args.get("page", 1, type=int) if page is None else page
        return super().paginate(select, page=min(asked, MOST_PAGES), **options)


db = Database(model_class=Base)
migrate = Migrate(render_as_batch=True)


class UtcDateTime(TypeDecorator[datetime]):
    """Aware UTC in Python on every database."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive times; store UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("naive datetime")
        value = value.astimezone(UTC)
        return value if dialect.name != "sqlite" else value.replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give UTC back."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


NO_NUMBER = "+0"  # somebody who rings us may withhold the number: see `telesales.phone.WITHHELD`


class E164(TypeDecorator[str]):
    """A telephone number: "+12025550123" in Python, its digits as an integer in the database."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> int | None:
        """Take E.164 only."""
        if value is None:
            return None
        if value != NO_NUMBER and not (
            value.startswith("+") and value[1:].isdigit() and 5 <= len(value) <= 16
        ):
            raise ValueError(f"not E.164: {value!r}")
        return int(value[1:])

    def process_result_value(self, value: int | None, dialect: Dialect) -> str | None:
        """Give the plus back."""
        return None if value is None else f"+{value}"


BigId = BigInteger().with_variant(Integer(), "sqlite")


class AppendOnly:
    """A fact: rows are inserted and never changed. Database triggers say the same (see migrations)."""


class AppendOnlyError(Exception):
    """Somebody tried to edit a fact."""


class ReadOnlyError(Exception):
    """Somebody tried to write in a read-only unit."""


@event.listens_for(Session, "before_flush")
def _guard_facts(session: Session, _context: UOWTransaction, _instances: object) -> None:
    for row in (*session.dirty, *session.deleted):
        if isinstance(row, AppendOnly) and (row in session.deleted or session.is_modified(row)):
            raise AppendOnlyError(f"{type(row).__name__} rows are facts: add a new row instead")
    if _read_only.get() and (session.new or session.deleted or any(map(session.is_modified, session.dirty))):
        raise ReadOnlyError("a read-only unit of work tried to write")


@event.listens_for(Session, "do_orm_execute")
def _guard_bulk_changes(state: ORMExecuteState) -> None:
    if not (state.is_update or state.is_delete):
        return
    for mapper in state.all_mappers:
        if issubclass(mapper.class_, AppendOnly):
            raise AppendOnlyError(f"{mapper.class_.__name__} rows are facts: add a new row instead")
    if _read_only.get():
        raise ReadOnlyError("a read-only unit of work tried to write")


@event.listens_for(Engine, "connect")
def _prepare_sqlite(connection: Any, _record: object) -> None:
    if type(connection).__module__.startswith("sqlite3"):
        connection.isolation_level = None  # we say BEGIN ourselves
        cursor = connection.cursor()
        for pragma in (
            "journal_mode=WAL",
            "synchronous=NORMAL",
            "foreign_keys=ON",
            f"busy_timeout={CONNECTION_WAIT_MS}",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()


@event.listens_for(Engine, "begin")
def _begin_sqlite(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN" if _read_only.get() else "BEGIN IMMEDIATE")


@contextlib.contextmanager
def read_only() -> Iterator[None]:
    """Inside the block the database is only read; writers are not held up."""
    token = _read_only.set(True)
    try:
        yield
    finally:
        _read_only.reset(token)


@contextlib.contextmanager
def writing() -> Iterator[None]:
    """Inside the block a read-only unit may write after all (a sign-in link followed by GET)."""
    db.session.rollback()
    token = _read_only.set(False)
    try:
        yield
    finally:
        _read_only.reset(token)


def set_read_only(value: bool) -> None:
    """Set for the rest of this context; used by the request hooks in `app.py`."""
    _read_only.set(value)


@contextlib.contextmanager
def transaction() -> Iterator[Session]:
    """Commit once at the end of the block, roll back on error. The outermost caller uses it."""
    session: Session = db.session()
    try:
        yield session
        session.commit()
    except BaseException:
        session.rollback()
        raise


def insert_into(table: Any) -> Any:
    """An INSERT that knows ON CONFLICT, in the dialect of the database at hand."""
    is_postgresql = db.session.get_bind().dialect.name == "postgresql"
    return postgresql.insert(table) if is_postgresql else sqlite.insert(table)


def is_among(column: Any, numbers: Collection[str]) -> ColumnElement[bool]:
    """`column IN numbers` (E.164) with one parameter however many they are: thousands cost microseconds each."""
    digits = [int(number[1:]) for number in numbers]
    if db.session.get_bind().dialect.name == "postgresql":
        among: ColumnElement[bool] = column == any_(literal(digits, ARRAY(BigInteger)))
        return among
    listed = func.json_each(json.dumps(digits)).table_valued("value")
    among = column.in_(select(listed.c.value))
    return among  # noqa: RET504 - the name gives the type


def redis_client() -> redis.Redis:
    """Return the application's Redis connection pool (answers are strings)."""
    client: redis.Redis = current_app.extensions["redis"]
    return client


def enqueue(policy: QueuePolicy, function: str, *arguments: Any) -> None:
    """Queue a job by the name of its function. Call it after the commit: a worker may be faster than we are."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    if "rq_redis" not in app.extensions:
        url = app.config["TELESALES"].redis_url or "redis://127.0.0.1:6379/0"
        app.extensions["rq_redis"] = redis.Redis.from_url(url)  # RQ stores bytes: nothing is decoded
    queue = Queue(policy.name, connection=app.extensions["rq_redis"])
    queue.enqueue(
        function, args=arguments, job_timeout=policy.timeout, result_ttl=0, failure_ttl=policy.failure_ttl
    )
