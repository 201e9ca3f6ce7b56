"""Lists, leads and imports."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from telesales import clock
from telesales.extensions import E164, BigId, UtcDateTime, db
from telesales.tenancy.models import ClientOwned


class DialState(StrEnum):
    """What a lead is waiting for."""

    READY = "ready"  # may be dialed from `next_attempt_at` on
    RESERVED = "reserved"  # an attempt is under way
    DONE = "done"  # never again; `done_reason` says why


class LeadList(ClientOwned, db.Model):
    """Leads that arrived together."""

    __tablename__ = "lead_lists"
    __table_args__ = (UniqueConstraint("client_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    region: Mapped[str] = mapped_column(String(2))  # default country of its numbers
    source: Mapped[str] = mapped_column(String(200), default="")
    is_demo: Mapped[bool] = mapped_column(default=False)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)


class Lead(ClientOwned, db.Model):
    """One person or organisation to call.

    `zone_key`: every zone that must be inside the calling hours, sorted and joined by "|"; empty means
    unknown, and an unknown zone is never dialed. `zone_evidence` says where it came from:
    {"address": [...], "number": [...], "basis": "address and number agree" …}.
    """

    __tablename__ = "leads"
    __table_args__ = (
        UniqueConstraint("list_id", "number"),
        Index(
            "ix_leads_hopper", "list_id", "dial_state", "zone_key", "priority", "next_attempt_at", "id"
        ),  # by zone: leads whose morning has not come are not even looked at
        Index("ix_leads_number", "number"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    # Without an index of its own: SQLite would choose it before the list's, and read all leads of the client.
    client_id: Mapped[int] = mapped_column(ForeignKey("clients.id"))
    list_id: Mapped[int] = mapped_column(ForeignKey("lead_lists.id"))
    number: Mapped[str] = mapped_column(E164)
    name: Mapped[str] = mapped_column(String(200), default="")  # as the person writes it
    latin_name: Mapped[str] = mapped_column(String(200), default="")
    company: Mapped[str] = mapped_column(String(200), default="")
    email: Mapped[str] = mapped_column(String(254), default="")
    address: Mapped[str] = mapped_column(String(300), default="")
    city: Mapped[str] = mapped_column(String(120), default="")
    state: Mapped[str] = mapped_column(String(60), default="")  # state or province of the address
    postal_code: Mapped[str] = mapped_column(String(20), default="")
    country: Mapped[str] = mapped_column(String(2), default="")
    language: Mapped[str] = mapped_column(String(10), default="")
    external_id: Mapped[str] = mapped_column(String(120), default="")  # the supplier's key
    custom: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)  # columns without a field of ours
    zone_key: Mapped[str] = mapped_column(String(400), default="")
    zone_evidence: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    dial_state: Mapped[DialState] = mapped_column(String(10), default=DialState.READY)
    done_reason: Mapped[str] = mapped_column(
        String(40), default=""
    )  # a disposition, a result, "do_not_call" …
    priority: Mapped[int] = mapped_column(default=0)  # lower is dialed first; call-backs that are due: -10
    next_attempt_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    attempts: Mapped[int] = mapped_column(default=0)
    last_attempt_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_result: Mapped[str] = mapped_column(String(40), default="")
    callback_agent_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    import_id: Mapped[int | None] = mapped_column(ForeignKey("lead_imports.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)

    lead_list: Mapped[LeadList] = relationship()


class ImportState(StrEnum):
    """Where an import stands."""

    UPLOADED = "uploaded"  # the columns are to be looked at
    MAPPED = "mapped"  # the rules are to be looked at
    RUNNING = "running"
    FINISHED = "finished"
    FAILED = "failed"


class ImportOutcome(StrEnum):
    """What became of a row."""

    IMPORTED = "imported"
    DUPLICATE_IN_FILE = "duplicate_in_file"
    DUPLICATE_IN_LIST = "duplicate_in_list"
    INVALID_NUMBER = "invalid_number"
    DO_NOT_CALL = "do_not_call"
    INVALID_ROW = "invalid_row"


class LeadImport(ClientOwned, db.Model):
    """One file on its way into a list; `rows_done` is where an interrupted import goes on."""

    __tablename__ = "lead_imports"

    id: Mapped[int] = mapped_column(primary_key=True)
    list_id: Mapped[int] = mapped_column(ForeignKey("lead_lists.id"), index=True)
    file_name: Mapped[str] = mapped_column(String(255))
    path: Mapped[str] = mapped_column(String(500))  # relative to the data directory
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    size: Mapped[int] = mapped_column(BigId)  # bytes
    file_format: Mapped[dict[str, Any]] = mapped_column(
        JSON, default=dict
    )  # kind, encoding, delimiter, sheet, header row
    mapping: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)  # our field -> their column
    region: Mapped[str] = mapped_column(String(2))
    state: Mapped[ImportState] = mapped_column(String(10), default=ImportState.UPLOADED)
    row_count: Mapped[int | None]  # None until counted
    rows_done: Mapped[int] = mapped_column(default=0)
    counts: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)  # outcome -> rows
    error: Mapped[str] = mapped_column(String(500), default="")
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    beat_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # when a run was last heard of
    fence: Mapped[int] = mapped_column(default=0)  # raised by each run: an older run stops at its next chunk

    lead_list: Mapped[LeadList] = relationship()


class ImportRejection(ClientOwned, db.Model):
    """A row that was not imported, as it was, with the reason."""

    __tablename__ = "import_rejections"
    __table_args__ = (UniqueConstraint("import_id", "row_number"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("clients.id"))  # found by its import, see `Lead`
    import_id: Mapped[int] = mapped_column(ForeignKey("lead_imports.id"))
    row_number: Mapped[int]  # in the file, the header is row 1
    outcome: Mapped[ImportOutcome] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(String(200), default="")
    cells: Mapped[list[str]] = mapped_column(JSON)


class SavedMapping(ClientOwned, db.Model):
    """A mapping remembered for files with the same header."""

    __tablename__ = "saved_mappings"
    __table_args__ = (UniqueConstraint("client_id", "header_hash"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    header_hash: Mapped[str] = mapped_column(String(64))
    mapping: Mapped[dict[str, str]] = mapped_column(JSON)
    region: Mapped[str] = mapped_column(String(2))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
