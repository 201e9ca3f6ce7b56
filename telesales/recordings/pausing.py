"""Pausing a recording while card data is spoken. Who did it, when and for how long is kept for good.

It is committed before the carrier is asked (`carry_out`): a pause that nobody noted is worse than a note of none. And a note of none is
followed by one that says so (`note_failure`).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
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


@dataclass(frozen=True, slots=True)
class Wish:
    """What is noted and not carried out yet. `seconds`: of a pause."""

    carrier: str
    client_id: int
    attempt_id: int
    by_id: int
    kind: PauseKind
    seconds: int = 0


def pause_recording(user: User, attempt_id: int) -> Wish:
    """Record silence from now on; it ends by itself. Asked again, it lasts longer."""
    attempt = _own_recorded_call(user, attempt_id)
    seconds: int = current_app.config["TELESALES"].recording_pause_seconds
    return _noted(attempt, user, PauseKind.PAUSED, seconds)


def resume_recording(user: User, attempt_id: int) -> Wish | None:
    """Record again. What was not paused stays as it is, and nothing is noted."""
    attempt = _own_recorded_call(user, attempt_id)
    now = recording_now(attempt)
    if now is None or not now.is_paused:
        return None
    return _noted(attempt, user, PauseKind.RESUMED)


def carry_out(wish: Wish) -> None:
    """Tell the carrier. Raises NotInCallError and CarrierAwayError: it was not told."""
    telephone = make_telephone(wish.carrier, redis_client())
    with _said_plainly():
        if wish.kind is PauseKind.PAUSED:
            telephone.pause_recording(wish.attempt_id, wish.seconds)
        else:
            telephone.resume_recording(wish.attempt_id)


def note_failure(wish: Wish) -> None:
    """What was noted did not come about."""
    _note(replace(wish, kind=PauseKind.FAILED, seconds=0))


def _noted(attempt: CallAttempt, user: User, kind: PauseKind, seconds: int = 0) -> Wish:
    wish = Wish(attempt.campaign.carrier, attempt.client_id, attempt.id, user.id, kind, seconds)
    _note(wish)
    return wish


def _note(wish: Wish) -> None:
    same = ("client_id", "attempt_id", "by_id", "kind", "seconds")
    db.session.add(RecordingPause(**{name: getattr(wish, name) for name in same}))
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
