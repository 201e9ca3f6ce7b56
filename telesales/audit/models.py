"""The audit trail."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from telesales import clock
from telesales.extensions import AppendOnly, BigId, UtcDateTime, db


class AuditEntry(AppendOnly, db.Model):
    """One change. `actor_id` is empty when the program itself acted; `actor` then names the part."""

    __tablename__ = "audit_entries"
    __table_args__ = (Index("ix_audit_entries_subject", "subject_type", "subject_id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now, index=True)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    actor: Mapped[str] = mapped_column(String(120))
    action: Mapped[str] = mapped_column(String(60), index=True)
    subject_type: Mapped[str] = mapped_column(String(60), default="")
    subject_id: Mapped[int | None] = mapped_column(BigId)
    client_id: Mapped[int | None] = mapped_column(ForeignKey("clients.id"), index=True)
    details: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
