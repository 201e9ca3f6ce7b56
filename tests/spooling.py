"""A spool of recordings that the clock empties."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from flask import Flask
from sqlalchemy import select

from dialer.ports import RecordingSide
from dialer.spool import spool_path
from telesales import clock
from telesales.extensions import db
from telesales.recordings import jobs, spooling
from telesales.recordings.models import Recording
from telesales.tenancy.scope import every_client
from tests.factories_calls import make_attempt
from tests.factories_recordings import recording_keys, tone, write_wav

AT = 1_790_000_000.5
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
CALLEE, AGENT = RecordingSide.CALLEE, RecordingSide.AGENT
NOBODY = 999_999


@contextmanager
def spooling_into(app: Flask, data_dir: Path) -> Iterator[None]:
    """Let the application spool and keep recordings in this folder, with keys."""
    before = app.config["TELESALES"]
    app.config["TELESALES"] = replace(before, data_dir=data_dir)
    app.extensions.pop("recording_stores", None)
    with recording_keys(app), every_client():
        yield
    app.config["TELESALES"] = before
    app.extensions.pop("recording_stores", None)


def make_attempt_id() -> int:
    """A call whose recordings can be kept."""
    attempt_id = make_attempt().id
    db.session.commit()
    return attempt_id


def make_spooled(
    folder: Path, attempt_id: int, side: RecordingSide = CALLEE, at: float = AT, samples=None
) -> Path:
    """A moment of sound that was recorded."""
    return write_wav(spool_path(folder, attempt_id, side, at), samples or tone(0.05))


def keep_at(seconds: float) -> None:
    """The clock's job, so long after NOW."""
    with clock.freeze(NOW + timedelta(seconds=seconds)):
        jobs.keep_spooled_recordings()


def kept_sides() -> list[str]:
    return sorted(db.session.scalars(select(Recording.side)))


def tries_of(folder: Path, name: str = "") -> int:
    """How often a file was tried in vain, or the store when no file is named."""
    wait = spooling.read_waits(folder).get(name)
    return wait.tries if wait else 0
