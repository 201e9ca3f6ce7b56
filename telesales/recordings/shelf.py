"""The dialer's shelf of recordings, fulfilled from the store and the database.

A file goes the same way whoever dies meanwhile: read, stored under a name made of its content, written down, and only then deleted from
the spool. Whatever was done already is found and not done again.
"""

import contextlib
import hashlib
import logging
from datetime import UTC, datetime
from pathlib import Path

from flask import Flask, has_app_context
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from dialer.ports import (
    RecordingPlan,
    RecordingSide,
    ShelfUnavailableError,
    UnknownCallError,
    UnreadableRecordingError,
)
from telesales import clock
from telesales.calls.models import CallAttempt
from telesales.extensions import db, insert_into, read_only, transaction
from telesales.recordings import vault
from telesales.recordings.models import Recording
from telesales.recordings.policy import recording_policy_of
from telesales.recordings.sealing import Keyring, seal
from telesales.recordings.stores import StoreUnavailableError
from telesales.recordings.wav import HEADER_BYTES, BadWavError, PeakMeter, Wav, pieces_of, read_wav
from telesales.tenancy.scope import every_client

log = logging.getLogger(__name__)


class DatabaseShelf:
    """See `dialer.ports.RecordingShelf`. A carrier's process makes one with the application and calls it in a thread."""

    def __init__(self, app: Flask) -> None:
        self._app = app

    def keep(self, attempt_id: int, side: RecordingSide, started_at: float, wav_path: Path) -> None:
        """Encrypt and store one side of a call, write its row, then delete the file."""
        context = contextlib.nullcontext() if has_app_context() else self._app.app_context()
        with context, every_client():
            try:
                _keep(attempt_id, RecordingSide(side), datetime.fromtimestamp(started_at, UTC), wav_path)
            except FileNotFoundError as error:
                if _find(attempt_id, side) is None:
                    raise UnreadableRecordingError(f"{wav_path} is not there") from error
            except (StoreUnavailableError, OperationalError) as error:
                raise ShelfUnavailableError(str(error)) from error
            except BadWavError as error:
                raise UnreadableRecordingError(f"{wav_path}: {error}") from error
        wav_path.unlink(missing_ok=True)

    def plan_of(self, attempt_id: int) -> RecordingPlan | None:
        """What is to be done about recording a call; None for an unknown one."""
        context = contextlib.nullcontext() if has_app_context() else self._app.app_context()
        with context, every_client(), read_only():
            try:
                attempt = db.session.get(CallAttempt, attempt_id)
                return None if attempt is None else recording_policy_of(attempt)
            finally:
                db.session.rollback()


def _keep(attempt_id: int, side: RecordingSide, started_at: datetime, path: Path) -> None:
    wav = read_wav(path)
    sha256, peaks = _listen(path, wav)
    known = _find(attempt_id, side)
    if known is not None:
        if sha256 not in ("", known[0]) and known[1] is None:
            raise UnreadableRecordingError(f"{path}: another sound of this side is kept already")
        return
    keys = vault.keyring()
    if keys is None:
        raise ShelfUnavailableError("RECORDING_KEYS is not set: nothing is kept without encryption")
    client_id, campaign_id = _owner(attempt_id)
    row = {
        "attempt_id": attempt_id,
        "side": side,
        "client_id": client_id,
        "campaign_id": campaign_id,
        "started_at": started_at,
        "seconds": wav.seconds,
        "size": wav.size,
        "sha256": sha256,
        "peaks": peaks,
        "storage_key": f"{client_id}/{started_at:%Y-%m-%d}/{attempt_id}-{side}-{sha256[:16]}",
        "key_id": keys.newest,
        "is_held": False,
        "kept_at": clock.now(),
        "deletion_reason": "",
    }
    _store(row, path, wav, keys)
    with transaction() as session:
        session.execute(
            insert_into(Recording.__table__).on_conflict_do_nothing(index_elements=["attempt_id", "side"]),
            row,
        )


def _store(row: dict[str, object], path: Path, wav: Wav, keys: Keyring) -> None:
    name = vault.bound_name(int(str(row["attempt_id"])), RecordingSide(str(row["side"])))
    vault.store().put(str(row["storage_key"]), seal(pieces_of(path, wav), keyring=keys, name=name))


def _listen(path: Path, wav: Wav) -> tuple[str, bytes]:
    """Fingerprint and peaks, in one pass."""
    digest, meter, position = hashlib.sha256(), PeakMeter(wav.data_size), 0
    for piece in pieces_of(path, wav):
        digest.update(piece)
        meter.hear(piece[max(0, HEADER_BYTES - position) :])
        position += len(piece)
    return digest.hexdigest(), meter.peaks()


def _find(attempt_id: int, side: RecordingSide) -> tuple[str, datetime | None] | None:
    """Fingerprint and deletion of what is kept already."""
    try:
        with read_only():
            row = db.session.execute(
                select(Recording.sha256, Recording.deleted_at).where(
                    Recording.attempt_id == attempt_id, Recording.side == side
                )
            ).one_or_none()
    finally:
        db.session.rollback()
    return None if row is None else (row.sha256, row.deleted_at)


def _owner(attempt_id: int) -> tuple[int, int]:
    try:
        with read_only():
            row = db.session.execute(
                select(CallAttempt.client_id, CallAttempt.campaign_id).where(CallAttempt.id == attempt_id)
            ).one_or_none()
    finally:
        db.session.rollback()
    if row is None:
        raise UnknownCallError(f"no call has the number {attempt_id}")
    return row.client_id, row.campaign_id
