"""What cannot be kept is never lost, whoever dies."""

import shutil
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import delete

from dialer import spool as spool_module
from dialer.spool import list_aside, list_spooled, set_aside, spool_folder, spool_path
from telesales.extensions import db
from telesales.recordings import spooling
from telesales.recordings.models import Recording
from tests.dying import dies
from tests.spooling import (
    AGENT,
    AT,
    CALLEE,
    NOBODY,
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


WATCHED = (spooling, spool_module)


def test_a_file_that_is_set_aside_is_in_one_of_both_places_whoever_dies(folder):
    line, content = 0, b"some sound"
    path = folder / "7-callee-1.wav"
    while True:
        line += 1
        shutil.rmtree(folder / "aside", ignore_errors=True)
        path.write_bytes(content)
        ended = not dies(lambda: set_aside(path, "why"), line, *WATCHED)
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
        make_spooled(folder, attempt_id, AGENT)
        spool_path(folder, attempt_id, CALLEE, AT).write_bytes(b"no sound")
        waits = make_spooled(folder, NOBODY)
        ended = not dies(lambda: keep_at(0), line, *WATCHED)
        keep_at(3600)

        assert kept_sides() == ["agent"]
        assert [target.name for target, _ in list_aside(folder)] == [
            f"{attempt_id}-callee-{round(AT * 1000)}.wav"
        ]
        assert [file.path for file in list_spooled(folder)] == [waits]
        assert tries_of(folder, waits.name) >= 1
        db.session.execute(delete(Recording))
        db.session.commit()
        if ended:
            break

    assert line > 100
