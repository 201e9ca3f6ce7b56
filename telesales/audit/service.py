"""Recording changes."""

from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from telesales.audit.models import AuditEntry
from telesales.extensions import db


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts in this unit of work."""

    user_id: int | None
    name: str


SYSTEM = Actor(None, "system")
_actor: ContextVar[Actor] = ContextVar("actor", default=SYSTEM)


def set_actor(actor: Actor) -> None:
    """Say who acts for the rest of this context."""
    _actor.set(actor)


def current_actor() -> Actor:
    """Return who acts."""
    return _actor.get()


def record(action: str, subject: Any = None, **details: Any) -> None:
    """Add an audit row to the unit of work. `details` must be JSON; never put secrets there."""
    actor = _actor.get()
    if subject is not None and subject.id is None:
        db.session.flush()
    db.session.add(
        AuditEntry(
            actor_id=actor.user_id,
            actor=actor.name,
            action=action,
            subject_type="" if subject is None else type(subject).__name__,
            subject_id=None if subject is None else subject.id,
            client_id=getattr(subject, "client_id", None),
            details=details,
        )
    )
