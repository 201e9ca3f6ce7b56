"""The demo's recordings: some calls get invented sound, and old ones make room."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from telesales import clock
from telesales.calls.models import CallResult, CallState
from telesales.campaigns.models import Campaign
from telesales.demo import recorded
from telesales.demo.service import seed_demo
from telesales.extensions import db, transaction
from telesales.recordings import vault
from telesales.recordings.models import PauseKind, Recording, RecordingPause
from telesales.recordings.wav import HEADER_BYTES
from telesales.tenancy.scope import every_client
from tests.factories_calls import make_attempt, make_called_lead, make_calling_agent, make_calling_campaign
from tests.factories_recordings import recording_keys


@pytest.fixture(autouse=True)
def keys(app: Flask, tmp_path: Path):
    before = app.config["TELESALES"]
    app.config["TELESALES"] = replace(before, data_dir=tmp_path / "data")
    app.extensions.pop("recording_stores", None)
    with recording_keys(app), every_client():
        yield
    app.config["TELESALES"] = before
    app.extensions.pop("recording_stores", None)


def make_talk(*, seconds: float = 60, simulated: bool = True, **columns) -> int:
    agent = make_calling_agent(is_simulated=simulated)
    campaign = make_calling_campaign(
        agent,
        **{"is_demo": True, "recording_policy": "always", "recording_announcement": "Recorded.", **columns},
    )
    now = clock.now()
    attempt_id = make_attempt(
        agent,
        campaign=campaign,
        lead=make_called_lead(campaign),
        state=CallState.ENDED,
        result=CallResult.TALKED,
        connected_at=now - timedelta(seconds=seconds),
        ended_at=now,
    ).id
    db.session.commit()
    return attempt_id


def kept() -> dict[tuple[int, str], float]:
    db.session.rollback()
    rows = db.session.scalars(select(Recording).where(Recording.deletion_reason == "")).all()
    found = {(row.attempt_id, row.side): row.seconds for row in rows}
    db.session.rollback()
    return found


def test_a_call_of_the_demo_gets_three_short_files(app: Flask, tmp_path: Path):
    attempt_id = make_talk()

    recorded.record_demo_calls()

    assert kept() == {(attempt_id, side): 12.0 for side in ("mixed", "callee", "agent")}
    assert list((tmp_path / "data/spool").iterdir()) == []


def test_a_visitors_own_call_is_recorded_as_long_as_it_was():
    attempt_id = make_talk(seconds=33, simulated=False)

    recorded.record_demo_calls()

    assert kept()[attempt_id, "mixed"] == pytest.approx(33, abs=0.01)


@pytest.mark.parametrize(
    "columns",
    [
        {"is_demo": False},
        {"recording_policy": "never"},
        {"recording_announcement": ""},
        {"carrier": "asterisk"},
    ],
)
def test_other_calls_get_none(columns: dict):
    make_talk(**columns)

    recorded.record_demo_calls()

    assert kept() == {}


def test_without_keys_nothing_is_invented(app: Flask):
    make_talk()

    with recording_keys(app, {}):
        recorded.record_demo_calls()

    assert kept() == {}


def test_what_was_paused_is_silent():
    attempt_id = make_talk(seconds=30, simulated=False)
    attempt = db.session.get_one(recorded.CallAttempt, attempt_id)
    pause = RecordingPause(
        client_id=attempt.client_id,
        attempt_id=attempt_id,
        kind=PauseKind.PAUSED,
        seconds=10,
        by_id=attempt.agent_id,
        at=attempt.connected_at + timedelta(seconds=5),
    )
    db.session.add(pause)
    db.session.commit()

    recorded.record_demo_calls()

    row = db.session.scalars(select(Recording).where(Recording.side == "mixed")).one()
    sound = b"".join(vault.open_recording(row).read(HEADER_BYTES, row.size))
    assert any(sound[: 5 * 16_000])
    assert not any(sound[5 * 16_000 : 15 * 16_000])
    assert any(sound[15 * 16_000 :])


def test_the_last_calls_are_kept_and_older_ones_make_room(monkeypatch):
    monkeypatch.setattr(recorded, "CALLS_KEPT", 2)
    calls = [make_talk(seconds=2) for _call in range(3)]

    recorded.record_demo_calls()
    recorded.record_demo_calls()

    assert {attempt_id for attempt_id, _side in kept()} == set(calls[1:])


@pytest.mark.parametrize(("has_keys", "policy"), [(True, "always"), (False, "never")])
def test_the_demo_records_where_it_has_a_key(app: Flask, has_keys: bool, policy: str):
    with recording_keys(app, None if has_keys else {}), transaction():
        seed_demo()

    assert {campaign.recording_policy for campaign in db.session.scalars(select(Campaign))} == {policy}
