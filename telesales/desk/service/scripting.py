"""The call's way through its script: where it stands, and the moves. Moves carry the revision they were made on."""

from collections.abc import Callable

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from scripts.script import Script
from scripts.session import Session, UnknownChoiceError
from telesales import clock
from telesales.agents.models import User
from telesales.audit.service import record
from telesales.calls.models import CallAttempt, CallEvent, ScriptSession
from telesales.calls.queries import answers_of
from telesales.calls.service.writing import save_answer
from telesales.desk.errors import StepMovedError
from telesales.desk.service.floor_events import say_step
from telesales.errors import ConflictError, NotFoundError
from telesales.extensions import db
from telesales.push.publish import publish_after_commit
from telesales.push.topics import desk as desk_topic
from telesales.scripting.models import ScriptVersion
from telesales.scripting.service import current_version, read_version

SCRIPT_STEP = "script.step"  # an event of the call: a move through its script


def script_of(attempt: CallAttempt) -> Script | None:
    """The script of a call in the version it is made with; None when its campaign has none."""
    version = version_of(attempt)
    return read_version(version) if version else None


def version_of(attempt: CallAttempt) -> ScriptVersion | None:
    """The version a call is made with: the one it was given, else the current one of its campaign."""
    if attempt.script_version_id is not None:
        return db.session.get(ScriptVersion, attempt.script_version_id)
    script_id = attempt.campaign.script_id
    return current_version(script_id) if script_id else None


def session_of(attempt: CallAttempt) -> Session | None:
    """Where a call stands in its script, with what was written down; None without a script."""
    script = script_of(attempt)
    if script is None:
        return None
    row = db.session.get(ScriptSession, attempt.id)
    session = Session.from_data(script, row.position) if row else Session.begin(script)
    return session.with_values(answers_of(attempt.id))


def answer_step(user: User, attempt: CallAttempt, choice: str, *, revision: int, window: str = "") -> Session:
    """Follow an answer of the callee to the next step."""
    return _move(user, attempt, lambda session: session.answer(choice), revision=revision, window=window)


def go_back(user: User, attempt: CallAttempt, *, revision: int, window: str = "") -> Session:
    """Return to the step before."""
    return _move(user, attempt, Session.back, revision=revision, window=window)


def visit_step(user: User, attempt: CallAttempt, step: str, *, revision: int, window: str = "") -> Session:
    """Go aside to a step that is missing, and come back by its answer."""
    return _move(user, attempt, lambda session: session.visit(step), revision=revision, window=window)


def _move(
    user: User,
    attempt: CallAttempt,
    verb: Callable[[Session], Session],
    *,
    revision: int,
    window: str,
) -> Session:
    session = session_of(attempt)
    if session is None:
        raise NotFoundError
    if session.revision != revision:
        raise StepMovedError
    try:
        moved = verb(session)
    except UnknownChoiceError:
        raise ConflictError(code="unknown-choice") from None
    _save(attempt, session, moved)
    _note_step(user, attempt, session, moved)
    say_step(user, attempt, moved.step_index)
    news = {"attempt_id": attempt.id, "revision": moved.revision, "window": window}
    publish_after_commit(desk_topic(user.id), "step", news)
    return moved


def _save(attempt: CallAttempt, before: Session, after: Session) -> None:
    position = {**after.to_data(), "values": {}}
    if db.session.get(ScriptSession, attempt.id) is None:
        _begin(attempt, after, position)
        return
    taken = db.session.execute(
        update(ScriptSession)
        .where(ScriptSession.attempt_id == attempt.id, ScriptSession.revision == before.revision)
        .values(position=position, revision=after.revision, updated_at=clock.now())
    )
    if not taken.rowcount:  # type: ignore[attr-defined]
        raise StepMovedError


def _note_step(user: User, attempt: CallAttempt, before: Session, after: Session) -> None:
    """The session knows where a call stands; who asks later how it went reads the events."""
    answer = after.path[-1].answer if len(after.path) > len(before.path) else ""
    db.session.add(
        CallEvent(
            client_id=attempt.client_id,
            source_id=f"script:{attempt.id}:{after.revision}",
            attempt_id=attempt.id,
            kind=SCRIPT_STEP,
            at=clock.now(),
            agent_id=user.id,
            details={"from": before.step_key, "step": after.step_key, "answer": answer},
        )
    )
    db.session.flush()


def _begin(attempt: CallAttempt, session: Session, position: dict[str, object]) -> None:
    version = version_of(attempt)
    if attempt.script_version_id is None and version is not None:
        attempt.script_version_id = version.id
        record("call.script_chosen", attempt, version_id=version.id)
    row = ScriptSession(
        attempt_id=attempt.id,
        client_id=attempt.client_id,
        position=position,
        revision=session.revision,
        updated_at=clock.now(),
    )
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError:
        raise StepMovedError from None


def write_field(user: User, attempt: CallAttempt, field_key: str, value: str, *, window: str = "") -> str:
    """Save a field of the script as it was entered. Raises scripts.fields.FieldValueError."""
    session = session_of(attempt)
    field = session.script.fields_by_key.get(field_key) if session else None
    if session is None or field is None:
        raise NotFoundError
    kept = save_answer(attempt, step=session.step_key, field=field, value=value, agent=user)
    news = {"attempt_id": attempt.id, "field": field_key, "value": kept, "window": window}
    publish_after_commit(desk_topic(user.id), "field", news)
    return kept
