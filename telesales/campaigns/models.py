"""Campaigns and what belongs to them."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from dialer.ports import DialingMode
from telesales import clock
from telesales.campaigns.rules import MIN_RING_SECONDS
from telesales.campaigns.states import CampaignState as CampaignState
from telesales.extensions import E164, BigId, UtcDateTime, db
from telesales.scripting.models import Script
from telesales.tenancy.models import Client, ClientOwned

HIGHEST, USUAL_PRIORITY, LOWEST = 1, 5, 9


class SharedFloor(db.Model):
    """Campaigns, also of different clients, whose agents take calls of all of them. Empty ones are not shown."""

    __tablename__ = "shared_floors"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80), unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)


class Campaign(ClientOwned, db.Model):
    """One purpose, one script, one set of rules.

    `calling_hours`: {"mon": [["08:00", "21:00"]], …}, in the lead's own time zone; a missing day is closed.
    `retry_rules`: result or disposition -> {"max_attempts": n, "delay_minutes": m}; see `dialer.core.hopper`.
    `abandonment_limit_bp`: basis points of answered people, 300 = 3 %; `rule_pack`: whose law counts them
    (`dialer.core.abandonment.PACKS`). `false_positives_bp`: estimated people among the calls taken for machines;
    `undetected_machines_bp`: estimated machines among the abandoned calls.
    """

    __tablename__ = "campaigns"
    __table_args__ = (
        UniqueConstraint("client_id", "name"),
        CheckConstraint(f"ring_seconds >= {MIN_RING_SECONDS}", name="ring_floor"),
        CheckConstraint(f"priority BETWEEN {HIGHEST} AND {LOWEST}", name="priority_range"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    purpose: Mapped[str] = mapped_column(String(300), default="")
    state: Mapped[CampaignState] = mapped_column(String(10), default=CampaignState.DRAFT, index=True)
    script_id: Mapped[int | None] = mapped_column(ForeignKey("scripts.id"))
    mode: Mapped[DialingMode] = mapped_column(String(15), default=DialingMode.PREDICTIVE)
    calling_hours: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    ring_seconds: Mapped[int] = mapped_column(default=25)
    wrap_up_seconds: Mapped[int] = mapped_column(default=30)
    abandonment_limit_bp: Mapped[int] = mapped_column(default=300)
    rule_pack: Mapped[str] = mapped_column(String(10), default="us")
    false_positives_bp: Mapped[int] = mapped_column(default=0)
    undetected_machines_bp: Mapped[int] = mapped_column(default=0)
    estimate_method: Mapped[str] = mapped_column(String(300), default="")  # how the two were estimated
    abandoned_message: Mapped[str] = mapped_column(String(500), default="")  # seller's name and number
    caller_id: Mapped[str | None] = mapped_column(E164)
    takes_inbound: Mapped[bool] = mapped_column(default=True)  # people who ring the caller id
    inbound_wait_seconds: Mapped[int] = mapped_column(default=120)  # for an agent, at most
    inbound_message: Mapped[str] = mapped_column(String(500), default="")  # what they hear then
    max_lines: Mapped[int] = mapped_column(default=60)
    calls_per_second: Mapped[int] = mapped_column(default=0)  # placed at most; 0: no cap
    max_attempts: Mapped[int] = mapped_column(default=6)
    retry_rules: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    shared_floor_id: Mapped[int | None] = mapped_column(ForeignKey("shared_floors.id"), index=True)
    priority: Mapped[int] = mapped_column(default=USUAL_PRIORITY)  # on a shared floor: 1 is dialed first
    daily_goal: Mapped[int] = mapped_column(default=0)  # sales a day for each agent; 0: none
    currency: Mapped[str] = mapped_column(String(3), default="USD")
    recording_policy: Mapped[str] = mapped_column(String(8), default="never")  # campaigns.recording
    recording_share: Mapped[int] = mapped_column(default=10)  # percent, for the policy `share`
    recording_announce: Mapped[str] = mapped_column(String(10), default="everyone")
    recording_announcement: Mapped[str] = mapped_column(String(300), default="")
    recording_days: Mapped[int] = mapped_column(default=90)  # then deleted
    recording_heard_by_agents: Mapped[bool] = mapped_column(default=False)  # each their own calls
    carrier: Mapped[str] = mapped_column(String(30), default="simulated")
    carrier_profile: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    is_demo: Mapped[bool] = mapped_column(default=False)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)  # two people editing: the second is told

    client: Mapped[Client] = relationship()
    script: Mapped[Script | None] = relationship()
    shared_floor: Mapped[SharedFloor | None] = relationship()


class CampaignList(ClientOwned, db.Model):
    """A lead list dialed by a campaign. A list serves one unfinished campaign at a time (service rule)."""

    __tablename__ = "campaign_lists"
    __table_args__ = (UniqueConstraint("campaign_id", "list_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id"))
    list_id: Mapped[int] = mapped_column(ForeignKey("lead_lists.id"), index=True)
    priority: Mapped[int] = mapped_column(default=0)


class CampaignAgent(ClientOwned, db.Model):
    """An agent who works on a campaign."""

    __tablename__ = "campaign_agents"
    __table_args__ = (UniqueConstraint("campaign_id", "user_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)


class CampaignTeam(ClientOwned, db.Model):
    """A team whose agents work on a campaign."""

    __tablename__ = "campaign_teams"
    __table_args__ = (UniqueConstraint("campaign_id", "team_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id"))
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"), index=True)


class Product(ClientOwned, db.Model):
    """What a campaign sells; the agent may change the amount of a sale."""

    __tablename__ = "products"
    __table_args__ = (UniqueConstraint("campaign_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id"))
    name: Mapped[str] = mapped_column(String(120))
    price_minor: Mapped[int] = mapped_column(BigId)
    is_active: Mapped[bool] = mapped_column(default=True)
