"""Reads of calls: a lead's history, what was written down, sales."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask_sqlalchemy.pagination import Pagination
from sqlalchemy import ColumnElement, select

from telesales.agents.models import User
from telesales.calls.models import (
    CallAttempt,
    Callback,
    CallbackState,
    CallDisposition,
    LeadNote,
    Sale,
    SaleCancellation,
    ScriptAnswer,
)
from telesales.errors import NotFoundError
from telesales.extensions import db
from telesales.leads.models import Lead

SALES_PER_PAGE = 50


def get_attempt(attempt_id: int) -> CallAttempt:
    """Return an attempt in scope."""
    attempt = find_attempt(attempt_id)
    if attempt is None:
        raise NotFoundError
    return attempt


def find_attempt(attempt_id: int) -> CallAttempt | None:
    """Return an attempt in scope, or None."""
    return db.session.scalar(select(CallAttempt).where(CallAttempt.id == attempt_id))


def has_placed_calls() -> bool:
    """True from the first call on that the carrier was asked for, in scope."""
    placed = select(CallAttempt.id).where(CallAttempt.originating_at.is_not(None))
    return db.session.scalar(placed.limit(1)) is not None


@dataclass(frozen=True, slots=True)
class PastCall:
    """One line of a lead's history."""

    attempt_id: int
    at: datetime
    result: str  # the agent's word if there is one, else the network's
    is_disposition: bool
    note: str
    agent_name: str
    lead_name: str
    talk_seconds: float
    is_inbound: bool = False
    agent_id: int | None = None


def last_calls(lead_id: int, *, before: int | None = None, limit: int = 5) -> Sequence[PastCall]:
    """The latest calls of a lead, newest first; `before` leaves out the call that is going on."""
    return _past_calls(CallAttempt.lead_id == lead_id, CallAttempt.id < (before or 2**62), limit=limit)


def last_call_of(agent_id: int) -> PastCall | None:
    """The call that an agent had last."""
    found = _past_calls(CallAttempt.agent_id == agent_id, limit=1)
    return found[0] if found else None


def _past_calls(*conditions: ColumnElement[bool], limit: int) -> Sequence[PastCall]:
    attempts = db.session.execute(
        select(CallAttempt, User.name, Lead.name)
        .join(Lead, Lead.id == CallAttempt.lead_id)
        .outerjoin(User, User.id == CallAttempt.agent_id)
        .where(*conditions)
        .order_by(CallAttempt.id.desc())
        .limit(limit)
    ).all()
    said = latest_dispositions([attempt.id for attempt, _agent, _lead in attempts])
    return [
        _past_call(attempt, said.get(attempt.id), agent_name=agent or "", lead_name=lead)
        for attempt, agent, lead in attempts
    ]


def _past_call(
    attempt: CallAttempt, said: CallDisposition | None, *, agent_name: str, lead_name: str
) -> PastCall:
    return PastCall(
        attempt_id=attempt.id,
        at=attempt.reserved_at,
        result=said.code if said else attempt.result or attempt.state,
        is_disposition=said is not None,
        note=said.note if said else "",
        agent_name=agent_name,
        lead_name=lead_name,
        talk_seconds=attempt.talk_seconds,
        is_inbound=attempt.is_inbound,
        agent_id=attempt.agent_id,
    )


def latest_dispositions(attempt_ids: Collection[int]) -> Mapping[int, CallDisposition]:
    """The agents' last word on each of these calls."""
    rows = db.session.scalars(
        select(CallDisposition)
        .where(CallDisposition.attempt_id.in_(attempt_ids))
        .order_by(CallDisposition.id)
    )
    return {row.attempt_id: row for row in rows}


@dataclass(frozen=True, slots=True)
class Note:
    """What somebody found worth knowing."""

    text: str
    author_name: str
    at: datetime


def notes_of(lead_id: int, *, limit: int = 10) -> Sequence[Note]:
    """Notes about a lead, newest first."""
    rows = db.session.execute(
        select(LeadNote.text, User.name, LeadNote.at)
        .join(User, User.id == LeadNote.author_id)
        .where(LeadNote.lead_id == lead_id)
        .order_by(LeadNote.id.desc())
        .limit(limit)
    )
    return [Note(*row) for row in rows]


def answers_of(attempt_id: int) -> Mapping[str, str]:
    """What each field of a call's script holds now."""
    rows = db.session.execute(
        select(ScriptAnswer.field, ScriptAnswer.value)
        .where(ScriptAnswer.attempt_id == attempt_id)
        .order_by(ScriptAnswer.id)
    )
    latest = {row.field: row.value for row in rows}
    return {field: value for field, value in latest.items() if value}


@dataclass(frozen=True, slots=True)
class Promise:
    """A call that an agent has promised."""

    lead_id: int
    lead_name: str
    scheduled_for: datetime
    note: str


def pending_callbacks(agent_id: int, *, limit: int = 20) -> Sequence[Promise]:
    """What an agent has promised, soonest first."""
    rows = db.session.execute(
        select(Lead.id, Lead.name, Lead.company, Callback.scheduled_for, Callback.note)
        .join(Lead, Lead.id == Callback.lead_id)
        .where(Callback.agent_id == agent_id, Callback.state == CallbackState.PENDING)
        .order_by(Callback.scheduled_for)
        .limit(limit)
    )
    return [Promise(lead_id, name or company, at, note) for lead_id, name, company, at, note in rows]


@dataclass(frozen=True, slots=True)
class SalesFilter:
    """Which sales a page shows."""

    agent_id: int | None = None
    campaign_id: int | None = None
    first_day: date | None = None
    last_day: date | None = None


@dataclass(frozen=True, slots=True)
class SaleRow:
    """A sale with who made it and whether it still counts."""

    sale: Sale
    agent_name: str
    cancellation: SaleCancellation | None


def list_sales(wanted: SalesFilter, *, page: int = 1) -> tuple[Sequence[SaleRow], Pagination]:
    """Sales, newest first, a page at a time."""
    query = select(Sale).where(*_conditions(wanted)).order_by(Sale.id.desc())
    pages = db.paginate(query, page=page, per_page=SALES_PER_PAGE, error_out=False)
    return _sale_rows(pages.items), pages


def _conditions(wanted: SalesFilter) -> Iterator[ColumnElement[bool]]:
    if wanted.agent_id is not None:
        yield Sale.agent_id == wanted.agent_id
    if wanted.campaign_id is not None:
        yield Sale.campaign_id == wanted.campaign_id
    if wanted.first_day is not None:
        yield Sale.day >= wanted.first_day
    if wanted.last_day is not None:
        yield Sale.day <= wanted.last_day


def _sale_rows(sales: Sequence[Sale]) -> Sequence[SaleRow]:
    agents = db.session.scalars(select(User).where(User.id.in_({sale.agent_id for sale in sales})))
    names = {agent.id: agent.name for agent in agents}
    cancelled = {
        row.sale_id: row
        for row in db.session.scalars(
            select(SaleCancellation).where(SaleCancellation.sale_id.in_([sale.id for sale in sales]))
        )
    }
    return [SaleRow(sale, names.get(sale.agent_id, ""), cancelled.get(sale.id)) for sale in sales]


def get_sale(sale_id: int) -> Sale:
    """Return a sale in scope."""
    sale: Sale | None = db.session.scalar(select(Sale).where(Sale.id == sale_id))
    if sale is None:
        raise NotFoundError
    return sale
