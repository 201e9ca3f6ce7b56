"""Reading the audit trail."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select

from telesales.audit.models import AuditEntry


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditFilter:
    """Which entries are asked for; empty means all."""

    person: str = ""
    action: str = ""
    subject_type: str = ""
    subject_id: int | None = None
    since: datetime | None = None
    before: datetime | None = None
    client_id: int | None = None


def entries(wanted: AuditFilter) -> Select[Any]:
    """Return the query, latest first."""
    found = select(AuditEntry).order_by(AuditEntry.at.desc(), AuditEntry.id.desc())
    if wanted.person:
        found = found.where(AuditEntry.actor.icontains(wanted.person, autoescape=True))
    if wanted.action:
        found = found.where(AuditEntry.action.startswith(wanted.action, autoescape=True))
    if wanted.subject_type:
        found = found.where(AuditEntry.subject_type == wanted.subject_type)
    if wanted.subject_id is not None:
        found = found.where(AuditEntry.subject_id == wanted.subject_id)
    if wanted.client_id is not None:
        found = found.where(AuditEntry.client_id == wanted.client_id)
    return _between(found, wanted)


def _between(found: Select[Any], wanted: AuditFilter) -> Select[tuple[AuditEntry]]:
    if wanted.since is not None:
        found = found.where(AuditEntry.at >= wanted.since)
    if wanted.before is not None:
        found = found.where(AuditEntry.at < wanted.before)
    return found
