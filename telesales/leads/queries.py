"""Reading lists and leads."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from flask_sqlalchemy.pagination import Pagination
from sqlalchemy import ColumnElement, Select, case, func, or_, select

from telesales import clock
from telesales.errors import NotFoundError
from telesales.extensions import db
from telesales.leads.models import DialState, ImportState, Lead, LeadImport, LeadList

PER_PAGE = 50
READY, LATER, NO_ZONE, RESERVED = "ready", "later", "no_zone", "reserved"
SORTS = {
    "name": Lead.name,
    "attempts": Lead.attempts,
    "next": Lead.next_attempt_at,
    "last": Lead.last_attempt_at,
    "added": Lead.id,
}


def get_list(list_id: int) -> LeadList:
    """Return a list in scope or raise."""
    lead_list: LeadList | None = db.session.scalar(select(LeadList).where(LeadList.id == list_id))
    if lead_list is None:
        raise NotFoundError
    return lead_list


def get_lead(lead_id: int) -> Lead:
    """Return a lead in scope or raise."""
    lead: Lead | None = db.session.scalar(select(Lead).where(Lead.id == lead_id))
    if lead is None:
        raise NotFoundError
    return lead


def zone_keys_of_number(number: str, *, client_id: int) -> Sequence[str]:
    """Where the client's leads with this number are; empty when nobody of them has it."""
    leads = select(Lead.zone_key).where(Lead.number == number, Lead.client_id == client_id)
    return db.session.scalars(leads.distinct()).all()


def find_list(name: str, *, client_id: int) -> LeadList | None:
    """The client's list of this name."""
    found: LeadList | None = db.session.scalar(
        select(LeadList).where(LeadList.name == name, LeadList.client_id == client_id)
    )
    return found


def list_lists() -> Sequence[LeadList]:
    """Lists in scope, newest first."""
    return db.session.scalars(select(LeadList).order_by(LeadList.id.desc())).all()


def counts_by_state(list_id: int) -> dict[str, int]:
    """Leads of a list by dial state."""
    rows = db.session.execute(
        select(Lead.dial_state, func.count()).where(Lead.list_id == list_id).group_by(Lead.dial_state)
    )
    return {state.value: 0 for state in DialState} | {str(state): count for state, count in rows}


@dataclass(frozen=True, slots=True)
class ListFigures:
    """How far a list is: `tried` of `total` were called at least once."""

    total: int = 0
    tried: int = 0
    ready: int = 0
    reserved: int = 0
    done: int = 0


def figures_of(list_ids: Iterable[int]) -> Mapping[int, ListFigures]:
    """Figures per list, in one query."""
    rows = db.session.execute(
        select(
            Lead.list_id,
            func.count(),
            func.count(case((Lead.attempts > 0, 1))),
            *(func.count(case((Lead.dial_state == state, 1))) for state in DialState),
        )
        .where(Lead.list_id.in_(list_ids))
        .group_by(Lead.list_id)
    )
    return {list_id: ListFigures(*figures) for list_id, *figures in rows}


def waiting_counts(list_id: int) -> dict[str, int]:
    """What each lead of a list is waiting for: ready, later, no_zone, reserved, done:<reason>. Adds up."""
    what = case(
        (Lead.dial_state == DialState.DONE, "done:" + Lead.done_reason),
        (Lead.dial_state == DialState.RESERVED, RESERVED),
        (Lead.zone_key == "", NO_ZONE),
        (Lead.next_attempt_at > clock.now(), LATER),
        else_=READY,
    )
    rows = db.session.execute(select(what, func.count()).where(Lead.list_id == list_id).group_by(what))
    counts = {str(key): count for key, count in rows}
    return {READY: 0, LATER: 0, RESERVED: 0} | dict(sorted(counts.items()))


@dataclass(frozen=True, slots=True)
class LeadFilter:
    """What the table of leads was asked for."""

    text: str = ""
    waiting: str = ""  # a key of `waiting_counts`
    sort: str = "added"
    order: str = "asc"


def list_leads(list_id: int, wanted: LeadFilter, *, page: int = 1) -> Pagination:
    """A page of leads."""
    return db.paginate(leads_query(list_id, wanted), page=page, per_page=PER_PAGE, error_out=False)


def leads_query(list_id: int, wanted: LeadFilter) -> Select[tuple[Lead]]:
    """Leads of a list as asked for."""
    query = select(Lead).where(Lead.list_id == list_id)
    if wanted.text:
        query = query.where(_matches(wanted.text))
    if wanted.waiting:
        query = query.where(*_waiting_for(wanted.waiting))
    column = SORTS.get(wanted.sort, Lead.id)
    return query.order_by(column.desc() if wanted.order == "desc" else column, Lead.id)


def _matches(text: str) -> ColumnElement[bool]:
    """Part of a name, or the digits of a number from its start or as its end."""
    columns = (Lead.name, Lead.latin_name, Lead.company, Lead.city, Lead.email, Lead.external_id)
    matches = [column.icontains(text, autoescape=True) for column in columns]
    digits = "".join(character for character in text if character.isdecimal())
    if len(digits) >= 4:
        matches.append(func.cast(Lead.number, db.String).like(f"%{digits}%"))
    return or_(*matches)


def _waiting_for(key: str) -> list[ColumnElement[bool]]:
    state, _colon, reason = key.partition(":")
    is_later = Lead.next_attempt_at > clock.now()
    has_zone = Lead.zone_key != ""
    is_ready = Lead.dial_state == DialState.READY
    return {
        READY: [is_ready, has_zone, ~is_later],
        LATER: [is_ready, has_zone, is_later],
        NO_ZONE: [is_ready, ~has_zone],
        RESERVED: [Lead.dial_state == DialState.RESERVED],
    }.get(state) or [Lead.dial_state == DialState.DONE, Lead.done_reason == reason]


def imports_of(list_id: int) -> Sequence[LeadImport]:
    """Files of a list, newest first."""
    return db.session.scalars(
        select(LeadImport).where(LeadImport.list_id == list_id).order_by(LeadImport.id.desc())
    ).all()


def unfinished_imports() -> Sequence[LeadImport]:
    """Files that somebody has left on their way, newest first."""
    unfinished = (ImportState.UPLOADED, ImportState.MAPPED, ImportState.RUNNING)
    return db.session.scalars(
        select(LeadImport).where(LeadImport.state.in_(unfinished)).order_by(LeadImport.id.desc())
    ).all()
