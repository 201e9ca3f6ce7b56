"""A whole import at once: for the command line, demos and tests."""

from collections.abc import Mapping
from pathlib import Path

from sqlalchemy import select

from telesales.errors import InvalidInputError
from telesales.extensions import db, transaction
from telesales.leads.importing.fields import CUSTOM_PREFIX, Field
from telesales.leads.importing.preparing import (
    FOLDER,
    check_mapping,
    choose_columns,
    receive_file,
    start_import,
)
from telesales.leads.importing.running import run_import
from telesales.leads.models import LeadImport, LeadList
from telesales.tenancy.scope import client_scope, every_client
from telesales.uploads.opening import keep_file
from telesales.uploads.table import Table


def import_file(
    source: Path, lead_list: LeadList, *, folder: Path, limit: int, mapping: Mapping[str, str] | None = None
) -> LeadImport:
    """Import a file into a list and wait for it. `mapping` (our field -> their column) corrects the guess."""
    with source.open("rb") as stream:
        kept = keep_file(stream, folder / FOLDER, limit=limit)
    with transaction(), client_scope(lead_list.client_id):
        found = receive_file(kept, file_name=source.name, folder=folder, lead_list=lead_list)
        choose_columns(found, corrected(found, mapping or {}))
        start_import(found, region=lead_list.region)
        import_id = found.id
    run_import(import_id, folder=folder)
    with every_client():
        return db.session.scalars(
            select(LeadImport).where(LeadImport.id == import_id).execution_options(populate_existing=True)
        ).one()


def corrected(lead_import: LeadImport, mapping: Mapping[str, str]) -> dict[str, str]:
    """The proposed mapping with what a person said instead."""
    columns = Table.from_json(lead_import.file_format).columns
    unknown = [label for label in mapping.values() if label not in columns]
    strange = [name for name in mapping if name not in set(Field) and not name.startswith(CUSTOM_PREFIX)]
    if unknown or strange:
        known = ", ".join(columns if unknown else list(Field))
        raise InvalidInputError({"mapping": f"unknown: {', '.join(unknown or strange)}; known: {known}"})
    said = set(mapping.values())
    kept = {field: label for field, label in lead_import.mapping.items() if label not in said}
    result = kept | dict(mapping)
    check_mapping(result)
    return result
