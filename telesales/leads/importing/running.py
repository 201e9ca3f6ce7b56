"""Running an import: chunk after chunk, resumable after a kill at any row, overtaken by a newer run at most once."""

import logging
import time
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from redis.exceptions import RedisError
from sqlalchemy import select, update
from sqlalchemy.exc import OperationalError

from telesales import clock
from telesales.audit.service import record
from telesales.extensions import db, read_only, transaction
from telesales.leads.importing.rows import RowReader
from telesales.leads.importing.writing import RowResult, Target, read_rows, write_chunk
from telesales.leads.models import ImportOutcome, ImportState, LeadImport
from telesales.leads.signals import chunk_written, leads_added
from telesales.push import topics
from telesales.push.publish import publish
from telesales.tenancy.scope import client_scope, every_client
from telesales.uploads.reading import count_records, in_chunks, read_records
from telesales.uploads.table import Table

CHUNK_ROWS = {"sqlite": 1_000}  # one writer: a larger chunk would hold the dialer up
CHUNK_ROWS_ELSEWHERE = 2_500
PAUSE_SECONDS = 0.003  # SQLite has one writer: the dialer goes first
NEWS_SECONDS = 0.25
STALE_AFTER = timedelta(seconds=5)
REST_AFTER_QUEUEING = timedelta(seconds=55)  # it may wait behind another import
MAX_RUNS = 50
SQLITE_CACHE_KB = 65_536
MAX_TRIES = 3
IMPORTS: Any = LeadImport.__table__
log = logging.getLogger(__name__)


@dataclass(slots=True)
class Run:
    """What one run of an import knows; copied, so that no row is read between chunks."""

    target: Target
    fence: int
    rows_done: int
    row_count: int | None
    counts: Counter[str]
    path: Path
    table: Table
    mapping: dict[str, str]
    region: str
    told_at: float = 0.0


def run_import(import_id: int, *, folder: Path) -> None:
    """Go on from where the last run stopped. Safe to run twice, also at once."""
    with every_client():
        run = _begin(import_id, folder)
    if run is not None:
        with client_scope(run.target.client_id):
            _work(run)


def _begin(import_id: int, folder: Path) -> Run | None:
    """Take the import over from whoever had it."""
    with transaction():
        found = db.session.scalar(select(LeadImport).where(LeadImport.id == import_id).with_for_update())
        if found is None or found.state != ImportState.RUNNING:
            return None
        found.fence += 1
        found.beat_at = clock.now()
        if found.fence > MAX_RUNS:
            found.state, found.error = ImportState.FAILED, "interrupted"
            return None
        return Run(
            target=Target(found.id, found.list_id, found.client_id),
            fence=found.fence,
            rows_done=found.rows_done,
            row_count=found.row_count,
            counts=Counter(found.counts),
            path=folder / found.path,
            table=Table.from_json(found.file_format),
            mapping=dict(found.mapping),
            region=found.region,
        )


def _work(run: Run) -> None:
    if not run.path.exists():
        _end(run, ImportState.FAILED, error="file_lost")
        return
    if run.row_count is None and not _count(run):
        return
    reader = RowReader(columns=run.table.columns, mapping=run.mapping, region=run.region)
    size = CHUNK_ROWS.get(db.engine.dialect.name, CHUNK_ROWS_ELSEWHERE)
    _make_room()
    for records in in_chunks(read_records(run.path, run.table, skip=run.rows_done), size):
        counts = _write(run, read_rows(records, reader))
        if counts is None:
            return
        _tell(run, new=counts[ImportOutcome.IMPORTED])
        if db.engine.dialect.name == "sqlite":
            time.sleep(PAUSE_SECONDS)
    _end(run, ImportState.FINISHED)


def _make_room() -> None:
    """Indexes of a long list do not fit into SQLite's cache of 2 MB: a tenth of the time goes into reading them."""
    if db.engine.dialect.name == "sqlite":
        with read_only():
            db.session.connection().exec_driver_sql(f"PRAGMA cache_size=-{SQLITE_CACHE_KB}")
            db.session.rollback()


def _write(run: Run, results: list[RowResult]) -> Counter[str] | None:
    """Write a chunk; two imports that wait for each other's rows try again. None: the run was overtaken."""
    for remaining in reversed(range(MAX_TRIES)):
        try:
            with transaction():
                if not _save(run, beat_at=clock.now()):  # first: from here on nobody overtakes this chunk
                    return None
                counts = write_chunk(results, run.target)
                _save(run, rows_done=run.rows_done + len(results), counts=dict(run.counts + counts))
        except OperationalError:
            if not remaining:
                raise
            log.info("a chunk of import %s met a lock", run.target.import_id)
        else:
            run.counts += counts
            run.rows_done += len(results)
            return counts
    return None


def _count(run: Run) -> bool:
    run.row_count = count_records(run.path, run.table)
    with transaction():
        return _save(run, row_count=run.row_count, beat_at=clock.now())


def _save(run: Run, **values: Any) -> bool:
    """False: a newer run has taken over, or somebody has stopped the import."""
    done: Any = db.session.execute(
        update(IMPORTS)
        .where(
            IMPORTS.c.id == run.target.import_id,
            IMPORTS.c.fence == run.fence,
            IMPORTS.c.state == ImportState.RUNNING,
        )
        .values(**values)
    )
    return bool(done.rowcount)


def _tell(run: Run, *, new: int) -> None:
    """Tell pages and the dialer, a few times a second."""
    chunk_written.send(None, rows_done=run.rows_done, row_count=run.row_count)
    now = time.monotonic()
    if now - run.told_at < NEWS_SECONDS:
        return
    run.told_at = now
    _publish(run, ImportState.RUNNING)
    if new:
        leads_added.send(None, list_id=run.target.list_id)


def _publish(run: Run, state: ImportState) -> None:
    news = {
        "state": state.value,
        "rows_done": run.rows_done,
        "row_count": run.row_count,
        "counts": dict(run.counts),
    }
    try:
        publish(topics.lead_import(run.target.import_id), "progress", news)
    except RedisError as error:
        log.warning("progress of import %s was not told: %s", run.target.import_id, error)


def _end(run: Run, state: ImportState, *, error: str = "") -> None:
    with transaction():
        if not _save(run, state=state, error=error, finished_at=clock.now()):
            return
        found = db.session.get(LeadImport, run.target.import_id)
        record(f"list.import_{state}", found, rows=run.rows_done, counts=dict(run.counts))
    _publish(run, state)
    leads_added.send(None, list_id=run.target.list_id)


def take_interrupted_imports() -> list[int]:
    """Imports whose run has not been heard of for a while; they are not given again for a minute."""
    stale = (LeadImport.state == ImportState.RUNNING, LeadImport.beat_at < clock.now() - STALE_AFTER)
    with every_client():
        with read_only():
            found = list(db.session.scalars(select(LeadImport.id).where(*stale)))
            db.session.rollback()
        if found:
            with transaction():
                again = update(LeadImport).where(LeadImport.id.in_(found))
                db.session.execute(again.values(beat_at=clock.now() + REST_AFTER_QUEUEING))
    return found
