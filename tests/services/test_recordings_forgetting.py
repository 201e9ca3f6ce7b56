"""Retention: files go when their campaign's days are over, held ones stay, and dying in between loses nothing."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from dialer.ports import RecordingSide
from telesales import clock
from telesales.audit.models import AuditEntry
from telesales.extensions import db
from telesales.recordings import forgetting, jobs
from telesales.recordings.errors import RecordingGoneError
from telesales.recordings.models import Recording
from telesales.tenancy.scope import every_client
from tests.factories_calls import make_attempt, make_called_lead, make_calling_agent, make_calling_campaign
from tests.factories_recordings import make_recording, recording_keys, tone

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def keys(app: Flask, tmp_path: Path):
    before = app.config["TELESALES"]
    app.config["TELESALES"] = replace(before, data_dir=tmp_path / "data")
    app.extensions.pop("recording_stores", None)
    with recording_keys(app), every_client():
        yield
    app.config["TELESALES"] = before
    app.extensions.pop("recording_stores", None)


def make_call(app: Flask, folder: Path, *, days: int = 90, number: str | None = None) -> list[int]:
    """A call with two sides; returns their ids."""
    agent = make_calling_agent()
    campaign = make_calling_campaign(agent, recording_days=days)
    lead = make_called_lead(campaign, **({"number": number} if number else {}))
    attempt = make_attempt(agent, campaign=campaign, lead=lead)
    attempt_id = attempt.id
    made = []
    for side in (RecordingSide.CALLEE, RecordingSide.AGENT):
        attempt = db.session.get(type(attempt), attempt_id)
        made.append(make_recording(app, folder, attempt, side=side, samples=tone(0.1)).id)
    db.session.rollback()
    return made


def rows(ids: list[int]) -> list[Recording]:
    db.session.rollback()
    return list(db.session.scalars(select(Recording).where(Recording.id.in_(ids)).order_by(Recording.id)))


def files(tmp_path: Path) -> int:
    return sum(path.is_file() for path in (tmp_path / "data/recordings").rglob("*"))


def audited(action: str) -> int:
    found = db.session.scalars(select(AuditEntry).where(AuditEntry.action == action)).all()
    db.session.rollback()
    return len(found)


def forget(after: timedelta) -> None:
    with clock.freeze(clock.now() + after):
        jobs.forget_old_recordings()


def test_each_campaign_has_its_own_days(app: Flask, tmp_path: Path):
    short, long = make_call(app, tmp_path, days=10), make_call(app, tmp_path, days=30)

    forget(11 * DAY)

    assert [(row.deletion_reason, row.peaks) for row in rows(short)] == [("retention", b"")] * 2
    assert all(row.deleted_at is not None for row in rows(short))
    assert all(row.is_kept for row in rows(long))
    assert files(tmp_path) == 2


def test_nothing_goes_before_its_time(app: Flask, tmp_path: Path):
    ids = make_call(app, tmp_path, days=10)

    forget(10 * DAY - timedelta(minutes=1))

    assert all(row.is_kept for row in rows(ids))


def test_twice_is_once(app: Flask, tmp_path: Path):
    ids = make_call(app, tmp_path, days=1)
    forget(2 * DAY)
    first = [row.deleted_at for row in rows(ids)]

    forget(3 * DAY)

    assert [row.deleted_at for row in rows(ids)] == first
    assert audited("recording.deleted") == 2


def test_what_is_held_stays_until_it_is_let_go(app: Flask, tmp_path: Path):
    ids = make_call(app, tmp_path, days=1)
    forgetting.hold_call(rows(ids), "a dispute")
    db.session.commit()

    forget(100 * DAY)
    assert all(row.is_kept for row in rows(ids))

    forgetting.release_call(rows(ids), "it is over")
    db.session.commit()
    forget(100 * DAY)
    assert not any(row.is_kept for row in rows(ids))
    assert audited("recording.held") == audited("recording.released") == 2


def test_a_second_reason_to_hold_a_call_is_written_down_too(app: Flask, tmp_path: Path):
    ids = make_call(app, tmp_path)
    forgetting.hold_call(rows(ids), "a dispute")
    db.session.commit()
    forgetting.hold_call(rows(ids), "the regulator asks")
    db.session.commit()

    assert all(row.is_held for row in rows(ids))
    assert audited("recording.held") == 4


def test_more_than_one_batch_goes_in_one_run(app: Flask, tmp_path: Path, monkeypatch):
    monkeypatch.setattr(forgetting, "AT_ONCE", 3)
    ids = [*make_call(app, tmp_path, days=1), *make_call(app, tmp_path, days=2), *make_call(app, tmp_path)]

    forget(5 * DAY)

    assert [row.is_kept for row in rows(ids)] == [False] * 4 + [True] * 2


def test_who_died_before_the_row_was_marked_is_followed_by_the_next_run(app: Flask, tmp_path: Path):
    ids = make_call(app, tmp_path)
    begun = forgetting.begin_deleting(rows(ids), "asked by letter")
    forgetting.delete_files(begun)
    db.session.commit()

    jobs.forget_old_recordings()

    assert [row.deletion_reason for row in rows(ids)] == ["asked by letter"] * 2
    assert all(row.deleted_at is not None for row in rows(ids))
    assert files(tmp_path) == 0


def test_what_is_being_deleted_cannot_be_held_any_more(app: Flask, tmp_path: Path):
    ids = make_call(app, tmp_path)
    forgetting.begin_deleting(rows(ids)[:1], "asked")
    db.session.commit()

    with pytest.raises(RecordingGoneError):
        forgetting.hold_call(rows(ids), "too late")


def test_a_store_that_is_away_deletes_later(app: Flask, tmp_path: Path):
    ids = make_call(app, tmp_path, days=1)
    settings = app.config["TELESALES"]
    blocked = tmp_path / "blocked"
    blocked.write_text("a file where the folder should be")
    app.config["TELESALES"] = replace(settings, recording_store=str(blocked))
    app.extensions.pop("recording_stores")
    forget(2 * DAY)
    waiting = [row.deleted_at for row in rows(ids)]
    app.config["TELESALES"] = settings
    app.extensions.pop("recording_stores")

    forget(2 * DAY)

    assert waiting == [None, None]
    assert all(row.deleted_at is not None for row in rows(ids))
    assert files(tmp_path) == 0


def test_a_request_to_erase_takes_every_call_of_the_number_but_held_ones(app: Flask, tmp_path: Path):
    number = "+12025550142"
    first, held, other = (
        make_call(app, tmp_path, number=number),
        make_call(app, tmp_path, number=number),
        make_call(app, tmp_path),
    )
    forgetting.hold_call(rows(held), "a dispute")
    db.session.commit()
    held_call = rows(held)[0].attempt_id
    db.session.rollback()

    answer = app.test_cli_runner().invoke(
        args=["recordings", "erase", "(202) 555-0142", "--reason", "by letter"]
    )

    assert answer.exit_code == 1
    assert "2 recordings deleted" in answer.output
    assert f"held, not deleted: call {held_call}" in answer.output
    assert [row.is_kept for row in rows([*first, *held, *other])] == [False] * 2 + [True] * 4


def test_the_check_names_what_cannot_be_played(app: Flask, tmp_path: Path):
    make_call(app, tmp_path)
    path = next(path for path in (tmp_path / "data/recordings").rglob("*") if path.is_file())
    run = app.test_cli_runner().invoke

    well = run(args=["recordings", "check"])
    path.unlink()
    broken = run(args=["recordings", "check"])

    assert (well.exit_code, broken.exit_code) == (0, 1)
    assert "2 recordings looked at, 0 cannot be played; keys: 2026b, 2026a" in well.output
    assert "recording-damaged" in broken.output


def test_a_key_is_made_as_the_setting_takes_it(app: Flask):
    answer = app.test_cli_runner().invoke(args=["recordings", "make-key", "2027a"])

    assert answer.output.startswith("2027a:")


def test_the_operator_is_told_which_sound_files_the_nodes_need(app: Flask):
    agent = make_calling_agent()
    campaign = make_calling_campaign(
        agent, name="Spring", recording_policy="always", recording_announcement="This call is recorded."
    )
    make_calling_campaign(agent, name="Autumn", recording_announcement="Not chosen.")
    campaign_id = campaign.id
    db.session.commit()

    answer = app.test_cli_runner().invoke(args=["recordings", "announcements"])

    assert f"Spring: campaign-{campaign_id}-announcement.wav, else announcement-" in answer.output
    assert "This call is recorded." in answer.output
    assert "Autumn" not in answer.output
