"""Reading imports: where they stand, and the rows that were not imported."""

from collections.abc import Iterator, Sequence

from flask_sqlalchemy.pagination import Pagination
from sqlalchemy import select

from telesales import clock
from telesales.errors import NotFoundError
from telesales.extensions import db
from telesales.leads.importing.running import STALE_AFTER
from telesales.leads.models import ImportOutcome, ImportRejection, ImportState, Lead, LeadImport

PER_PAGE = 50
ROWS_AT_ONCE = 1_000


def get_import(import_id: int) -> LeadImport:
    """Return an import in scope or raise."""
    found: LeadImport | None = db.session.scalar(select(LeadImport).where(LeadImport.id == import_id))
    if found is None:
        raise NotFoundError
    return found


def is_interrupted(lead_import: LeadImport) -> bool:
    """Say whether its worker has not been heard of for a while."""
    beat = lead_import.beat_at
    return lead_import.state == ImportState.RUNNING and (beat is None or beat < clock.now() - STALE_AFTER)


def outcome_counts(lead_import: LeadImport) -> dict[ImportOutcome, int]:
    """Rows per outcome; they add up to the rows done."""
    return {outcome: lead_import.counts.get(outcome.value, 0) for outcome in ImportOutcome}


def list_rejected(import_id: int, outcome: ImportOutcome | None, *, page: int) -> Pagination:
    """A page of rows that were not imported."""
    query = select(ImportRejection).where(ImportRejection.import_id == import_id)
    if outcome:
        query = query.where(ImportRejection.outcome == outcome)
    return db.paginate(
        query.order_by(ImportRejection.row_number), page=page, per_page=PER_PAGE, error_out=False
    )


def list_imported(import_id: int, *, page: int) -> Pagination:
    """A page of leads that an import brought."""
    query = select(Lead).where(Lead.import_id == import_id).order_by(Lead.id)
    return db.paginate(query, page=page, per_page=PER_PAGE, error_out=False)


def rejected_rows(
    import_id: int, outcomes: Sequence[ImportOutcome] = ()
) -> Iterator[tuple[int, list[str], str, str]]:
    """Row number, cells, outcome and reason of every rejected row, in the order of the file."""
    last = 0
    while True:
        query = select(
            ImportRejection.row_number, ImportRejection.cells, ImportRejection.outcome, ImportRejection.reason
        ).where(ImportRejection.import_id == import_id, ImportRejection.row_number > last)
        if outcomes:
            query = query.where(ImportRejection.outcome.in_(outcomes))
        rows = db.session.execute(query.order_by(ImportRejection.row_number).limit(ROWS_AT_ONCE)).all()
        if not rows:
            return
        yield from (tuple(row) for row in rows)  # type: ignore[misc]
        last = rows[-1].row_number
