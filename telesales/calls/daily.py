"""Facts rolled up by agent, campaign and local day, so that boards never read the whole history."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from telesales.extensions import BigId, UtcDateTime, db
from telesales.tenancy.models import ClientOwned


class DailyResult(ClientOwned, db.Model):
    """One agent, one campaign, one local day. Derived: `flask standings rebuild` makes it again from facts."""

    __tablename__ = "daily_results"
    __table_args__ = (
        UniqueConstraint("user_id", "campaign_id", "day"),
        Index("ix_daily_results_day", "day"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id"))
    day: Mapped[date]
    sales: Mapped[int] = mapped_column(default=0)  # cancelled ones not counted
    amount_minor: Mapped[int] = mapped_column(BigId, default=0)
    currency: Mapped[str] = mapped_column(String(3))
    calls: Mapped[int] = mapped_column(default=0)  # calls connected to the agent
    talk_seconds: Mapped[int] = mapped_column(default=0)
    wrap_up_seconds: Mapped[int] = mapped_column(default=0)
    ready_seconds: Mapped[int] = mapped_column(default=0)
    paused_seconds: Mapped[int] = mapped_column(default=0)
    first_sale_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
