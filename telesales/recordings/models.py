"""What was recorded, when recording stood still, and who listened."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from dialer.ports import RecordingSide
from telesales import clock
from telesales.calls.models import CallAttempt
from telesales.extensions import AppendOnly, BigId, UtcDateTime, db
from telesales.tenancy.models import ClientOwned


class Recording(ClientOwned, db.Model):
    """One side of one call. The sound is in the store under `storage_key`, encrypted with the key `key_id`.

    `size` and `sha256` are of the WAV file before encryption; `peaks` are the loudest samples of equal pieces, one byte each.
    """

    __tablename__ = "recordings"
    __table_args__ = (
        UniqueConstraint("attempt_id", "side"),
        Index("ix_recordings_campaign_started", "campaign_id", "started_at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("call_attempts.id"))
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id"))
    side: Mapped[RecordingSide] = mapped_column(String(8))
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seconds: Mapped[float]
    size: Mapped[int] = mapped_column(BigId)
    sha256: Mapped[str] = mapped_column(String(64))
    storage_key: Mapped[str] = mapped_column(String(200))
    key_id: Mapped[str] = mapped_column(String(40))
    peaks: Mapped[bytes] = mapped_column(LargeBinary, default=b"")
    is_held: Mapped[bool] = mapped_column(default=False)  # kept whatever the clock says: a legal hold
    kept_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    deleted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    deletion_reason: Mapped[str] = mapped_column(String(300), default="")

    attempt: Mapped[CallAttempt] = relationship()

    @property
    def is_kept(self) -> bool:
        """False once its deletion has begun."""
        return self.deleted_at is None and not self.deletion_reason


class PauseKind(StrEnum):
    """What was done to a recording that is under way."""

    PAUSED = "paused"
    RESUMED = "resumed"
    FAILED = "failed"  # the carrier was not told of the line before


class RecordingPause(ClientOwned, AppendOnly, db.Model):
    """Recording was paused, for `seconds` at most, or taken up again before they were over."""

    __tablename__ = "recording_pauses"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("call_attempts.id"), index=True)
    kind: Mapped[PauseKind] = mapped_column(String(10))
    seconds: Mapped[int] = mapped_column(default=0)
    by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)


class AccessKind(StrEnum):
    """How somebody came by what was said."""

    LISTENED = "listened"
    DOWNLOADED = "downloaded"


class RecordingAccess(ClientOwned, AppendOnly, db.Model):
    """A part of a recording was sent to somebody. `play` names one visit to the page: a player asks in pieces."""

    __tablename__ = "recording_accesses"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    recording_id: Mapped[int] = mapped_column(ForeignKey("recordings.id"), index=True)
    kind: Mapped[AccessKind] = mapped_column(String(10))
    play: Mapped[str] = mapped_column(String(20), default="")
    first_second: Mapped[float]
    last_second: Mapped[float]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
