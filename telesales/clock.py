"""The one place that asks for the time. Tests freeze it."""

import contextlib
from collections.abc import Iterator
from contextvars import ContextVar
from datetime import UTC, datetime

_frozen: ContextVar[datetime | None] = ContextVar("frozen", default=None)


def now() -> datetime:
    """Aware UTC time."""
    return _frozen.get() or datetime.now(UTC)


@contextlib.contextmanager
def freeze(at: datetime) -> Iterator[None]:
    """Let `now()` answer `at` inside the block."""
    token = _frozen.set(at.astimezone(UTC))
    try:
        yield
    finally:
        _frozen.reset(token)
