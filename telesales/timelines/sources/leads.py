"""What is known of one lead. Each source gives its newest before a moment: histories may be long."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import or_, select

from telesales.audit.models import AuditEntry
from telesales.calls.models import CallAttempt, Callback, LeadNote, Sale
from telesales.calls.queries import latest_dispositions
from telesales.compliance.models import DoNotCallEntry
from telesales.extensions import db
from telesales.leads.models import Lead
from telesales.timelines.moments import Link, Moment


def of_calls(lead: Lead, before: datetime, most: int) -> Sequence[Moment]:
    """Every call, with what it came to."""
    attempts = db.session.scalars(
        select(CallAttempt)
        .where(CallAttempt.lead_id == lead.id, CallAttempt.reserved_at < before)
        .order_by(CallAttempt.reserved_at.desc(), CallAttempt.id.desc())
        .limit(most)
    ).all()
    said = latest_dispositions([attempt.id for attempt in attempts])
    return [
        Moment(
            attempt.reserved_at,
            "lead.called",
            {
                "result": attempt.result or attempt.state,
                "code": said[attempt.id].code if attempt.id in said else "",
                "note": said[attempt.id].note if attempt.id in said else "",
                "talk": attempt.talk_seconds,
            },
            who=attempt.agent_id,
            link=Link("timelines.show_call", {"attempt_id": attempt.id}),
        )
        for attempt in attempts
    ]


def of_promises(lead: Lead, before: datetime, most: int) -> Sequence[Moment]:
    """Call-backs that were agreed."""
    rows = db.session.scalars(
        select(Callback)
        .where(Callback.lead_id == lead.id, Callback.created_at < before)
        .order_by(Callback.created_at.desc())
        .limit(most)
    )
    return [
        Moment(
            row.created_at,
            "callback.promised",
            {"for": row.scheduled_for, "zone": row.time_zone, "note": row.note, "state": row.state},
            who=row.agent_id,
        )
        for row in rows
    ]


def of_notes(lead: Lead, before: datetime, most: int) -> Sequence[Moment]:
    """What somebody found worth knowing."""
    rows = db.session.scalars(
        select(LeadNote)
        .where(LeadNote.lead_id == lead.id, LeadNote.at < before)
        .order_by(LeadNote.at.desc())
        .limit(most)
    )
    return [Moment(row.at, "lead.note", {"text": row.text}, who=row.author_id) for row in rows]


def of_sales(lead: Lead, before: datetime, most: int) -> Sequence[Moment]:
    """What was sold."""
    rows = db.session.scalars(
        select(Sale).where(Sale.lead_id == lead.id, Sale.at < before).order_by(Sale.at.desc()).limit(most)
    )
    return [
        Moment(
            row.at,
            "sale.made",
            {"product": row.product_name, "minor": row.amount_minor, "currency": row.currency},
            who=row.agent_id,
        )
        for row in rows
    ]


def of_do_not_call(lead: Lead, before: datetime, most: int) -> Sequence[Moment]:
    """Entries of the number, in the lists that the lead's client is bound by."""
    rows = db.session.scalars(
        select(DoNotCallEntry)
        .where(
            DoNotCallEntry.number == lead.number,
            or_(DoNotCallEntry.client_id.is_(None), DoNotCallEntry.client_id == lead.client_id),
        )
        .order_by(DoNotCallEntry.id.desc())
        .limit(most)
    )
    return [moment for row in rows for moment in _entry(row) if moment.at < before]


def _entry(row: DoNotCallEntry) -> Iterator[Moment]:
    facts = {"scope": row.scope, "source": row.source}
    yield Moment(row.added_at, "do_not_call.added", facts, who=row.added_by_id)
    if row.removed_at is not None:
        removed = {"scope": row.scope, "reason": row.removal_reason}
        yield Moment(row.removed_at, "do_not_call.removed", removed, who=row.removed_by_id)


def of_edits(lead: Lead, before: datetime, most: int) -> Sequence[Moment]:
    """Who changed the lead itself."""
    rows = db.session.scalars(
        select(AuditEntry)
        .where(AuditEntry.subject_type == "Lead", AuditEntry.subject_id == lead.id, AuditEntry.at < before)
        .order_by(AuditEntry.at.desc(), AuditEntry.id.desc())
        .limit(most)
    )
    return [Moment(row.at, row.action, row.details, who=row.actor_id, name=row.actor) for row in rows]


def of_arrival(lead: Lead, before: datetime, most: int) -> Sequence[Moment]:
    """How the lead came here: in a file, unless somebody typed it."""
    if lead.import_id is None or lead.created_at >= before:
        return []
    link = Link("leads.show_import", {"import_id": lead.import_id})
    return [Moment(lead.created_at, "lead.imported", {"list": lead.lead_list.name}, link=link)]


SOURCES = (of_calls, of_promises, of_notes, of_sales, of_do_not_call, of_edits, of_arrival)
