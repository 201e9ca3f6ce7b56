"""What cannot be kept: tried again by the clock, set aside with its reason, and told."""

import itertools
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask

from dialer import spool_news
from dialer.spool import list_aside, list_spooled, spool_folder, spool_path
from dialer.spool_news import LostRecording, read_lost, read_spools
from telesales import clock
from telesales.calls.models import CallAttempt
from telesales.extensions import db
from telesales.health.service import check_parts
from telesales.recordings import spooling
from tests.factories_recordings import recording_keys, tone, write_wav
from tests.spooling import (
    AGENT,
    AT,
    CALLEE,
    NOBODY,
    NOW,
    keep_at,
    kept_sides,
    make_attempt_id,
    make_spooled,
    spooling_into,
    tries_of,
)


@pytest.fixture(autouse=True)
def keys(app: Flask, tmp_path: Path):
    with spooling_into(app, tmp_path / "data"):
        yield


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return spool_folder(tmp_path / "data")


@pytest.fixture
def attempt_id() -> int:
    return make_attempt_id()


def block_store(tmp_path: Path) -> Path:
    """The store's folder is a file: nothing can be kept."""
    path = tmp_path / "data" / "recordings"
    path.write_text("")
    return path


def test_a_store_that_is_away_is_asked_after_growing_pauses(app, tmp_path, folder, attempt_id):
    path = make_spooled(folder, attempt_id)
    wall = block_store(tmp_path)
    asked = []
    for second in range(0, 1200, 15):
        before = tries_of(folder)
        keep_at(second)
        if tries_of(folder) > before:
            asked.append(second)

    assert asked == [0, 15, 45, 105, 225, 465, 945]
    assert path.exists()
    wall.unlink()
    keep_at(1845)
    assert not path.exists()
    assert kept_sides() == ["callee"]
    assert spooling.read_waits(folder) == {}


def test_nothing_waits_longer_than_a_quarter_of_an_hour(app, tmp_path, folder, attempt_id):
    make_spooled(folder, attempt_id)
    block_store(tmp_path)
    for turn in range(40):
        keep_at(turn * 901)

    assert tries_of(folder) == 40
    assert list_aside(folder) == []


def test_one_file_that_the_store_refuses_does_not_hold_up_the_others(app, tmp_path, folder, attempt_id):
    client_id = db.session.get_one(CallAttempt, attempt_id).client_id
    stuck = make_spooled(folder, attempt_id, CALLEE, AT)
    day = datetime.fromtimestamp(AT, UTC).date()
    wall = tmp_path / "data" / "recordings" / str(client_id) / str(day)
    wall.parent.mkdir(parents=True)
    wall.write_text("")
    later = make_spooled(folder, attempt_id, AGENT, AT + 86_400)

    keep_at(0)
    keep_at(20)

    assert stuck.exists()
    assert not later.exists()
    assert kept_sides() == ["agent"]


@pytest.mark.parametrize("content", [b"no sound", b""])
def test_a_file_without_sound_is_set_aside_with_its_reason(app, folder, attempt_id, content):
    path = spool_path(folder, attempt_id, CALLEE, AT)
    path.write_bytes(content)

    keep_at(0)
    keep_at(60)

    ((target, reason),) = list_aside(folder)
    assert target == folder / "aside" / path.name
    assert target.read_bytes() == content
    assert "not a WAV file" in reason
    assert list_spooled(folder) == []
    assert oct(target.parent.stat().st_mode & 0o777) == "0o700"


def test_another_sound_of_a_side_is_set_aside_and_the_first_is_kept(app, folder, attempt_id):
    make_spooled(folder, attempt_id)
    keep_at(0)
    make_spooled(folder, attempt_id, samples=tone(0.2))
    keep_at(60)
    make_spooled(folder, attempt_id, samples=tone(0.3))
    keep_at(120)

    assert kept_sides() == ["callee"]
    names = [target.name for target, _ in list_aside(folder)]
    assert len(names) == 2
    assert names[0].endswith(".2.wav") or names[1].endswith(".2.wav")
    assert {"kept already" in reason for _, reason in list_aside(folder)} == {True}


