"""Who took part in whose calls."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from dialer.ports import SuperviseMode
from telesales import clock
from telesales.extensions import AppendOnly, BigId, UtcDateTime, db
from telesales.tenancy.models import ClientOwned


class SupervisionStep(ClientOwned, AppendOnly, db.Model):
    """A supervisor began to take part in a call, changed the mode, or stopped.

    Steps of one session follow each other: a mode lasts until the next step, and the session ends with `stop`.
    """

    __tablename__ = "supervision_steps"
    __table_args__ = (Index("ix_supervision_steps_supervisor", "supervisor_id", "id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    session: Mapped[str] = mapped_column(String(32))
    supervisor_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    agent_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id"))
    attempt_id: Mapped[int] = mapped_column(ForeignKey("call_attempts.id"), index=True)
    mode: Mapped[SuperviseMode] = mapped_column(String(10))
    why: Mapped[str] = mapped_column(String(20), default="asked")  # StopReason, when it is a stop
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
