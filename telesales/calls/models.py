"""Facts of calls. State of a call and disposition are two things."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from dialer.ports import DialingMode
from telesales import clock
from telesales.campaigns.models import Campaign
from telesales.extensions import E164, AppendOnly, BigId, UtcDateTime, db
from telesales.leads.models import Lead
from telesales.tenancy.models import ClientOwned


class CallState(StrEnum):
    """How far an attempt has come."""

    RESERVED = "reserved"
    ORIGINATING = "originating"  # the carrier was asked, or is about to be: never asked again blindly
    RINGING = "ringing"
    ANSWERED = "answered"
    CONNECTED = "connected"
    CAME_IN = "came_in"  # somebody rings us and waits for an agent
    ENDED = "ended"
    RELEASED = "released"  # certainly never placed


class CallDirection(StrEnum):
    """Who rang whom."""

    OUTBOUND = "outbound"
    INBOUND = "inbound"


class CallResult(StrEnum):
    """What the telephone network and the floor made of it (the system disposition)."""

    TALKED = "talked"
    ABANDONED = "abandoned"
    HUNG_UP_FIRST = "hung_up_first"  # answered, and gone before anybody could be connected within two seconds
    MACHINE = "machine"
    BUSY = "busy"
    NO_ANSWER = "no_answer"
    INVALID = "invalid"
    CONGESTION = "congestion"
    FAILED = "failed"
    REFUSED = "refused"  # a rule forbade it at the moment of dialing
    MISSED_INBOUND = "missed_inbound"  # rang us and found nobody in time
    HUNG_UP_WAITING = "hung_up_waiting"  # rang us and did not wait for an agent


class CallAttempt(ClientOwned, db.Model):
    """One try to reach a lead, or of a lead to reach us. `state`, `result` and times are derived from its events.

    Of an inbound call `reserved_at` is when it rang in and `caller_id` the number that was dialed. `answered_at` stays
    empty: the law counts people who answer calls that we place.
    """

    __tablename__ = "call_attempts"
    __table_args__ = (
        Index("ix_call_attempts_campaign_at", "campaign_id", "reserved_at"),
        Index("ix_call_attempts_open", "state", "reserved_at"),
        Index(
            "ix_call_attempts_answered",
            "campaign_id",
            "answered_at",
            "result",
            "connected_at",
            "client_id",
            sqlite_where=text("answered_at IS NOT NULL"),
            postgresql_where=text("answered_at IS NOT NULL"),
        ),  # abandonment is counted from the index alone
        Index("ix_call_attempts_agent_at", "agent_id", "reserved_at"),
        Index(
            "ix_call_attempts_carrier_call",
            "carrier_call",
            unique=True,
            sqlite_where=text("carrier_call IS NOT NULL"),
            postgresql_where=text("carrier_call IS NOT NULL"),
        ),  # a call that rings in is taken once
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id"))
    lead_id: Mapped[int] = mapped_column(ForeignKey("leads.id"), index=True)
    number: Mapped[str] = mapped_column(E164)
    caller_id: Mapped[str | None] = mapped_column(E164)
    mode: Mapped[DialingMode] = mapped_column(String(15))
    direction: Mapped[CallDirection] = mapped_column(String(8), default=CallDirection.OUTBOUND)
    carrier_call: Mapped[str | None] = mapped_column(String(160))  # inbound: carrier and its id
    state: Mapped[CallState] = mapped_column(String(12), default=CallState.RESERVED)
    result: Mapped[CallResult | None] = mapped_column(String(15))
    agent_id: Mapped[int | None] = mapped_column(
        ForeignKey("users.id")
    )  # who dialed by hand, or was connected
    script_version_id: Mapped[int | None] = mapped_column(ForeignKey("script_versions.id"))
    ring_seconds: Mapped[int]
    reserved_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    originating_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    connected_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    cause: Mapped[str] = mapped_column(
        String(30), default=""
    )  # dialer.events.CallCause, or the refusal's rule
    decision: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)  # the pacing decision that placed it
    checks: Mapped[list[dict[str, Any]]] = mapped_column(
        JSON, default=list
    )  # [{rule, input, passed}] at dialing
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    lead: Mapped[Lead] = relationship()
    campaign: Mapped[Campaign] = relationship()

    @property
    def is_inbound(self) -> bool:
        """True when they rang us."""
        return self.direction == CallDirection.INBOUND

    @property
    def talk_seconds(self) -> float:
        """Seconds between connect and end; 0 while unknown."""
        if not (self.connected_at and self.ended_at):
            return 0.0
        return max(0.0, (self.ended_at - self.connected_at).total_seconds())


class CallEvent(ClientOwned, AppendOnly, db.Model):
    """Something that happened to an attempt. `source_id` is the fact's id in the stream: recorded once."""

    __tablename__ = "call_events"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    source_id: Mapped[str] = mapped_column(String(60), unique=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("call_attempts.id"), index=True)
    kind: Mapped[str] = mapped_column(String(30))  # dialer.events.EventKind, or a fact of the floor
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    agent_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    details: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


