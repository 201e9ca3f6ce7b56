"""Writing a chunk of an import: leads, rejected rows and the place reached, all or nothing."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ARRAY, BigInteger, Select, column, func, insert, literal, select, true

from telesales import clock
from telesales.compliance.queries import forbidden_numbers
from telesales.extensions import db, is_among
from telesales.leads.importing.bulk import insert_leads
from telesales.leads.importing.rows import RowReader, RowRejectedError
from telesales.leads.models import DialState, ImportOutcome, ImportRejection, Lead
from telesales.uploads.reading import Record

Found = Select[str, int | None]
REJECTIONS: Any = ImportRejection.__table__


@dataclass(slots=True)
class RowResult:
    """One row of a chunk on its way."""

    row_number: int
    cells: list[str]
    outcome: ImportOutcome = ImportOutcome.IMPORTED
    reason: str = ""
    values: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Target:
    """Where the leads go."""

    import_id: int
    list_id: int
    client_id: int


def read_rows(records: Sequence[Record], reader: RowReader) -> list[RowResult]:
    """Read a chunk; the database is not touched."""
    results: list[RowResult] = []
    for row_number, cells in records:
        result = RowResult(row_number, cells)
        try:
            result.values = reader.read(cells)
        except RowRejectedError as error:
            result.outcome, result.reason = error.outcome, error.reason
        results.append(result)
    return results


def write_chunk(results: Sequence[RowResult], target: Target) -> Counter[str]:
    """Insert what is new, keep what is rejected, and count the outcomes."""
    readable = [result for result in results if result.values]
    for result in readable:
        result.outcome = ImportOutcome.IMPORTED  # a chunk that met a lock is written once more
    new = _settle(readable, target)
    lost = _insert_leads(new, target)
    for number in lost:
        new[number].outcome = ImportOutcome.DUPLICATE_IN_LIST
    _keep_rejected([result for result in results if result.outcome is not ImportOutcome.IMPORTED], target)
    return Counter(result.outcome.value for result in results)


def _settle(results: Sequence[RowResult], target: Target) -> dict[str, RowResult]:
    """Give every row its outcome by what is there already; the new rows by number."""
    numbers = {result.values["number"] for result in results}
    forbidden = forbidden_numbers(numbers, client_id=target.client_id)
    present = _present(numbers, target)
    new: dict[str, RowResult] = {}
    for result in results:
        number = result.values["number"]
        if number in forbidden:
            result.outcome = ImportOutcome.DO_NOT_CALL
        elif number in new or present.get(number) == target.import_id:
            result.outcome = ImportOutcome.DUPLICATE_IN_FILE
        elif number in present:
            result.outcome = ImportOutcome.DUPLICATE_IN_LIST
        else:
            new[number] = result
    return new


def _present(numbers: set[str], target: Target) -> dict[str, int | None]:
    """Numbers that the list has, with the import that brought them."""
    if not numbers:
        return {}
    found = select(Lead.number, Lead.import_id).where(Lead.list_id == target.list_id)
    if db.session.get_bind().dialect.name == "postgresql":
        query = _look_up_each(found, numbers)
    else:
        query = found.where(is_among(Lead.number, numbers))
    rows: Any = db.session.execute(query)
    return dict(rows.all())


def _look_up_each(found: Found, numbers: set[str]) -> Found:
    """One look-up in the index per number: PostgreSQL, which has no statistics of a new list, would read it all."""
    digits = literal([int(number[1:]) for number in numbers], ARRAY(BigInteger))
    wanted = func.unnest(digits).table_valued(column("number", BigInteger), name="wanted").render_derived()
    lead = found.where(Lead.number == wanted.c.number).limit(1).lateral("lead")
    return select(lead.c.number, lead.c.import_id).select_from(wanted.join(lead, true()))


def _insert_leads(new: Mapping[str, RowResult], target: Target) -> set[str]:
    """Insert; the answer is what another import has brought in the meantime."""
    if not new:
        return set()
    now = clock.now()
    common = {
        "client_id": target.client_id,
        "list_id": target.list_id,
        "import_id": target.import_id,
        "dial_state": DialState.READY.value,
        "done_reason": "",
        "priority": 0,
        "next_attempt_at": now,
        "attempts": 0,
        "last_result": "",
        "created_at": now,
    }
    if insert_leads([result.values for result in new.values()], common) == len(new):
        return set()
    present = _present(set(new), target)
    return {number for number in new if present.get(number) != target.import_id}


def _keep_rejected(results: Sequence[RowResult], target: Target) -> None:
    if results:
        db.session.execute(
            insert(REJECTIONS),
            [
                {
                    "client_id": target.client_id,
                    "import_id": target.import_id,
                    "row_number": result.row_number,
                    "outcome": result.outcome.value,
                    "reason": result.reason,
                    "cells": result.cells,
                }
                for result in results
            ],
        )
