"""Numbers that must not be called."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from telesales import clock
from telesales.extensions import E164, BigId, UtcDateTime, db


class DoNotCallScope(StrEnum):
    """How far an entry reaches."""

    NATIONAL = "national"
    COMPANY = "company"
    CLIENT = "client"
    CAMPAIGN = "campaign"


class DoNotCallEntry(db.Model):
    """One number, one scope, with where it came from. National and company entries belong to no client."""

    __tablename__ = "do_not_call_entries"
    __table_args__ = (Index("ix_do_not_call_entries_lookup", "number", "scope", "client_id", "campaign_id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    number: Mapped[str] = mapped_column(E164)
    scope: Mapped[DoNotCallScope] = mapped_column(String(10))
    client_id: Mapped[int | None] = mapped_column(ForeignKey("clients.id"), index=True)
    campaign_id: Mapped[int | None] = mapped_column(ForeignKey("campaigns.id"))
    source: Mapped[str] = mapped_column(String(120))  # "asked during a call", "state register 2026-11" …
    listed_on: Mapped[date]
    reason: Mapped[str] = mapped_column(String(300), default="")
    attempt_id: Mapped[int | None] = mapped_column(BigId)
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    added_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    removed_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    removal_reason: Mapped[str] = mapped_column(String(300), default="")
