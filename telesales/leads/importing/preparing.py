"""An import before it runs: the file, its columns, its rules. Can be left and found again at each step."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from telesales import clock
from telesales.audit.service import current_actor, record
from telesales.compliance.number_columns import guess_region
from telesales.errors import ConflictError, InvalidInputError
from telesales.extensions import db, insert_into
from telesales.leads.importing.columns import Guess, fitting, guess_columns, mapping_of
from telesales.leads.importing.fields import Field
from telesales.leads.models import ImportState, Lead, LeadImport, LeadList, SavedMapping
from telesales.uploads.opening import KeptFile
from telesales.uploads.reading import in_chunks, read_records
from telesales.uploads.table import Table

SAMPLE_ROWS = 200
FOLDER = "imports"


@dataclass(frozen=True, slots=True)
class Proposal:
    """What we think of a file: a mapping, where it came from, and what is doubtful."""

    mapping: dict[str, str]
    guesses: dict[str, Guess]  # by column label; empty when the mapping was remembered
    remembered: str = ""  # name of the file whose mapping it is


def receive_file(
    kept: KeptFile, *, file_name: str, folder: Path, lead_list: LeadList, is_new_list: bool = False
) -> LeadImport:
    """Write down what was sent. For a new list the country is found out from the numbers."""
    rows = sample_rows(kept.path, kept.table)
    region = guess_region(rows, likely=lead_list.region) if is_new_list else lead_list.region
    if is_new_list:
        lead_list.region = region
    found = LeadImport(
        client_id=lead_list.client_id,
        list_id=lead_list.id,
        file_name=file_name[-255:],
        path=str(kept.path.relative_to(folder)),
        sha256=kept.sha256,
        size=kept.size,
        file_format=kept.table.to_json(),
        region=region,
        created_by_id=current_actor().user_id,
    )
    found.mapping = propose(found, rows).mapping
    db.session.add(found)
    record("list.file_received", found, file=found.file_name, list=lead_list.id, bytes=kept.size)
    db.session.flush()
    return found


def sample_rows(path: Path, table: Table) -> list[list[str]]:
    """The first rows of a file."""
    records = next(in_chunks(read_records(path, table), SAMPLE_ROWS), [])
    return [cells for _number, cells in records]


def propose(lead_import: LeadImport, rows: Sequence[Sequence[str]]) -> Proposal:
    """The mapping of the last file with the same header, else a guess."""
    table = Table.from_json(lead_import.file_format)
    saved = db.session.scalar(
        select(SavedMapping).where(
            SavedMapping.client_id == lead_import.client_id, SavedMapping.header_hash == table.header_hash
        )
    )
    if saved is not None and table.header_row:
        return Proposal(fitting(saved.mapping, table.columns), {}, remembered=saved.name)
    guesses = guess_columns(table.columns, rows, lead_import.region)
    return Proposal(mapping_of(table.columns, guesses), guesses)


def choose_columns(lead_import: LeadImport, mapping: Mapping[str, str]) -> None:
    """Keep the mapping that a person decided on."""
    _check_unstarted(lead_import)
    lead_import.mapping = dict(mapping)
    lead_import.state = ImportState.MAPPED
    record("list.columns_chosen", lead_import, mapping=lead_import.mapping)
    db.session.flush()


def check_mapping(mapping: Mapping[str, str]) -> None:
    """A list to call needs a number."""
    if Field.NUMBER.value not in mapping:
        raise InvalidInputError({Field.NUMBER.value: _("Say which column holds the telephone number.")})


def start_import(lead_import: LeadImport, *, region: str) -> None:
    """Let it run (enqueue it after the commit) and remember the mapping for the next file like this."""
    _check_unstarted(lead_import)
    check_mapping(lead_import.mapping)
    lead_import.region = region
    lead_import.state = ImportState.RUNNING
    lead_import.started_at = lead_import.beat_at = clock.now()
    lead_list = db.session.get_one(LeadList, lead_import.list_id)
    if not _has_leads(lead_list.id):
        lead_list.region = region
    _remember_mapping(lead_import)
    record("list.import_started", lead_import, file=lead_import.file_name, list=lead_list.id)
    db.session.flush()


def resume_import(lead_import: LeadImport) -> None:
    """Note that a person lets an interrupted import go on (enqueue it after the commit)."""
    lead_import.beat_at = clock.now()
    record("list.import_resumed", lead_import, rows_done=lead_import.rows_done)
    db.session.flush()


def _check_unstarted(lead_import: LeadImport) -> None:
    if lead_import.state not in (ImportState.UPLOADED, ImportState.MAPPED):
        raise ConflictError(_("This import has already been started."))


def _has_leads(list_id: int) -> bool:
    return db.session.scalar(select(Lead.id).where(Lead.list_id == list_id).limit(1)) is not None


def _remember_mapping(lead_import: LeadImport) -> None:
    table = Table.from_json(lead_import.file_format)
    if not table.header_row:
        return
    values = {
        "name": lead_import.file_name[:120],
        "mapping": lead_import.mapping,
        "region": lead_import.region,
    }
    statement = insert_into(SavedMapping.__table__).values(
        client_id=lead_import.client_id, header_hash=table.header_hash, created_at=clock.now(), **values
    )
    db.session.execute(
        statement.on_conflict_do_update(index_elements=["client_id", "header_hash"], set_=values)
    )


def discard_import(lead_import: LeadImport, *, folder: Path) -> None:
    """Forget a file that was never imported, and the list that was made for it if nothing else is in it."""
    _check_unstarted(lead_import)
    path, list_id = folder / lead_import.path, lead_import.list_id
    record("list.file_discarded", lead_import, file=lead_import.file_name)
    db.session.delete(lead_import)
    db.session.flush()
    others = db.session.scalar(select(LeadImport.id).where(LeadImport.list_id == list_id).limit(1))
    lead_list = db.session.get_one(LeadList, list_id)
    if others is None and not _has_leads(list_id) and not lead_list.is_demo:
        _remove_list(lead_list)
    path.unlink(missing_ok=True)


def _remove_list(lead_list: LeadList) -> None:
    """Remove an empty list; one that a campaign has taken already stays."""
    try:
        with db.session.begin_nested():
            record("list.removed", lead_list, name=lead_list.name)
            db.session.delete(lead_list)
    except IntegrityError:
        db.session.expire(lead_list)