class CallDisposition(ClientOwned, AppendOnly, db.Model):
    """What the agent says the call came to; a correction is a new row."""

    __tablename__ = "call_dispositions"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("call_attempts.id"), index=True)
    lead_id: Mapped[int] = mapped_column(ForeignKey("leads.id"), index=True)
    agent_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    code: Mapped[str] = mapped_column(String(30))
    note: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)


class ScriptSession(ClientOwned, db.Model):
    """Where a call stands in its script; `position` is `scripts.session` dumped."""

    __tablename__ = "script_sessions"
    own_history = "a cursor: what was answered is kept in script_answers"

    attempt_id: Mapped[int] = mapped_column(ForeignKey("call_attempts.id"), primary_key=True)
    position: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    revision: Mapped[int] = mapped_column(default=0)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)


class ScriptAnswer(ClientOwned, AppendOnly, db.Model):
    """A field's value as it was entered; the newest row of a field counts."""

    __tablename__ = "script_answers"
    __table_args__ = (Index("ix_script_answers_attempt_field", "attempt_id", "field"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("call_attempts.id"))
    lead_id: Mapped[int] = mapped_column(ForeignKey("leads.id"), index=True)
    step: Mapped[str] = mapped_column(String(60))
    field: Mapped[str] = mapped_column(String(60))
    value: Mapped[str] = mapped_column(Text)
    agent_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)


class Sale(ClientOwned, AppendOnly, db.Model):
    """A sale as it was made. Cancelling adds a `SaleCancellation`."""

    __tablename__ = "sales"
    __table_args__ = (
        Index("ix_sales_agent_day", "agent_id", "day"),
        Index("ix_sales_campaign_day", "campaign_id", "day"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    request_key: Mapped[str] = mapped_column(String(60), unique=True)  # pressed twice, saved once
    attempt_id: Mapped[int] = mapped_column(ForeignKey("call_attempts.id"), index=True)
    lead_id: Mapped[int] = mapped_column(ForeignKey("leads.id"), index=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id"))
    agent_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    product_id: Mapped[int | None] = mapped_column(ForeignKey("products.id"))
    product_name: Mapped[str] = mapped_column(String(120))
    amount_minor: Mapped[int] = mapped_column(BigId)
    currency: Mapped[str] = mapped_column(String(3))
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    day: Mapped[date]  # the agent's local date: the day it counts for

    lead: Mapped[Lead] = relationship()
    campaign: Mapped[Campaign] = relationship()


class SaleCancellation(ClientOwned, AppendOnly, db.Model):
    """A sale that does not count any more."""

    __tablename__ = "sale_cancellations"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    sale_id: Mapped[int] = mapped_column(ForeignKey("sales.id"), unique=True)
    reason: Mapped[str] = mapped_column(String(300))
    cancelled_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)


class CallbackState(StrEnum):
    """What became of a promise."""

    PENDING = "pending"
    DONE = "done"
    CANCELLED = "cancelled"


class Callback(ClientOwned, db.Model):
    """A promised later call. `agent_id` empty: anyone's."""

    __tablename__ = "callbacks"
    __table_args__ = (Index("ix_callbacks_due", "state", "scheduled_for"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    lead_id: Mapped[int] = mapped_column(ForeignKey("leads.id"), index=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id"))
    attempt_id: Mapped[int | None] = mapped_column(ForeignKey("call_attempts.id"))
    agent_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    scheduled_for: Mapped[datetime] = mapped_column(UtcDateTime)
    time_zone: Mapped[str] = mapped_column(String(60))  # the zone it was agreed in
    note: Mapped[str] = mapped_column(String(300), default="")
    state: Mapped[CallbackState] = mapped_column(String(10), default=CallbackState.PENDING)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)


class LeadNote(ClientOwned, AppendOnly, db.Model):
    """Something worth knowing at the next call."""

    __tablename__ = "lead_notes"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    lead_id: Mapped[int] = mapped_column(ForeignKey("leads.id"), index=True)
    attempt_id: Mapped[int | None] = mapped_column(ForeignKey("call_attempts.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
