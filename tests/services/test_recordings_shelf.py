"""The shelf: what a carrier hands over is stored, written down, and only then taken out of the spool."""

import hashlib
import os
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import delete, func, select

from dialer.ports import RecordingSide, ShelfUnavailableError, UnreadableRecordingError
from dialer.spool import list_spooled, spool_folder, spool_path
from telesales import clock
from telesales.extensions import db
from telesales.recordings import jobs, sealing, shelf, stores, vault
from telesales.recordings.models import Recording
from telesales.recordings.shelf import DatabaseShelf
from tests.dying import dies
from tests.factories_recordings import KEYS, make_recording, recording_keys, tone, write_wav
from tests.s3_server import point_at, run_s3
from tests.spooling import make_attempt_id, spooling_into

AT = 1_790_000_000.5
CALLEE = RecordingSide.CALLEE


@pytest.fixture(autouse=True)
def keys(app: Flask, tmp_path: Path):
    """Keys, a data directory of this test's own, and every client in sight."""
    with spooling_into(app, tmp_path / "data"):
        yield


def played(recording: Recording) -> bytes:
    return b"".join(vault.open_recording(recording).read(0, recording.size))


def rows() -> list[Recording]:
    return list(db.session.scalars(select(Recording).execution_options(populate_existing=True)))


def files(tmp_path: Path) -> list[Path]:
    return [path for path in (tmp_path / "data/recordings").rglob("*") if path.is_file()]


def test_a_side_is_kept_encrypted_and_leaves_the_spool(app: Flask, tmp_path: Path) -> None:
    attempt_id = make_attempt_id()
    path = write_wav(tmp_path / "a.wav", tone(2))
    content = path.read_bytes()

    DatabaseShelf(app).keep(attempt_id, CALLEE, AT, path)

    (row,) = rows()
    assert not path.exists()
    assert (row.attempt_id, row.side, row.seconds, row.size) == (attempt_id, "callee", 2.0, len(content))
    assert (row.sha256, row.key_id) == (hashlib.sha256(content).hexdigest(), "2026b")
    assert row.started_at.timestamp() == AT
    assert len(row.peaks) == 1_000
    assert max(row.peaks) == pytest.approx(127, abs=2)
    assert played(row) == content
    (stored,) = files(tmp_path)
    assert content[100:200] not in stored.read_bytes()


def test_any_part_is_read_without_the_rest(app: Flask, tmp_path: Path) -> None:
    recording = make_recording(app, tmp_path, samples=tone(200, loudness=0.1))
    whole = played(recording)
    opened = vault.open_recording(recording)

    for start, end in (
        (0, 1),
        (44, 1000),
        (65_535, 65_537),
        (1_048_570, 2_200_000),
        (len(whole) - 1, len(whole)),
    ):
        assert b"".join(opened.read(start, end)) == whole[start:end]


def test_the_same_side_again_changes_nothing(app: Flask, tmp_path: Path) -> None:
    attempt_id = make_attempt_id()
    for _again in range(2):
        DatabaseShelf(app).keep(attempt_id, CALLEE, AT, write_wav(tmp_path / "a.wav", tone()))

    assert len(rows()) == 1
    assert not (tmp_path / "a.wav").exists()


def test_another_sound_of_a_side_that_is_kept_is_left_for_a_person(app: Flask, tmp_path: Path) -> None:
    attempt_id = make_attempt_id()
    DatabaseShelf(app).keep(attempt_id, CALLEE, AT, write_wav(tmp_path / "a.wav", tone()))
    other = write_wav(tmp_path / "b.wav", tone(hertz=300))

    with pytest.raises(UnreadableRecordingError):
        DatabaseShelf(app).keep(attempt_id, CALLEE, AT, other)

    assert other.exists()


def test_without_keys_nothing_is_kept_and_nothing_is_lost(app: Flask, tmp_path: Path) -> None:
    attempt_id = make_attempt_id()
    path = write_wav(tmp_path / "a.wav", tone())

    with recording_keys(app, {}), pytest.raises(ShelfUnavailableError, match="RECORDING_KEYS"):
        DatabaseShelf(app).keep(attempt_id, CALLEE, AT, path)

    assert path.exists()
    assert rows() == files(tmp_path) == []


def test_a_file_of_no_call_or_without_sound_stays(app: Flask, tmp_path: Path) -> None:
    good, bad = write_wav(tmp_path / "a.wav", tone()), tmp_path / "b.wav"
    bad.write_bytes(b"no sound")

    with pytest.raises(UnreadableRecordingError):
        DatabaseShelf(app).keep(4_711, CALLEE, AT, good)
    with pytest.raises(UnreadableRecordingError):
        DatabaseShelf(app).keep(make_attempt_id(), CALLEE, AT, bad)

    assert good.exists()
    assert bad.exists()
    assert rows() == []


