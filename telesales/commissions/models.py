"""Commission plans by version, and the ledger."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from telesales import clock
from telesales.extensions import AppendOnly, BigId, UtcDateTime, db
from telesales.tenancy.models import ClientOwned


class CommissionPlan(ClientOwned, db.Model):
    """What a campaign pays for sales. Its terms live in versions."""

    __tablename__ = "commission_plans"

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id"), unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)


class PlanVersion(ClientOwned, AppendOnly, db.Model):
    """Terms from a day on, until the next version's day. `terms` is `commissions.rules` dumped."""

    __tablename__ = "plan_versions"
    __table_args__ = (UniqueConstraint("plan_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("commission_plans.id"))
    version: Mapped[int]
    effective_from: Mapped[date]
    currency: Mapped[str] = mapped_column(String(3))
    terms: Mapped[dict[str, Any]] = mapped_column(JSON)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)


class LedgerLine(ClientOwned, AppendOnly, db.Model):
    """Money earned or taken back, in exact minor units, with the way it was computed."""

    __tablename__ = "ledger_lines"
    __table_args__ = (
        UniqueConstraint("entry_key"),
        Index("ix_ledger_lines_agent_day", "agent_id", "day"),
        Index("ix_ledger_lines_campaign_day", "campaign_id", "day"),
        Index("ix_ledger_lines_day", "day"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    entry_key: Mapped[str] = mapped_column(String(80))  # "sale:12:line:1": written once
    kind: Mapped[str] = mapped_column(String(20))  # accrual, reversal, adjustment
    sale_id: Mapped[int] = mapped_column(ForeignKey("sales.id"), index=True)
    agent_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id"))
    plan_version_id: Mapped[int] = mapped_column(ForeignKey("plan_versions.id"))
    band: Mapped[str] = mapped_column(String(120), default="")
    base_minor: Mapped[int] = mapped_column(BigId)  # the amount it was computed from
    amount_minor: Mapped[int] = mapped_column(BigId)  # negative: taken back
    currency: Mapped[str] = mapped_column(String(3))
    reverses_id: Mapped[int | None] = mapped_column(ForeignKey("ledger_lines.id"))
    explanation: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    day: Mapped[date]  # the sale's day, in the agent's zone
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
