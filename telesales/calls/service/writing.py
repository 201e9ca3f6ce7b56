"""What is written down during a call: answers to the script's fields, and notes."""

from sqlalchemy import select

from scripts.fields import FieldProblem, FieldValueError, clean_value
from scripts.script import Field, FieldType
from telesales import clock
from telesales.agents.models import User
from telesales.calls.models import CallAttempt, LeadNote, ScriptAnswer
from telesales.extensions import db
from telesales.money import MoneyError, parse_money
from telesales.phone import InvalidNumberError, parse_number


def save_answer(
    attempt: CallAttempt, *, step: str, field: Field, value: str, agent: User | None = None
) -> str:
    """Save a field as it was entered, when it fits its type; return what was kept. Raises FieldValueError."""
    kept = _typed(attempt, field, value)
    if kept == latest_value(attempt.id, field.key):
        return kept
    db.session.add(
        ScriptAnswer(
            client_id=attempt.client_id,
            attempt_id=attempt.id,
            lead_id=attempt.lead_id,
            step=step,
            field=field.key,
            value=kept,
            agent_id=agent.id if agent else None,
            at=clock.now(),
        )
    )
    db.session.flush()
    return kept


def _typed(attempt: CallAttempt, field: Field, value: str) -> str:
    if not value.strip():
        return ""
    if field.type is FieldType.MONEY:
        return _amount(value, attempt.campaign.currency)
    kept = clean_value(field, value)
    return _number(kept, attempt) if field.type is FieldType.PHONE else kept


def _amount(value: str, currency: str) -> str:
    try:
        return str(parse_money(value, currency).amount)
    except MoneyError:
        raise FieldValueError(FieldProblem.NOT_AN_AMOUNT) from None


def _number(value: str, attempt: CallAttempt) -> str:
    lead = attempt.lead
    try:
        return parse_number(value, lead.country or lead.lead_list.region).e164
    except InvalidNumberError:
        raise FieldValueError(FieldProblem.NOT_A_PHONE_NUMBER) from None


def latest_value(attempt_id: int, field: str) -> str:
    """What a field holds now; empty when nothing was entered."""
    value = db.session.scalar(
        select(ScriptAnswer.value)
        .where(ScriptAnswer.attempt_id == attempt_id, ScriptAnswer.field == field)
        .order_by(ScriptAnswer.id.desc())
        .limit(1)
    )
    return value or ""


def add_note(attempt: CallAttempt, author: User, text: str) -> LeadNote:
    """Keep something worth knowing at the next call. The same words twice in a call are one note."""
    words = text.strip()
    known: LeadNote | None = db.session.scalar(
        select(LeadNote).where(
            LeadNote.attempt_id == attempt.id, LeadNote.author_id == author.id, LeadNote.text == words
        )
    )
    if known is not None:
        return known
    note = LeadNote(
        client_id=attempt.client_id,
        lead_id=attempt.lead_id,
        attempt_id=attempt.id,
        author_id=author.id,
        text=words,
        at=clock.now(),
    )
    db.session.add(note)
    return note
