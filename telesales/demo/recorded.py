"""Recordings for calls of the demo: the simulated carrier makes no sound, so two voices are invented for some of them."""

import wave
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from flask import Flask, current_app
from sqlalchemy import exists, select

from dialer.ports import RecordingSide
from dialer.spool import spool_folder, spool_path
from telesales import clock
from telesales.agents.models import User
from telesales.calls.models import CallAttempt, CallResult, CallState
from telesales.campaigns.models import Campaign
from telesales.campaigns.recording import RecordingPolicy, can_record
from telesales.demo.voices import RATE, Samples, invent_talk, silence
from telesales.extensions import db, transaction
from telesales.recordings import forgetting, queries
from telesales.recordings.models import Recording
from telesales.recordings.policy import recording_policy_of
from telesales.recordings.rules import gaps_of
from telesales.recordings.shelf import DatabaseShelf
from telesales.tenancy.scope import every_client

AT_ONCE = 3
LOOKED_AT = 30
CALLS_KEPT = 40
RECENT = timedelta(minutes=10)
LONGEST_SECONDS = 12.0  # a demo should not fill a disk
LONGEST_OF_A_PERSON = 120.0  # a visitor's own turn is recorded as it was
SIMULATED = "simulated"
TOO_MUCH = "The demo keeps its last calls only."


def record_demo_calls() -> None:
    """A job: give some calls of the last minutes their sound, and let go of what is too much. Safe to run twice."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    if not can_record():
        return
    with every_client():
        with transaction():
            waiting = calls_without_sound()
        for attempt_id in waiting:
            invent_sound(app, attempt_id)
        with transaction():
            beyond = forgetting.begin_deleting(calls_beyond_the_last(), TOO_MUCH)
            db.session.expunge_all()
        forgetting.delete_files(beyond)
        with transaction():
            forgetting.mark_deleted(beyond)


def calls_without_sound() -> list[int]:
    """Calls of the demo that would have been recorded on a real carrier, the newest first."""
    found = db.session.scalars(
        select(CallAttempt)
        .join(Campaign, Campaign.id == CallAttempt.campaign_id)
        .where(
            Campaign.is_demo,
            Campaign.carrier == SIMULATED,
            Campaign.recording_policy != RecordingPolicy.NEVER,
            CallAttempt.state == CallState.ENDED,
            CallAttempt.result == CallResult.TALKED,
            CallAttempt.ended_at > clock.now() - RECENT,
            ~exists(select(Recording.id).where(Recording.attempt_id == CallAttempt.id)),
        )
        .order_by(CallAttempt.id.desc())
        .limit(LOOKED_AT)
    )
    wanted = [attempt.id for attempt in found if attempt.connected_at and recording_policy_of(attempt)]
    return wanted[:AT_ONCE]


def invent_sound(app: Flask, attempt_id: int) -> None:
    """Make a call's three files and put them on the shelf, as a carrier would."""
    attempt = db.session.get_one(CallAttempt, attempt_id)
    agent = db.session.get(User, attempt.agent_id) if attempt.agent_id else None
    longest = LONGEST_SECONDS if agent is None or agent.is_simulated else LONGEST_OF_A_PERSON
    seconds = max(2.0, min(longest, attempt.talk_seconds))
    started_at = attempt.connected_at or attempt.reserved_at
    talk = invent_talk(attempt_id, seconds)
    pauses = queries.as_pauses(queries.pauses_of(attempt_id))
    for gap in gaps_of(pauses, started_at=started_at, length=seconds):
        silence(talk.agent, gap.first, gap.last)
        silence(talk.callee, gap.first, gap.last)
    db.session.rollback()
    sounds = {
        RecordingSide.MIXED: talk.mixed(),
        RecordingSide.CALLEE: talk.callee,
        RecordingSide.AGENT: talk.agent,
    }
    folder = spool_folder(app.config["TELESALES"].data_dir)
    for side, samples in sounds.items():
        path = spool_path(folder, attempt_id, side, started_at.timestamp())
        _write(path, samples)
        DatabaseShelf(app).keep(attempt_id, side, started_at.timestamp(), path)


def _write(path: Path, samples: Samples) -> None:
    part = path.with_name(f"{path.name}.part")
    with wave.open(str(part), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(samples.tobytes())
    part.replace(path)


def calls_beyond_the_last() -> Sequence[Recording]:
    """What the demo has too much of: held ones stay."""
    newest = (
        select(Recording.attempt_id)
        .join(Campaign, Campaign.id == Recording.campaign_id)
        .where(Campaign.is_demo, Campaign.carrier == SIMULATED, Recording.deletion_reason == "")
        .distinct()
        .order_by(Recording.attempt_id.desc())
        .offset(CALLS_KEPT)
        .limit(forgetting.AT_ONCE)
    )
    return list(
        db.session.scalars(
            select(Recording).where(
                Recording.attempt_id.in_(newest.subquery().select()), Recording.is_held.is_(False)
            )
        )
    )
