"""Files of numbers on their way into the do-not-call list: idempotent, resumable after a kill at any row."""

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import update

from telesales import clock
from telesales.audit.service import current_actor, record
from telesales.compliance.models import DoNotCallScope, DoNotCallUpload, UploadState, reach_of
from telesales.compliance.number_columns import guess_number_column, guess_split_number
from telesales.compliance.queries import stale_uploads
from telesales.compliance.service import insert_entries
from telesales.extensions import db, read_only, transaction
from telesales.phone import InvalidNumberError, parse_number
from telesales.uploads.errors import Unreadable, UnreadableFileError
from telesales.uploads.opening import KeptFile
from telesales.uploads.reading import Record, in_chunks, plain, read_records
from telesales.uploads.table import Table

CHUNK_ROWS = 1_000
PAUSE_SECONDS = 0.003  # SQLite has one writer: the dialer goes first
STALE_AFTER = timedelta(seconds=5)
REST_AFTER_QUEUEING = timedelta(seconds=55)
MAX_RUNS = 50
SMALL_BYTES = 100_000  # read while the person waits
ADDED, ALREADY_LISTED, INVALID_NUMBER = "added", "already_listed", "invalid_number"
OUTCOMES = (ADDED, ALREADY_LISTED, INVALID_NUMBER)
SAMPLE_ROWS = 200


@dataclass(frozen=True, slots=True)
class Terms:
    """What is said about all numbers of a file."""

    scope: DoNotCallScope
    client_id: int | None
    campaign_id: int | None
    source: str
    listed_on: date
    region: str


def find_number_columns(kept: KeptFile, region: str) -> list[int]:
    """Where the numbers are; raises when no column looks like it."""
    rows = [cells for _number, cells in _sample(kept)]
    split = guess_split_number(rows)
    if split:
        return split
    found = guess_number_column(rows, region)
    if found is None:
        raise UnreadableFileError(Unreadable.NO_NUMBERS)
    return [found]


def _sample(kept: KeptFile) -> list[Record]:
    return next(in_chunks(read_records(kept.path, kept.table), SAMPLE_ROWS), [])


def start_upload(kept: KeptFile, *, file_name: str, folder: Path, terms: Terms) -> DoNotCallUpload:
    """Write down what was sent; `run_upload` does the work."""
    upload = DoNotCallUpload(
        file_name=file_name[-255:],
        path=str(kept.path.relative_to(folder)),
        sha256=kept.sha256,
        size=kept.size,
        file_format=kept.table.to_json(),
        number_columns=find_number_columns(kept, terms.region),
        region=terms.region,
        scope=terms.scope,
        client_id=terms.client_id,
        campaign_id=terms.campaign_id,
        source=terms.source,
        listed_on=terms.listed_on,
        created_by_id=current_actor().user_id,
    )
    db.session.add(upload)
    record(
        "do_not_call.upload_started", upload, file=upload.file_name, scope=terms.scope, source=terms.source
    )
    db.session.flush()
    return upload


@dataclass(slots=True)
class _Run:
    """What one run of an upload knows; copied, so that no row is read between chunks."""

    upload_id: int
    fence: int
    rows_done: int
    counts: Counter[str]
    path: Path
    table: Table
    columns: list[int]
    region: str
    common: dict[str, Any]  # values of every entry


def run_upload(upload_id: int, *, folder: Path) -> None:
    """Read the file from where the last run stopped. A run that was overtaken by a newer one stops."""
    run = _begin(upload_id, folder)
    if run is None:
        return
    if not run.path.exists():
        _end(run, UploadState.FAILED, error="file_lost")
        return
    for chunk in in_chunks(read_records(run.path, run.table, skip=run.rows_done), CHUNK_ROWS):
        numbers, invalid = _numbers_of(chunk, run)
        if not _add(run, numbers, rows=len(chunk), invalid=invalid):
            return
        if db.engine.dialect.name == "sqlite":
            time.sleep(PAUSE_SECONDS)
    _end(run, UploadState.FINISHED)
    run.path.unlink(missing_ok=True)


def _begin(upload_id: int, folder: Path) -> _Run | None:
    with transaction():
        upload = db.session.get(DoNotCallUpload, upload_id, with_for_update=True)
        if upload is None or upload.state != UploadState.RUNNING:
            return None
        upload.fence += 1
        upload.beat_at = clock.now()
        if upload.fence > MAX_RUNS:
            upload.state, upload.error = UploadState.FAILED, "interrupted"
            return None
        return _Run(
            upload_id=upload.id,
            fence=upload.fence,
            rows_done=upload.rows_done,
            counts=Counter(upload.counts),
            path=folder / upload.path,
            table=Table.from_json(upload.file_format),
            columns=upload.number_columns,
            region=upload.region,
            common={
                "scope": upload.scope,
                "client_id": upload.client_id,
                "campaign_id": upload.campaign_id,
                "reach": reach_of(upload.scope, upload.client_id, upload.campaign_id),
                "source": upload.source,
                "listed_on": upload.listed_on,
                "reason": "",
                "upload_id": upload.id,
                "added_by_id": upload.created_by_id,
            },
        )


def _numbers_of(chunk: Sequence[Record], run: _Run) -> tuple[list[str], int]:
    numbers: dict[str, None] = {}
    invalid = 0
    for _row, cells in chunk:
        raw = "".join(plain(cells[index]) for index in run.columns if index < len(cells))
        try:
            numbers[parse_number(raw, run.region).e164] = None
        except InvalidNumberError:
            invalid += 1
    return list(numbers), invalid


def _add(run: _Run, numbers: Sequence[str], *, rows: int, invalid: int) -> bool:
    """Add one chunk, all or nothing. False: a newer run has taken over."""
    with transaction():
        if not _save(run, beat_at=clock.now()):  # first: from here on nobody overtakes this chunk
            return False
        added = insert_entries([{"number": number, **run.common} for number in numbers])
        run.counts += Counter({ADDED: added, ALREADY_LISTED: rows - invalid - added, INVALID_NUMBER: invalid})
        run.rows_done += rows
        return _save(run, rows_done=run.rows_done, counts=dict(run.counts))


def _save(run: _Run, **values: Any) -> bool:
    done: Any = db.session.execute(
        update(DoNotCallUpload.__table__)
        .where(
            DoNotCallUpload.__table__.c.id == run.upload_id,
            DoNotCallUpload.__table__.c.fence == run.fence,
            DoNotCallUpload.__table__.c.state == UploadState.RUNNING,
        )
        .values(**values)
    )
    return bool(done.rowcount)


def _end(run: _Run, state: UploadState, *, error: str = "") -> None:
    with transaction():
        if not _save(run, state=state, error=error, finished_at=clock.now()):
            return
        upload = db.session.get(DoNotCallUpload, run.upload_id)
        record(f"do_not_call.upload_{state}", upload, rows=run.rows_done, counts=dict(run.counts))


def take_interrupted_uploads() -> list[int]:
    """Uploads whose run has not been heard of for a while; they are not given again for a minute."""
    with read_only():
        found = list(stale_uploads(clock.now() - STALE_AFTER))
        db.session.rollback()
    if found:
        with transaction():
            again = update(DoNotCallUpload).where(DoNotCallUpload.id.in_(found))
            db.session.execute(again.values(beat_at=clock.now() + REST_AFTER_QUEUEING))
    return found
