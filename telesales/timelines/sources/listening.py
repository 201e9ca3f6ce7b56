"""Who took part in a call from outside, and what became of its recording."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import select

from dialer.ports import SuperviseMode
from telesales.calls.models import CallAttempt
from telesales.extensions import db
from telesales.recordings import queries as recordings
from telesales.supervision.models import SupervisionStep
from telesales.timelines.moments import Link, Moment

HEARD = (SuperviseMode.WHISPER, SuperviseMode.BARGE)


def of_supervision(attempt: CallAttempt, *, only_heard: bool) -> Iterator[Moment]:
    """Listening, whispering, barging in, and its end. `only_heard`: what the agent has heard anyway."""
    rows = db.session.scalars(
        select(SupervisionStep).where(SupervisionStep.attempt_id == attempt.id).order_by(SupervisionStep.id)
    )
    for row in rows:
        if only_heard and row.mode not in HEARD:
            continue
        facts = {"mode": row.mode, "why": row.why, "agent": row.agent_id}
        kind = "supervision.ended" if row.mode == SuperviseMode.STOP else "supervision.began"
        yield Moment(row.at, kind, facts, who=row.supervisor_id)


def of_recording(attempt: CallAttempt) -> Iterator[Moment]:
    """Pauses for card data with who asked for them, and the end of what was kept."""
    for pause, _name in recordings.pauses_of(attempt.id):
        yield Moment(pause.at, f"recording.{pause.kind}", {"seconds": pause.seconds}, who=pause.by_id)
    for side in recordings.recordings_of(attempt.id):
        if side.deleted_at is not None:
            facts = {"side": side.side, "reason": side.deletion_reason}
            yield Moment(side.deleted_at, "recording.deleted", facts)


def span_of(attempt: CallAttempt) -> tuple[datetime, float] | None:
    """When the recording that is kept began, and how many seconds it has."""
    sides = [side for side in recordings.recordings_of(attempt.id) if side.deleted_at is None]
    if not sides:
        return None
    first = min(side.started_at for side in sides)
    last = max((side.started_at - first).total_seconds() + side.seconds for side in sides)
    return first, last


def link_to_recording(attempt: CallAttempt) -> Link:
    """The page that plays it."""
    return Link("recordings.show_call", {"attempt_id": attempt.id})
