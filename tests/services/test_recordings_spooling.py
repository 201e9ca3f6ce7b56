"""What cannot be kept: tried again by the clock, set aside with its reason, told, and never lost, whoever dies."""

import itertools
import os
import shutil
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import delete, select

from dialer import spool as spool_module
from dialer import spool_news
from dialer.ports import RecordingSide
from dialer.spool import list_aside, list_spooled, set_aside, spool_folder, spool_path
from dialer.spool_news import LostRecording, read_lost, read_spools
from telesales import clock
from telesales.calls.models import CallAttempt
from telesales.extensions import db
from telesales.health.service import check_parts
from telesales.recordings import jobs, spooling
from telesales.recordings.models import Recording
from telesales.tenancy.scope import every_client
from tests.factories_calls import make_attempt
from tests.factories_recordings import recording_keys, tone, write_wav

AT = 1_790_000_000.5
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
CALLEE, AGENT, MIXED = RecordingSide.CALLEE, RecordingSide.AGENT, RecordingSide.MIXED
NOBODY = 999_999


@pytest.fixture(autouse=True)
def keys(app: Flask, tmp_path: Path):
    before = app.config["TELESALES"]
    app.config["TELESALES"] = replace(before, data_dir=tmp_path / "data")
    app.extensions.pop("recording_stores", None)
    with recording_keys(app), every_client():
        yield
    app.config["TELESALES"] = before
    app.extensions.pop("recording_stores", None)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return spool_folder(tmp_path / "data")


@pytest.fixture
def attempt_id() -> int:
    attempt_id = make_attempt().id
    db.session.commit()
    return attempt_id


def put(folder: Path, attempt_id: int, side: RecordingSide = CALLEE, at: float = AT, samples=None) -> Path:
    return write_wav(spool_path(folder, attempt_id, side, at), samples or tone(0.05))


def run_at(seconds: float) -> None:
    with clock.freeze(NOW + timedelta(seconds=seconds)):
        jobs.keep_spooled_recordings()


def kept() -> list[str]:
    return sorted(db.session.scalars(select(Recording.side)))


def block_store(tmp_path: Path) -> Path:
    """The store's folder is a file: nothing can be kept."""
    path = tmp_path / "data" / "recordings"
    path.write_text("")
    return path


def tries(folder: Path, name: str = "") -> int:
    wait = spooling.read_waits(folder).get(name)
    return wait.tries if wait else 0


def test_a_store_that_is_away_is_asked_after_growing_pauses(app, tmp_path, folder, attempt_id):
    path = put(folder, attempt_id)
    wall = block_store(tmp_path)
    asked = []
    for second in range(0, 1200, 15):
        before = tries(folder)
        run_at(second)
        if tries(folder) > before:
            asked.append(second)

    assert asked == [0, 15, 45, 105, 225, 465, 945]
    assert path.exists()
    wall.unlink()
    run_at(1845)
    assert not path.exists()
    assert kept() == ["callee"]
    assert spooling.read_waits(folder) == {}


def test_nothing_waits_longer_than_a_quarter_of_an_hour(app, tmp_path, folder, attempt_id):
    put(folder, attempt_id)
    block_store(tmp_path)
    for turn in range(40):
        run_at(turn * 901)

    assert tries(folder) == 40
    assert list_aside(folder) == []


def test_one_file_that_the_store_refuses_does_not_hold_up_the_others(app, tmp_path, folder, attempt_id):
    client_id = db.session.get_one(CallAttempt, attempt_id).client_id
    stuck = put(folder, attempt_id, CALLEE, AT)
    day = datetime.fromtimestamp(AT, UTC).date()
    wall = tmp_path / "data" / "recordings" / str(client_id) / str(day)
    wall.parent.mkdir(parents=True)
    wall.write_text("")
    later = put(folder, attempt_id, AGENT, AT + 86_400)

    run_at(0)
    run_at(20)

    assert stuck.exists()
    assert not later.exists()
    assert kept() == ["agent"]


@pytest.mark.parametrize("content", [b"no sound", b""])
def test_a_file_without_sound_is_set_aside_with_its_reason(app, folder, attempt_id, content):
    path = spool_path(folder, attempt_id, CALLEE, AT)
    path.write_bytes(content)

    run_at(0)
    run_at(60)

    ((target, reason),) = list_aside(folder)
    assert target == folder / "aside" / path.name
    assert target.read_bytes() == content
    assert "not a WAV file" in reason
    assert list_spooled(folder) == []
    assert oct(target.parent.stat().st_mode & 0o777) == "0o700"


def test_another_sound_of_a_side_is_set_aside_and_the_first_is_kept(app, folder, attempt_id):
    put(folder, attempt_id)
    run_at(0)
    put(folder, attempt_id, samples=tone(0.2))
    run_at(60)
    put(folder, attempt_id, samples=tone(0.3))
    run_at(120)

    assert kept() == ["callee"]
    names = [target.name for target, _ in list_aside(folder)]
    assert len(names) == 2
    assert names[0].endswith(".2.wav") or names[1].endswith(".2.wav")
    assert {"kept already" in reason for _, reason in list_aside(folder)} == {True}


def test_an_unknown_call_is_waited_for_a_day(app, folder):
    path = put(folder, NOBODY)
    moments = []
    for second in (*range(0, 1200, 15), *range(1200, 90_000, 300)):
        before = tries(folder, path.name)
        run_at(second)
        if tries(folder, path.name) > before:
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
    path = put(folder, attempt_id + 1)
    run_at(0)
    assert path.exists()
    make_attempt()
    db.session.commit()

    run_at(20)

    assert not path.exists()
    assert list_aside(folder) == []


