"""Reading the do-not-call list. Whether a number is on it is always one look-up in an index."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_sqlalchemy.pagination import Pagination
from sqlalchemy import ColumnElement, Select, SQLColumnExpression, case, exists, func, or_, select

from telesales.centre import service as centre
from telesales.compliance.models import DoNotCallEntry, DoNotCallScope, DoNotCallUpload, reach_of
from telesales.errors import NotFoundError
from telesales.extensions import db, is_among
from telesales.tenancy.scope import current_scope

PER_PAGE = 50
WIDEST_FIRST = case(
    {scope.value: place for place, scope in enumerate(DoNotCallScope)}, value=DoNotCallEntry.scope
)


def reaches(client_id: int | None, campaign_id: int | None) -> list[str]:
    """All reaches under which a number must not be called for this client and campaign."""
    found = [DoNotCallScope.NATIONAL.value, DoNotCallScope.COMPANY.value]
    if client_id:
        found.append(reach_of(DoNotCallScope.CLIENT, client_id, None))
    if campaign_id:
        found.append(reach_of(DoNotCallScope.CAMPAIGN, None, campaign_id))
    return found


def find_do_not_call(number: str, *, client_id: int | None, campaign_id: int | None) -> DoNotCallEntry | None:
    """The widest entry that forbids to call this number, if any."""
    return db.session.scalar(
        select(DoNotCallEntry)
        .where(DoNotCallEntry.number == number, in_force(reaches(client_id, campaign_id)))
        .order_by(WIDEST_FIRST)
        .limit(1)
    )


def forbidden_numbers(
    numbers: Collection[str], *, client_id: int | None, campaign_id: int | None = None
) -> set[str]:
    """Those of the numbers that must not be called; ask for at most a few thousand at once."""
    if not numbers:
        return set()
    return set(
        db.session.scalars(
            select(DoNotCallEntry.number).where(
                is_among(DoNotCallEntry.number, numbers), in_force(reaches(client_id, campaign_id))
            )
        )
    )


def is_forbidden(
    number: SQLColumnExpression[str], *, client_id: int | None, campaign_id: int | None
) -> ColumnElement[bool]:
    """For anti-joins: `.where(~is_forbidden(Lead.number, client_id=…, campaign_id=…))`."""
    return exists().where(DoNotCallEntry.number == number, in_force(reaches(client_id, campaign_id)))


def in_force(wanted: Collection[str]) -> ColumnElement[bool]:
    """Entries of these reaches that were not removed."""
    return DoNotCallEntry.reach.in_(wanted) & DoNotCallEntry.removed_at.is_(None)


@dataclass(frozen=True, slots=True)
class EntryFilter:
    """What the page of entries was asked for."""

    numbers: tuple[str, ...] | None = None  # what a typed number may be; empty: it is no number
    scope: str = ""
    source: str = ""
    removed: bool = False


def list_entries(wanted: EntryFilter, *, page: int = 1) -> Pagination:
    """A page of entries, newest first."""
    query = entries_query(wanted).order_by(DoNotCallEntry.id.desc())
    return db.paginate(query, page=page, per_page=PER_PAGE, error_out=False)


def entries_query(wanted: EntryFilter) -> Select[tuple[DoNotCallEntry]]:
    """Entries that this person may see and asked for."""
    query = select(DoNotCallEntry).where(visible())
    removed = DoNotCallEntry.removed_at
    query = query.where(removed.is_not(None) if wanted.removed else removed.is_(None))
    if wanted.numbers is not None:
        query = query.where(is_among(DoNotCallEntry.number, wanted.numbers))
    if wanted.scope:
        query = query.where(DoNotCallEntry.scope == wanted.scope)
    if wanted.source:
        query = query.where(DoNotCallEntry.source == wanted.source)
    return query


def visible() -> ColumnElement[bool]:
    """National and company entries are everybody's; the others are their client's."""
    scope = current_scope()
    if scope is None or scope.client_id is None:
        return DoNotCallEntry.id.is_not(None)
    return or_(DoNotCallEntry.client_id.is_(None), DoNotCallEntry.client_id == scope.client_id)


def may_remove(entry: DoNotCallEntry) -> bool:
    """Who works for one client sees what forbids every client, and cannot lift it for the others."""
    scope = current_scope()
    return scope is None or scope.client_id in (None, entry.client_id)


def home_region() -> str:
    """The country that is probably meant when a number does not say its own."""
    return "CN" if centre.settings().currency == "CNY" else "US"


def get_entry(entry_id: int) -> DoNotCallEntry:
    """Return an entry that this person may see."""
    query = select(DoNotCallEntry).where(DoNotCallEntry.id == entry_id, visible())
    entry: DoNotCallEntry | None = db.session.scalar(query)
    if entry is None:
        raise NotFoundError
    return entry


def count_by_scope() -> dict[str, int]:
    """Entries in force per scope."""
    rows = db.session.execute(
        select(DoNotCallEntry.scope, func.count())
        .where(visible(), DoNotCallEntry.removed_at.is_(None))
        .group_by(DoNotCallEntry.scope)
    )
    return {str(scope): count for scope, count in rows}


def list_sources() -> Sequence[str]:
    """Sources that entries in force came from, the commonest first."""
    return db.session.scalars(
        select(DoNotCallEntry.source)
        .where(visible(), DoNotCallEntry.removed_at.is_(None))
        .group_by(DoNotCallEntry.source)
        .order_by(func.count().desc())
        .limit(50)
    ).all()


def list_uploads(*, limit: int = 10) -> Sequence[DoNotCallUpload]:
    """The latest uploads."""
    scope = current_scope()
    query = select(DoNotCallUpload).order_by(DoNotCallUpload.id.desc()).limit(limit)
    if scope is not None and scope.client_id is not None:
        query = query.where(DoNotCallUpload.client_id == scope.client_id)
    return db.session.scalars(query).all()


def get_upload(upload_id: int) -> DoNotCallUpload:
    """Return an upload that this person may see."""
    upload = db.session.get(DoNotCallUpload, upload_id)
    scope = current_scope()
    if upload is None or (scope and scope.client_id and upload.client_id != scope.client_id):
        raise NotFoundError
    return upload


def stale_uploads(before: datetime) -> Sequence[int]:
    """Uploads that were interrupted: running, and not heard of since."""
    return db.session.scalars(
        select(DoNotCallUpload.id).where(DoNotCallUpload.state == "running", DoNotCallUpload.beat_at < before)
    ).all()
