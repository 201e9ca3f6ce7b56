"""Pausing a recording while card data is spoken. Who did it, when and for how long is kept for good."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from flask import current_app

from dialer.carriers import make_telephone
from dialer.core.floor.agent import AgentState
from dialer.ports import CallNotOursError, CarrierUnavailableError, Telephone
from telesales.agents.models import User
from telesales.calls import floor
from telesales.calls.models import CallAttempt
from telesales.calls.queries import get_attempt
from telesales.extensions import db, redis_client
from telesales.recordings.errors import CarrierAwayError, NotInCallError, NotRecordedError
from telesales.recordings.models import PauseKind, RecordingPause


@dataclass(frozen=True, slots=True)
class RecordingNow:
    """The recording of a call that is going on. `again_at`: when a pause ends by itself."""

    is_paused: bool
    again_at: datetime | None


def recording_now(attempt: CallAttempt) -> RecordingNow | None:
    """Whether a call is being recorded now; None when it is not."""
    talk = _telephone(attempt).find_talk(attempt.id)
    if talk is None or not talk.recording:
        return None
    if talk.recording != "paused":
        return RecordingNow(False, None)
    return RecordingNow(True, datetime.fromtimestamp(talk.recording_again_at, UTC))


def pause_recording(user: User, attempt_id: int) -> int:
    """Record silence from now on; return after how many seconds it ends by itself. Asked again, it lasts longer."""
    attempt = _own_recorded_call(user, attempt_id)
    seconds: int = current_app.config["TELESALES"].recording_pause_seconds
    _note(attempt, user, PauseKind.PAUSED, seconds)
    with _said_plainly():
        _telephone(attempt).pause_recording(attempt_id, seconds)
    return seconds


def resume_recording(user: User, attempt_id: int) -> None:
    """Record again. What was not paused stays as it is, and nothing is noted."""
    attempt = _own_recorded_call(user, attempt_id)
    now = recording_now(attempt)
    if now is None or not now.is_paused:
        return
    _note(attempt, user, PauseKind.RESUMED, 0)
    with _said_plainly():
        _telephone(attempt).resume_recording(attempt_id)


def _note(attempt: CallAttempt, user: User, kind: PauseKind, seconds: int) -> None:
    """Written before the carrier is asked: a pause that nobody noted is worse than a note of none."""
    row = RecordingPause(
        client_id=attempt.client_id, attempt_id=attempt.id, kind=kind, seconds=seconds, by_id=user.id
    )
    db.session.add(row)
    db.session.flush()


def _own_recorded_call(user: User, attempt_id: int) -> CallAttempt:
    attempt = get_attempt(attempt_id)
    here = floor.agent_state(user.id)
    if here is None or here["attempt_id"] != attempt_id or here["state"] != AgentState.ON_CALL:
        raise NotInCallError
    if recording_now(attempt) is None:
        raise NotRecordedError
    return attempt


def _telephone(attempt: CallAttempt) -> Telephone:
    return make_telephone(attempt.campaign.carrier, redis_client())


@contextmanager
def _said_plainly() -> Iterator[None]:
    try:
        yield
    except CallNotOursError:
        raise NotInCallError from None
    except CarrierUnavailableError as error:
        raise CarrierAwayError from error
