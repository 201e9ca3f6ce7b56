"""Deleting recordings: by the clock, or because somebody asked.

First the row says why, and cannot be held any more; then the file goes; then the row says that it is gone. Whoever dies in
between leaves a row that the clock's next run finishes: what is gone already is deleted once more and marked.
"""

import logging
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select, update

from telesales import clock
from telesales.audit.service import record
from telesales.calls.models import CallAttempt
from telesales.campaigns.models import Campaign
from telesales.extensions import db
from telesales.recordings import vault
from telesales.recordings.errors import RecordingGoneError
from telesales.recordings.models import Recording

log = logging.getLogger(__name__)
AT_ONCE = 100
RETENTION = "retention"
UNFINISHED_FOR = timedelta(days=1)


def unfinished_recordings() -> Sequence[Recording]:
    """Some of those whose deletion was begun and not ended."""
    begun = (Recording.deleted_at.is_(None), Recording.deletion_reason != "")
    return list(db.session.scalars(select(Recording).where(*begun).order_by(Recording.id).limit(AT_ONCE)))


def due_recordings(now: datetime) -> Sequence[Recording]:
    """Some of those whose campaign's days are over, the oldest first; held ones wait."""
    found: list[Recording] = []
    for campaign_id, days in db.session.execute(select(Campaign.id, Campaign.recording_days)).all():
        found += db.session.scalars(
            select(Recording)
            .where(
                Recording.campaign_id == campaign_id,
                Recording.started_at < now - timedelta(days=days),
                Recording.deleted_at.is_(None),
                Recording.deletion_reason == "",
                Recording.is_held.is_(False),
            )
            .order_by(Recording.started_at)
            .limit(max(0, AT_ONCE - len(found)))
        )
    return found


def recordings_of_number(number: str) -> Sequence[Recording]:
    """Everything that is kept of calls with a number (E.164)."""
    return list(
        db.session.scalars(
            select(Recording)
            .join(CallAttempt, CallAttempt.id == Recording.attempt_id)
            .where(CallAttempt.number == number, Recording.deleted_at.is_(None))
            .order_by(Recording.id)
        )
    )


def begin_deleting(recordings: Collection[Recording], reason: str) -> list[Recording]:
    """Write down why; return those that may go. What is held, or was held a moment ago, stays."""
    return [
        recording for recording in recordings if _begin(recording.id, recording.deletion_reason or reason)
    ]


def _begin(recording_id: int, reason: str) -> bool:
    begun = db.session.scalar(
        update(Recording)
        .where(Recording.id == recording_id, Recording.deleted_at.is_(None), Recording.is_held.is_(False))
        .values(deletion_reason=reason)
        .returning(Recording.id)
    )
    return begun is not None


def delete_files(recordings: Collection[Recording]) -> None:
    """Raises StoreUnavailableError; then nothing is marked, and the next run goes on."""
    for recording in recordings:
        vault.store().delete(recording.storage_key)


def mark_deleted(recordings: Collection[Recording]) -> int:
    """Their rows stay and say when and why; return how many were not marked before."""
    marked = 0
    for recording in recordings:
        reason = db.session.scalar(
            update(Recording)
            .where(Recording.id == recording.id, Recording.deleted_at.is_(None))
            .values(deleted_at=clock.now(), peaks=b"")
            .returning(Recording.deletion_reason)
        )
        if reason is not None:
            marked += 1
            facts = {"call": recording.attempt_id, "side": recording.side, "reason": reason}
            record("recording.deleted", recording, **facts)
    return marked


def hold_call(recordings: Collection[Recording], reason: str) -> None:
    """Keep a call whatever the clock says. Raises RecordingGoneError when it is being deleted.

    Somebody else may hold it already, for another reason: each is written down.
    """
    for recording in recordings:
        held = update(Recording).where(Recording.id == recording.id, Recording.deletion_reason == "")
        if db.session.scalar(held.values(is_held=True).returning(Recording.id)) is None:
            raise RecordingGoneError
        record("recording.held", recording, call=recording.attempt_id, reason=reason)
    db.session.expire_all()


def release_call(recordings: Collection[Recording], reason: str) -> None:
    """Let the clock decide again."""
    for recording in recordings:
        if recording.is_held:
            recording.is_held = False
            record("recording.released", recording, call=recording.attempt_id, reason=reason)
    db.session.flush()


def tidy_store() -> None:
    """Remove what writes that were never finished left behind."""
    removed = vault.store().tidy(clock.now() - UNFINISHED_FOR)
    if removed:
        log.info("removed %s unfinished files of the store", removed)
