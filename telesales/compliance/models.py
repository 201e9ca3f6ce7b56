"""Numbers that must not be called."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, text
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.orm import Mapped, mapped_column

from telesales import clock
from telesales.extensions import E164, BigId, UtcDateTime, db

ASKED_DURING_A_CALL = "asked during a call"  # the source of entries that agents make
PRESSED_THE_KEY = "pressed the key during the message"  # of people for whom no agent was free


class DoNotCallScope(StrEnum):
    """How far an entry reaches."""

    NATIONAL = "national"
    COMPANY = "company"
    CLIENT = "client"
    CAMPAIGN = "campaign"


def reach_of(scope: DoNotCallScope | str, client_id: int | None, campaign_id: int | None) -> str:
    """Scope and whose it is, in one word: "national", "client:3", "campaign:7"."""
    owner = {DoNotCallScope.CLIENT: client_id, DoNotCallScope.CAMPAIGN: campaign_id}.get(
        DoNotCallScope(scope)
    )
    return f"{scope}:{owner}" if owner else str(scope)


def _reach(context: DefaultExecutionContext) -> str:
    values: dict[str, Any] = context.get_current_parameters()  # type: ignore[no-untyped-call]
    return reach_of(values["scope"], values.get("client_id"), values.get("campaign_id"))


class DoNotCallEntry(db.Model):
    """One number, one scope, with where it came from. National and company entries belong to no client.

    A number stands once per reach; an entry that was removed stays as a record and does not count.
    """

    __tablename__ = "do_not_call_entries"
    __table_args__ = (
        Index(
            "uq_do_not_call_entries_in_force",
            "number",
            "reach",
            unique=True,
            sqlite_where=text("removed_at IS NULL"),
            postgresql_where=text("removed_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    number: Mapped[str] = mapped_column(E164, index=True)
    scope: Mapped[DoNotCallScope] = mapped_column(String(10))
    client_id: Mapped[int | None] = mapped_column(ForeignKey("clients.id"), index=True)
    campaign_id: Mapped[int | None] = mapped_column(ForeignKey("campaigns.id"))
    reach: Mapped[str] = mapped_column(String(30), default=_reach)  # see `reach_of`
    source: Mapped[str] = mapped_column(String(120))  # "state register 2026-11", ASKED_DURING_A_CALL …
    listed_on: Mapped[date]
    reason: Mapped[str] = mapped_column(String(300), default="")
    attempt_id: Mapped[int | None] = mapped_column(BigId)
    upload_id: Mapped[int | None] = mapped_column(ForeignKey("do_not_call_uploads.id"), index=True)
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    added_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    removed_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    removal_reason: Mapped[str] = mapped_column(String(300), default="")


class UploadState(StrEnum):
    """Where an upload stands."""

    RUNNING = "running"
    FINISHED = "finished"
    FAILED = "failed"


class DoNotCallUpload(db.Model):
    """A file of numbers on its way into the list; `rows_done` is where an interrupted one goes on."""

    __tablename__ = "do_not_call_uploads"
    own_history = "progress of a job; that it was started and how it ended is audited"

    id: Mapped[int] = mapped_column(primary_key=True)
    file_name: Mapped[str] = mapped_column(String(255))
    path: Mapped[str] = mapped_column(String(500))  # relative to the data directory
    sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int] = mapped_column(BigId)  # bytes
    file_format: Mapped[dict[str, Any]] = mapped_column(JSON)
    number_columns: Mapped[list[int]] = mapped_column(JSON)  # area code and number may be apart
    region: Mapped[str] = mapped_column(String(2))
    scope: Mapped[DoNotCallScope] = mapped_column(String(10))
    client_id: Mapped[int | None] = mapped_column(ForeignKey("clients.id"), index=True)
    campaign_id: Mapped[int | None] = mapped_column(ForeignKey("campaigns.id"))
    source: Mapped[str] = mapped_column(String(120))
    listed_on: Mapped[date]
    state: Mapped[UploadState] = mapped_column(String(10), default=UploadState.RUNNING)
    rows_done: Mapped[int] = mapped_column(default=0)
    counts: Mapped[dict[str, int]] = mapped_column(
        JSON, default=dict
    )  # added, already_listed, invalid_number
    error: Mapped[str] = mapped_column(String(500), default="")
    fence: Mapped[int] = mapped_column(default=0)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    beat_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