def test_an_unknown_call_is_waited_for_a_day(app, folder):
    path = make_spooled(folder, NOBODY)
    moments = []
    for second in (*range(0, 1200, 15), *range(1200, 90_000, 300)):
        before = tries_of(folder, path.name)
        keep_at(second)
        if tries_of(folder, path.name) > before:
            moments.append(second)
        if not path.exists():
            break

    pauses = [later - earlier for earlier, later in itertools.pairwise(moments)]
    assert pauses[:6] == [15, 30, 60, 120, 240, 480]
    assert max(pauses) <= 900 + 300
    assert 85_000 < second <= 86_400
    ((_target, reason),) = list_aside(folder)
    assert f"no call has the number {NOBODY}" in reason


def test_a_call_that_appears_meanwhile_is_kept(app, folder, attempt_id):
    path = make_spooled(folder, attempt_id + 1)
    keep_at(0)
    assert path.exists()
    make_attempt_id()

    keep_at(20)

    assert not path.exists()
    assert list_aside(folder) == []


def test_days_without_a_store_are_no_reason_to_give_a_file_up(app, tmp_path, folder):
    path = make_spooled(folder, NOBODY)
    wall = tmp_path / "data" / "recordings"
    with recording_keys(app, {}):
        for day in range(3):
            keep_at(day * 86_400)
    assert not wall.exists()

    keep_at(3 * 86_400)

    assert path.exists()
    assert list_aside(folder) == []


def test_a_file_that_cannot_be_read_does_not_stop_the_rest(app, folder, attempt_id):
    spool_path(folder, attempt_id, CALLEE, AT).mkdir()
    make_spooled(folder, attempt_id, AGENT, AT + 1)

    keep_at(0)

    assert kept_sides() == ["agent"]
    assert tries_of(folder, f"{attempt_id}-callee-{round(AT * 1000)}.wav") == 1


def test_what_nobody_finished_is_set_aside_after_a_day(app, folder):
    part, odd = folder / "7-mixed-1.part", folder / "somebody's.wav"
    part.write_bytes(b"RIFF")
    odd.write_bytes(b"RIFF")
    for path in (part, odd):
        os.utime(path, (NOW.timestamp(), NOW.timestamp()))

    keep_at(86_000)
    assert list_aside(folder) == []
    keep_at(86_500)

    assert {target.name for target, _ in list_aside(folder)} == {part.name, odd.name}
    assert not part.exists()


def test_a_memory_of_tries_that_is_damaged_costs_nothing(app, folder, attempt_id):
    make_spooled(folder, attempt_id)
    (folder / "waiting.json").write_text('{"": {"tr')

    keep_at(0)

    assert kept_sides() == ["callee"]


def test_what_is_left_is_told_to_pages_and_monitors(app, tmp_path, folder, attempt_id, redis_server):
    bad = spool_path(folder, attempt_id, CALLEE, AT)
    bad.write_bytes(b"no sound")
    path = make_spooled(folder, attempt_id, AGENT)
    os.utime(path, (NOW.timestamp() - 4000, NOW.timestamp() - 4000))
    block_store(tmp_path)

    keep_at(0)
    keep_at(20)

    (report,) = read_spools(redis_server)
    assert (report.waiting, report.aside, report.oldest_at) == (1, 1, NOW.timestamp() - 4000)
    assert "recordings" in report.why
    with clock.freeze(NOW):
        part = check_parts()["recordings"]
    assert not part.ok
    assert part.detail == "1 wait, the oldest for 67 min; 1 set aside"


def test_an_empty_spool_is_well(app, redis_server, folder):
    keep_at(0)

    assert check_parts()["recordings"].ok
    assert check_parts()["recordings"].detail == "none waits"


def test_sides_that_were_never_recorded_are_told_for_a_week(redis_server):
    lost = LostRecording(AT, "one", "rec-000000000007-callee-1", "no space left")
    redis_server.lpush(spool_news.LOST_KEY, spool_news.json.dumps(spool_news.asdict(lost)))

    assert read_lost(redis_server, AT + 60) == [lost]
    assert read_lost(redis_server, AT + 8 * 86_400) == []


def test_the_operator_lists_the_spool_and_tries_again(app, folder, attempt_id):
    bad = spool_path(folder, attempt_id, CALLEE, AT)
    bad.write_bytes(b"no sound")
    keep_at(0)
    runner = app.test_cli_runner()

    listed = runner.invoke(args=["recordings", "spool"])
    assert listed.exit_code == 1
    assert "not a WAV file" in listed.output

    write_wav(folder / "aside" / bad.name, tone(0.05))  # somebody mended it
    again = runner.invoke(args=["recordings", "spool", "--again"])
    assert again.exit_code == 0, again.output
    keep_at(60)
    assert kept_sides() == ["callee"]
    assert os.listdir(folder / "aside") == []
