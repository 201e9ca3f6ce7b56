"""Recordings: sound in files, keys, and rows with what they need."""

import itertools
import math
import wave
from array import array
from contextlib import contextmanager
from pathlib import Path

from flask import Flask

from dialer.ports import RecordingSide
from telesales import clock
from telesales.calls.models import CallAttempt
from telesales.extensions import db
from telesales.recordings.models import AccessKind, PauseKind, Recording, RecordingAccess, RecordingPause
from telesales.recordings.shelf import DatabaseShelf
from tests.factories_calls import make_attempt

KEYS = {"2026b": bytes(range(32)), "2026a": bytes(range(1, 33))}
RATE = 8_000
_numbers = itertools.count(1)


@contextmanager
def recording_keys(app: Flask, keys: dict[str, bytes] | None = None):
    """Let the application have these keys (default: two)."""
    before = app.config["RECORDING_KEYS"]
    app.config["RECORDING_KEYS"] = KEYS if keys is None else keys
    try:
        yield
    finally:
        app.config["RECORDING_KEYS"] = before


def tone(seconds: float = 1.0, hertz: float = 440.0, loudness: float = 0.5) -> bytes:
    """Samples of a tone."""
    top = round(loudness * 32_767)
    return array(
        "h", (round(top * math.sin(2 * math.pi * hertz * n / RATE)) for n in range(round(seconds * RATE)))
    ).tobytes()


def write_wav(path: Path, samples: bytes) -> Path:
    """A WAV file of 16-bit mono sound."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(samples)
    return path


def make_recording(
    app: Flask,
    folder: Path,
    attempt: CallAttempt | None = None,
    *,
    side: RecordingSide = RecordingSide.MIXED,
    samples: bytes | None = None,
    started_at: float | None = None,
) -> Recording:
    """A call's side, kept by the shelf as a carrier's would be. Commits what the test has made so far."""
    attempt = attempt or make_attempt(ended_at=clock.now())
    attempt_id = attempt.id
    db.session.commit()
    path = write_wav(folder / f"{next(_numbers)}.wav", tone() if samples is None else samples)
    DatabaseShelf(app).keep(attempt_id, side, started_at or clock.now().timestamp(), path)
    return db.session.query(Recording).filter_by(attempt_id=attempt_id, side=side).one()


def make_recording_rows(attempt: CallAttempt) -> None:
    """Rows of three sides, a pause and a listening, as pages show them; there is no sound behind them."""
    owned = {"client_id": attempt.client_id, "attempt_id": attempt.id}
    for side in RecordingSide:
        peaks = bytes((n * 37 + len(side) * n) % 200 for n in range(500))
        row = Recording(
            side=side,
            campaign_id=attempt.campaign_id,
            started_at=clock.now(),
            seconds=90.0,
            size=1_440_044,
            sha256="0" * 64,
            storage_key="nowhere",
            key_id="2026b",
            peaks=peaks,
            **owned,
        )
        db.session.add(row)
    pause = RecordingPause(kind=PauseKind.PAUSED, seconds=20, by_id=attempt.agent_id, **owned)
    db.session.add(pause)
    db.session.flush()
    access = RecordingAccess(
        client_id=attempt.client_id,
        recording_id=row.id,
        kind=AccessKind.LISTENED,
        first_second=0,
        last_second=31,
        user_id=attempt.agent_id,
    )
    db.session.add(access)
    db.session.flush()
