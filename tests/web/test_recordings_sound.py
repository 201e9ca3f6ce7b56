"""The sound as a player asks for it: parts, decrypted; each part in the log before it is sent."""

from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from telesales.access.roles import Role
from telesales.extensions import db
from telesales.recordings.models import Recording, RecordingAccess
from telesales.recordings.wav import header_of
from telesales.tenancy.scope import every_client
from tests.actors import Actor, as_role
from tests.factories_calls import make_attempt
from tests.factories_recordings import make_recording, recording_keys, tone

SECONDS = 100
SAMPLES = tone(SECONDS, loudness=0.2)
WHOLE = header_of(8_000, len(SAMPLES)) + SAMPLES
MEBIBYTE = 1024 * 1024


@pytest.fixture(autouse=True)
def keys(app: Flask, tmp_path: Path):
    before = app.config["TELESALES"]
    app.config["TELESALES"] = replace(before, data_dir=tmp_path / "data")
    app.extensions.pop("recording_stores", None)
    with recording_keys(app):
        yield
    app.config["TELESALES"] = before
    app.extensions.pop("recording_stores", None)


@pytest.fixture
def recording_id(app: Flask, tmp_path: Path) -> int:
    with every_client():
        return make_recording(app, tmp_path, make_attempt(), samples=SAMPLES).id


@pytest.fixture
def reviewer(client: FlaskClient) -> Actor:
    return as_role(client, Role.REVIEWER)


def log() -> list[tuple[str, float, float, str]]:
    db.session.rollback()
    with every_client():
        rows = db.session.scalars(select(RecordingAccess).order_by(RecordingAccess.id))
        return [(row.kind, row.first_second, row.last_second, row.play) for row in rows]


def ask(actor: Actor, recording_id: int, span: str = "", *, play: str = "visit"):
    headers = {"Range": span} if span else {}
    return actor.get(f"/recordings/{recording_id}/sound.wav?play={play}", headers=headers)


def test_the_whole_is_sent_and_logged(reviewer: Actor, recording_id: int):
    answer = ask(reviewer, recording_id)

    assert answer.status_code == 200
    assert answer.data == WHOLE
    assert answer.headers["Accept-Ranges"] == "bytes"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.mimetype == "audio/wav"
    assert log() == [("listened", 0.0, 100.0, "visit")]


@pytest.mark.parametrize(
    ("span", "start", "end"),
    [
        ("bytes=0-99", 0, 100),
        ("bytes=65000-200000", 65_000, 200_001),
        ("bytes=1600000-", 1_600_000, len(WHOLE)),
        ("bytes=-44", len(WHOLE) - 44, len(WHOLE)),
        ("bytes=0-", 0, MEBIBYTE),
        ("bytes=100-99999999", 100, 100 + MEBIBYTE),
    ],
)
def test_a_part_is_sent_with_its_place(reviewer: Actor, recording_id: int, span: str, start: int, end: int):
    answer = ask(reviewer, recording_id, span)

    assert answer.status_code == 206
    assert answer.headers["Content-Range"] == f"bytes {start}-{end - 1}/{len(WHOLE)}"
    assert answer.data == WHOLE[start:end]


def test_the_log_tells_which_part_was_sent(reviewer: Actor, recording_id: int):
    ask(reviewer, recording_id, f"bytes={44 + 16_000 * 10}-{44 + 16_000 * 20 - 1}")

    assert log() == [("listened", 10.0, 20.0, "visit")]


@pytest.mark.parametrize("span", ["bytes=9999999-", "bytes=1600044-1600050"])
def test_a_part_that_is_not_there_is_refused_and_not_logged(reviewer: Actor, recording_id: int, span: str):
    answer = ask(reviewer, recording_id, span)

    assert answer.status_code == 416
    assert answer.headers["Content-Range"] == f"bytes */{len(WHOLE)}"
    assert log() == []


def test_several_parts_at_once_are_answered_with_the_whole(reviewer: Actor, recording_id: int):
    answer = ask(reviewer, recording_id, "bytes=0-1,5-6")

    assert (answer.status_code, len(answer.data)) == (200, len(WHOLE))


def test_asking_only_for_the_head_is_no_listening(reviewer: Actor, recording_id: int):
    answer = reviewer.client.head(f"/recordings/{recording_id}/sound.wav")

    assert (answer.status_code, answer.content_length, answer.data) == (200, len(WHOLE), b"")
    assert log() == []


def test_the_page_shows_one_visit_as_one_line(client: FlaskClient, recording_id: int):
    manager = as_role(client, Role.MANAGER, name="Kim Park")
    with every_client():
        attempt_id = db.session.get(Recording, recording_id).attempt_id
        db.session.rollback()
    for span in ("bytes=0-319999", "bytes=320000-639999", "bytes=1280044-1440043"):
        ask(manager, recording_id, span, play="one")
    manager.get(f"/recordings/{recording_id}/download.wav")

    page = manager.get(f"/recordings/calls/{attempt_id}").text
    lines = page.split("Who listened")[-1].split("<tbody>")[1].split("<tr>")[1:]

    assert len(lines) == 2
    assert "downloaded" in lines[0]
    assert "0:00–1:40" in lines[0]
    assert "Kim Park" in lines[1]
    assert "0:00–0:40, 1:20–1:30" in lines[1]


def test_a_download_is_for_managers_and_logged(client: FlaskClient, reviewer: Actor, recording_id: int):
    assert reviewer.get(f"/recordings/{recording_id}/download.wav").status_code == 403
    assert as_role(client, Role.SUPERVISOR).get(f"/recordings/{recording_id}/download.wav").status_code == 403

    answer = as_role(client, Role.MANAGER).get(f"/recordings/{recording_id}/download.wav")

    assert answer.data == WHOLE
    assert "attachment" in answer.headers["Content-Disposition"]
    assert log() == [("downloaded", 0.0, 100.0, "")]


def test_what_cannot_be_played_says_why_and_is_not_logged(
    app: Flask, reviewer: Actor, recording_id: int, tmp_path: Path
):
    (path,) = [path for path in (tmp_path / "data/recordings").rglob("*") if path.is_file()]

    with recording_keys(app, {"other": bytes(32)}):
        missing = ask(reviewer, recording_id)
    path.write_bytes(path.read_bytes()[:-20])
    damaged = ask(reviewer, recording_id)

    assert (missing.status_code, damaged.status_code) == (503, 503)
    assert "Ask the operator" in missing.text
    assert "damaged" in damaged.text
    assert log() == []


def test_a_recording_that_changes_in_the_middle_is_cut_off_not_played(
    reviewer: Actor, recording_id: int, tmp_path: Path
):
    (path,) = [path for path in (tmp_path / "data/recordings").rglob("*") if path.is_file()]
    content = bytearray(path.read_bytes())
    content[-100] ^= 1
    path.write_bytes(content)

    assert ask(reviewer, recording_id, "bytes=0-999999").data == WHOLE[:1_000_000]
    with pytest.raises(Exception, match="not what was sealed"):
        ask(reviewer, recording_id, "bytes=1500000-")
