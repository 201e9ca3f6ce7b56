"""What a test sends to the database."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from telesales.extensions import db


@contextmanager
def noted_statements() -> Iterator[list[tuple[str, Any]]]:
    """Every statement from here on, with its parameters."""
    noted: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        noted.append((statement, parameters))

    db.event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield noted
    finally:
        db.event.remove(db.engine, "before_cursor_execute", note)


def count_statements(read: Callable[[], Any]) -> int:
    """How many statements this takes."""
    with noted_statements() as noted:
        read()
    return len(noted)
