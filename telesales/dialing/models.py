"""What the dialer decided."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from telesales.extensions import AppendOnly, BigId, UtcDateTime, db
from telesales.tenancy.models import ClientOwned

KEPT_DAYS = 92  # the database refuses to delete younger ones: see migration 0002


class PacingDecision(ClientOwned, AppendOnly, db.Model):
    """How many calls were to be placed, why not one more, and the numbers that were used.

    A campaign decides one thing at a time, so its moment names it: told twice, it is kept once. What was placed
    then is told by the attempts, whose `decision` has the same `at`.
    """

    __tablename__ = "pacing_decisions"
    __table_args__ = (UniqueConstraint("campaign_id", "at"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    calls: Mapped[int]
    reason: Mapped[str] = mapped_column(String(30))  # dialer.core.pacing.Reason
    estimates: Mapped[dict[str, Any]] = mapped_column(JSON)