def test_days_without_a_store_are_no_reason_to_give_a_file_up(app, tmp_path, folder):
    path = put(folder, NOBODY)
    wall = tmp_path / "data" / "recordings"
    with recording_keys(app, {}):
        for day in range(3):
            run_at(day * 86_400)
    assert not wall.exists()

    run_at(3 * 86_400)

    assert path.exists()
    assert list_aside(folder) == []


def test_a_file_that_cannot_be_read_does_not_stop_the_rest(app, folder, attempt_id):
    spool_path(folder, attempt_id, CALLEE, AT).mkdir()
    put(folder, attempt_id, AGENT, AT + 1)

    run_at(0)

    assert kept() == ["agent"]
    assert tries(folder, f"{attempt_id}-callee-{round(AT * 1000)}.wav") == 1


def test_what_nobody_finished_is_set_aside_after_a_day(app, folder):
    part, odd = folder / "7-mixed-1.part", folder / "somebody's.wav"
    part.write_bytes(b"RIFF")
    odd.write_bytes(b"RIFF")
    for path in (part, odd):
        os.utime(path, (NOW.timestamp(), NOW.timestamp()))

    run_at(86_000)
    assert list_aside(folder) == []
    run_at(86_500)

    assert {target.name for target, _ in list_aside(folder)} == {part.name, odd.name}
    assert not part.exists()


def test_a_memory_of_tries_that_is_damaged_costs_nothing(app, folder, attempt_id):
    put(folder, attempt_id)
    (folder / "waiting.json").write_text('{"": {"tr')

    run_at(0)

    assert kept() == ["callee"]


def test_what_is_left_is_told_to_pages_and_monitors(app, tmp_path, folder, attempt_id, redis_server):
    bad = spool_path(folder, attempt_id, CALLEE, AT)
    bad.write_bytes(b"no sound")
    path = put(folder, attempt_id, AGENT)
    os.utime(path, (NOW.timestamp() - 4000, NOW.timestamp() - 4000))
    block_store(tmp_path)

    run_at(0)
    run_at(20)

    (report,) = read_spools(redis_server)
    assert (report.waiting, report.aside, report.oldest_at) == (1, 1, NOW.timestamp() - 4000)
    assert "recordings" in report.why
    with clock.freeze(NOW):
        part = check_parts()["recordings"]
    assert not part.ok
    assert part.detail == "1 wait, the oldest for 67 min; 1 set aside"


def test_an_empty_spool_is_well(app, redis_server, folder):
    run_at(0)

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
    run_at(0)
    runner = app.test_cli_runner()

    listed = runner.invoke(args=["recordings", "spool"])
    assert listed.exit_code == 1
    assert "not a WAV file" in listed.output

    write_wav(folder / "aside" / bad.name, tone(0.05))  # somebody mended it
    again = runner.invoke(args=["recordings", "spool", "--again"])
    assert again.exit_code == 0, again.output
    run_at(60)
    assert kept() == ["callee"]
    assert os.listdir(folder / "aside") == []


def die_at(line: int) -> None:
    """End this process without a word at the so-many-th line of the spool's own code."""
    left = line
    watched = {module.__file__ for module in (spooling, spool_module)}

    def trace(frame, event: str, _argument):
        nonlocal left
        if frame.f_code.co_filename not in watched:
            return None
        if event == "line":
            left -= 1
            if left == 0:
                os._exit(9)
        return trace

    sys.settrace(trace)


def dies(work, line: int) -> bool:
    """True when a child process was ended at this line of the work; False when it came to the end."""
    child = os.fork()
    if child == 0:
        status = 1
        try:
            db.engine.dispose(close=False)
            die_at(line)
            work()
            status = 0
        finally:
            os._exit(status)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert code in (0, 9)
    return code == 9


def test_a_file_that_is_set_aside_is_in_one_of_both_places_whoever_dies(folder):
    line, content = 0, b"some sound"
    path = folder / "7-callee-1.wav"
    while True:
        line += 1
        shutil.rmtree(folder / "aside", ignore_errors=True)
        path.write_bytes(content)
        ended = not dies(lambda: set_aside(path, "why"), line)
        there = [place for place in (path, folder / "aside" / path.name) if place.exists()]
        assert there
        assert {place.read_bytes() for place in there} == {content}
        if path.exists():
            set_aside(path, "why")
        ((target, reason),) = list_aside(folder)
        assert (target.read_bytes(), reason, path.exists()) == (content, "why", False)
        if ended:
            break

    assert line > 15


def test_a_run_that_is_killed_at_any_line_is_finished_by_the_next(app, folder, attempt_id):
    """One file is kept, one is set aside, one waits."""
    db.session.remove()
    line, step = 0, 3  # every third line: the set of places is the same, the test is three times shorter
    while True:
        line += step
        shutil.rmtree(folder)
        folder.mkdir(mode=0o700)
        put(folder, attempt_id, AGENT)
        spool_path(folder, attempt_id, CALLEE, AT).write_bytes(b"no sound")
        waits = put(folder, NOBODY)
        ended = not dies(lambda: run_at(0), line)
        run_at(3600)

        assert kept() == ["agent"]
        assert [target.name for target, _ in list_aside(folder)] == [
            f"{attempt_id}-callee-{round(AT * 1000)}.wav"
        ]
        assert [file.path for file in list_spooled(folder)] == [waits]
        assert tries(folder, waits.name) >= 1
        db.session.execute(delete(Recording))
        db.session.commit()
        if ended:
            break

    assert line > 100