def test_a_store_that_is_away_keeps_the_file_in_the_spool(app: Flask, tmp_path: Path) -> None:
    attempt_id = make_attempt_id()
    path = write_wav(tmp_path / "a.wav", tone())
    (tmp_path / "data").mkdir(exist_ok=True)
    (tmp_path / "data/recordings").write_text("a file where the folder should be")

    with pytest.raises(ShelfUnavailableError):
        DatabaseShelf(app).keep(attempt_id, CALLEE, AT, path)

    assert path.exists()
    assert rows() == []


def test_whoever_dies_at_any_line_the_sound_is_in_the_spool_or_safe(app: Flask, tmp_path: Path) -> None:
    attempt_id = make_attempt_id()
    db.session.remove()
    content = write_wav(tmp_path / "a.wav", tone(0.05)).read_bytes()
    line, died_after_the_row = 0, 0
    finished = False
    while not finished:
        line += 1
        path = write_wav(tmp_path / "a.wav", tone(0.05))
        keeping = partial(DatabaseShelf(app).keep, attempt_id, CALLEE, AT, path)
        finished = not dies(keeping, line, shelf, stores, sealing)
        left = rows()
        died_after_the_row += bool(left) and not finished
        assert path.exists() or [played(row) for row in left] == [content]
        assert path.exists() != finished
        db.session.rollback()

        if path.exists():
            DatabaseShelf(app).keep(attempt_id, CALLEE, AT, path)

        assert [played(row) for row in rows()] == [content]
        assert not path.exists()
        db.session.execute(delete(Recording))
        db.session.commit()

    assert line > 30
    assert died_after_the_row > 0


def test_what_a_carrier_put_into_the_spool_is_kept_by_the_clock(app: Flask, tmp_path: Path) -> None:
    attempt_id = make_attempt_id()
    folder = spool_folder(tmp_path / "data")
    write_wav(spool_path(folder, attempt_id, CALLEE, AT), tone())
    bad = spool_path(folder, attempt_id, RecordingSide.AGENT, AT)
    bad.write_bytes(b"no sound")
    write_wav(spool_path(folder, attempt_id, RecordingSide.MIXED, AT), tone())
    unfinished = folder / "7-mixed-1.wav.part"
    unfinished.write_bytes(b"")

    jobs.keep_spooled_recordings()

    assert sorted(row.side for row in rows()) == ["callee", "mixed"]
    assert list_spooled(folder) == []
    assert (folder / "aside" / bad.name).exists()
    assert unfinished.exists()
    assert oct(folder.stat().st_mode & 0o777) == "0o700"


def test_keys_are_changed_without_losing_what_the_old_one_sealed(app: Flask, tmp_path: Path) -> None:
    with recording_keys(app, {"2026a": KEYS["2026a"]}):
        old = make_recording(app, tmp_path)
    new = make_recording(app, tmp_path)

    assert (old.key_id, new.key_id) == ("2026a", "2026b")
    assert played(old) == played(new)
    with recording_keys(app, {"2026b": KEYS["2026b"]}):
        assert code_of(old) == "recording-key-missing"


def code_of(recording: Recording) -> str:
    with pytest.raises(vault.RecordingUnreadableError) as refused:
        vault.open_recording(recording)
    return refused.value.code


def test_a_file_that_was_cut_changed_or_taken_away_is_not_played(app: Flask, tmp_path: Path) -> None:
    recording = make_recording(app, tmp_path)
    (path,) = files(tmp_path)
    whole = path.read_bytes()

    path.write_bytes(whole[:-1])
    assert code_of(recording) == "recording-damaged"
    path.write_bytes(whole[:200] + bytes((whole[200] ^ 1,)) + whole[201:])
    assert code_of(recording) == "recording-damaged"
    path.write_bytes(whole)
    with recording_keys(app, {"2026b": bytes(32)}):
        assert code_of(recording) == "recording-damaged"
    path.unlink()
    assert code_of(recording) == "recording-damaged"


def test_recordings_go_to_a_bucket_and_come_back(app: Flask, tmp_path: Path, monkeypatch) -> None:
    with run_s3() as address:
        app.config["TELESALES"] = replace(
            app.config["TELESALES"], recording_store=point_at(monkeypatch, address)
        )

        recording = make_recording(app, tmp_path, samples=tone(100))

        assert played(recording)[44:] == tone(100)
        assert files(tmp_path) == []
    assert code_of(recording) == "recording-store-away"


def test_one_row_each_when_two_processes_are_equally_fast(app: Flask, tmp_path: Path) -> None:
    attempt_id = make_attempt_id()
    db.session.remove()
    children = []
    for name in ("a", "b"):
        path = write_wav(tmp_path / f"{name}.wav", tone())
        child = os.fork()
        if child == 0:
            try:
                db.engine.dispose(close=False)
                DatabaseShelf(app).keep(attempt_id, CALLEE, AT, path)
                os._exit(0)
            finally:
                os._exit(1)
        children.append(child)

    ended = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]

    assert ended == [0, 0]
    assert db.session.scalar(select(func.count()).select_from(Recording)) == 1
    assert clock.now().timestamp() > AT
