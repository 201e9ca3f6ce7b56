"""What came of a call: the agent's word, sales and what they earn, promises, notes, the do-not-call list."""

from collections.abc import Iterator

from sqlalchemy import select

from telesales.calls.models import (
    CallAttempt,
    Callback,
    CallDisposition,
    LeadNote,
    Sale,
    SaleCancellation,
)
from telesales.commissions.models import LedgerLine
from telesales.compliance.models import DoNotCallEntry
from telesales.extensions import db
from telesales.timelines.moments import Link, Moment


def of_word(attempt: CallAttempt) -> Iterator[Moment]:
    """Dispositions; a later one is a correction."""
    rows = db.session.scalars(
        select(CallDisposition).where(CallDisposition.attempt_id == attempt.id).order_by(CallDisposition.id)
    )
    for nth, row in enumerate(rows):
        facts = {"code": row.code, "note": row.note, "is_correction": nth > 0}
        yield Moment(row.at, "call.disposition", facts, who=row.agent_id)


def of_sales(attempt: CallAttempt) -> Iterator[Moment]:
    """Sales and their cancellations."""
    rows = db.session.execute(
        select(Sale, SaleCancellation)
        .outerjoin(SaleCancellation, SaleCancellation.sale_id == Sale.id)
        .where(Sale.attempt_id == attempt.id)
        .order_by(Sale.id)
    )
    for sale, cancelled in rows:
        facts = {"product": sale.product_name, "minor": sale.amount_minor, "currency": sale.currency}
        yield Moment(sale.at, "sale.made", facts, who=sale.agent_id)
        if cancelled is not None:
            reason = {"reason": cancelled.reason, "product": sale.product_name}
            yield Moment(cancelled.at, "sale.cancelled", reason, who=cancelled.cancelled_by_id)


def of_commission(attempt: CallAttempt, *, agent_id: int | None) -> Iterator[Moment]:
    """Lines of the ledger; `agent_id`: only this agent's own."""
    lines = select(LedgerLine).join(Sale, Sale.id == LedgerLine.sale_id).where(Sale.attempt_id == attempt.id)
    if agent_id is not None:
        lines = lines.where(LedgerLine.agent_id == agent_id)
    for line in db.session.scalars(lines.order_by(LedgerLine.id)):
        link = Link("commissions.show_line", {"line_id": line.id})
        kind = "commission.taken_back" if line.amount_minor < 0 else "commission.earned"
        facts = {"minor": line.amount_minor, "currency": line.currency}
        yield Moment(line.at, kind, facts, who=line.agent_id, link=link)


def of_follow_ups(attempt: CallAttempt) -> Iterator[Moment]:
    """Promises, notes, and the do-not-call list."""
    promises = db.session.scalars(
        select(Callback)
        .where(Callback.lead_id == attempt.lead_id, Callback.attempt_id == attempt.id)
        .order_by(Callback.id)
    )
    for promise in promises:
        facts = {"for": promise.scheduled_for, "zone": promise.time_zone, "note": promise.note}
        yield Moment(promise.created_at, "callback.promised", facts, who=promise.agent_id)
    notes = db.session.scalars(
        select(LeadNote)
        .where(LeadNote.lead_id == attempt.lead_id, LeadNote.attempt_id == attempt.id)
        .order_by(LeadNote.id)
    )
    for note in notes:
        yield Moment(note.at, "lead.note", {"text": note.text}, who=note.author_id)
    entries = db.session.scalars(
        select(DoNotCallEntry)
        .where(DoNotCallEntry.number == attempt.number, DoNotCallEntry.attempt_id == attempt.id)
        .order_by(DoNotCallEntry.id)
    )
    for entry in entries:
        facts = {"scope": entry.scope, "source": entry.source}
        yield Moment(entry.added_at, "do_not_call.added", facts, who=entry.added_by_id)
