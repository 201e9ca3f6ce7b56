"""Reads of recordings: the list, one call, pauses, and who listened."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_sqlalchemy.pagination import Pagination
from sqlalchemy import ColumnElement, Select, exists, func, select

from telesales.access.roles import Role
from telesales.agents.models import User
from telesales.calls.models import CallAttempt, CallDisposition
from telesales.calls.queries import latest_dispositions
from telesales.campaigns.models import Campaign
from telesales.errors import NotFoundError
from telesales.extensions import db
from telesales.leads.models import Lead
from telesales.recordings.models import PauseKind, Recording, RecordingAccess, RecordingPause
from telesales.recordings.rules import Heard, Hearing, Pause, hearings_of

CALLS_PER_PAGE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingFilter:
    """Which calls are asked for; None means all."""

    campaign_id: int | None = None
    agent_id: int | None = None
    since: datetime | None = None
    before: datetime | None = None
    disposition: str = ""
    number: str = ""  # E.164
    least_seconds: float | None = None
    most_seconds: float | None = None
    heard_by: int | None = None  # an agent: own calls of campaigns that allow it


@dataclass(frozen=True, slots=True)
class RecordedCall:
    """One line of the list."""

    attempt: CallAttempt
    lead_name: str
    agent_name: str
    started_at: datetime
    seconds: float
    is_held: bool
    disposition: str


def list_calls(wanted: RecordingFilter, *, page: int) -> tuple[Sequence[RecordedCall], Pagination]:
    """Recorded calls, newest first."""
    pages = db.paginate(
        _calls(wanted), page=page, per_page=CALLS_PER_PAGE, max_per_page=CALLS_PER_PAGE, error_out=False
    )
    return _lines([attempt.id for attempt in pages.items]), pages


def _calls(wanted: RecordingFilter) -> Select[Any]:
    found = select(CallAttempt).where(_is_recorded(wanted))
    if wanted.agent_id is not None:
        found = found.where(CallAttempt.agent_id == wanted.agent_id)
    if wanted.number:
        found = found.where(CallAttempt.number == wanted.number)
    if wanted.disposition:
        found = found.where(_last_word() == wanted.disposition)
    if wanted.heard_by is not None:
        found = found.join(Campaign, Campaign.id == CallAttempt.campaign_id).where(
            CallAttempt.agent_id == wanted.heard_by, Campaign.recording_heard_by_agents
        )
    return found.order_by(CallAttempt.id.desc())


def _is_recorded(wanted: RecordingFilter) -> ColumnElement[bool]:
    """What names few recordings begins with them; otherwise the newest calls are looked at first."""
    conditions: list[ColumnElement[bool]] = [Recording.deletion_reason == ""]
    if wanted.campaign_id is not None:
        conditions.append(Recording.campaign_id == wanted.campaign_id)
    if wanted.since is not None:
        conditions.append(Recording.started_at >= wanted.since)
    if wanted.before is not None:
        conditions.append(Recording.started_at < wanted.before)
    if wanted.least_seconds is not None:
        conditions.append(Recording.seconds >= wanted.least_seconds)
    if wanted.most_seconds is not None:
        conditions.append(Recording.seconds < wanted.most_seconds)
    narrowing = (wanted.campaign_id, wanted.since, wanted.least_seconds, wanted.most_seconds)
    if any(value is not None for value in narrowing):
        return CallAttempt.id.in_(select(Recording.attempt_id).where(*conditions))
    return exists(select(Recording.id).where(Recording.attempt_id == CallAttempt.id, *conditions))


def _last_word() -> ColumnElement[str]:
    """What the agent said last of a call."""
    return (
        select(CallDisposition.code)
        .where(CallDisposition.attempt_id == CallAttempt.id)
        .order_by(CallDisposition.id.desc())
        .limit(1)
        .correlate(CallAttempt)
        .scalar_subquery()
    )


def _lines(attempt_ids: Collection[int]) -> Sequence[RecordedCall]:
    rows = db.session.execute(
        select(
            CallAttempt,
            Lead.name,
            Lead.company,
            User.name.label("agent_name"),
            func.min(Recording.started_at).label("started_at"),
            func.max(Recording.seconds).label("seconds"),
            func.max(Recording.is_held.cast(db.Integer)).label("is_held"),
        )
        .join(Recording, Recording.attempt_id == CallAttempt.id)
        .outerjoin(Lead, Lead.id == CallAttempt.lead_id)
        .outerjoin(User, User.id == CallAttempt.agent_id)
        .where(CallAttempt.id.in_(attempt_ids))
        .group_by(CallAttempt.id, Lead.id, User.id)
        .order_by(CallAttempt.id.desc())
    ).all()
    said = latest_dispositions(attempt_ids)
    return [
        RecordedCall(
            attempt=row.CallAttempt,
            lead_name=row.name or row.company or "",
            agent_name=row.agent_name or "",
            started_at=row.started_at,
            seconds=row.seconds,
            is_held=bool(row.is_held),
            disposition=said[row.CallAttempt.id].code if row.CallAttempt.id in said else "",
        )
        for row in rows
    ]


def agents_with_calls() -> list[tuple[int, str]]:
    """Agents who had calls in scope, by name: whom the list can be limited to."""
    had_calls = exists(select(CallAttempt.id).where(CallAttempt.agent_id == User.id))
    rows = db.session.execute(
        select(User.id, User.name).where(User.role == Role.AGENT, had_calls).order_by(User.name, User.id)
    )
    return [(row.id, row.name) for row in rows]


def recordings_of(attempt_id: int) -> Sequence[Recording]:
    """Every side of a call that was ever kept, also what was deleted since."""
    return list(db.session.scalars(select(Recording).where(Recording.attempt_id == attempt_id)))


def find_recorded(attempt_ids: Collection[int]) -> Mapping[int, datetime]:
    """When recording began, for those calls of which something is kept: for pages that link to it."""
    rows = db.session.execute(
        select(Recording.attempt_id, func.min(Recording.started_at))
        .where(Recording.attempt_id.in_(attempt_ids), Recording.deletion_reason == "")
        .group_by(Recording.attempt_id)
    )
    return {row[0]: row[1] for row in rows}


def get_recording(recording_id: int) -> Recording:
    """Return a recording in scope."""
    recording: Recording | None = db.session.scalar(select(Recording).where(Recording.id == recording_id))
    if recording is None:
        raise NotFoundError
    return recording


def pauses_of(attempt_id: int) -> Sequence[tuple[RecordingPause, str]]:
    """Every pause and every taking up again, with the name of who did it."""
    rows = db.session.execute(
        select(RecordingPause, User.name)
        .join(User, User.id == RecordingPause.by_id)
        .where(RecordingPause.attempt_id == attempt_id)
        .order_by(RecordingPause.id)
    )
    return [(pause, name) for pause, name in rows]


def as_pauses(rows: Sequence[tuple[RecordingPause, str]]) -> list[Pause]:
    """The log of pauses as the rules take it: what did not come about is not in it."""
    kept: list[Pause] = []
    for pause, _name in rows:
        if pause.kind == PauseKind.FAILED:
            del kept[-1:]
        else:
            kept.append(Pause(pause.at, pause.seconds))
    return kept


def accesses_of(recordings: Collection[Recording]) -> Sequence[Hearing]:
    """Who listened to a call or took it away, newest first; the pieces of one visit are one line."""
    sides = {recording.id: recording.side for recording in recordings}
    rows = db.session.execute(
        select(RecordingAccess, User.name)
        .join(User, User.id == RecordingAccess.user_id)
        .where(RecordingAccess.recording_id.in_(sides))
        .order_by(RecordingAccess.id)
    )
    return hearings_of(
        Heard(
            name=name,
            kind=row.kind,
            side=sides[row.recording_id],
            play=row.play or f"row {row.id}",
            at=row.at,
            first=row.first_second,
            last=row.last_second,
        )
        for row, name in rows
    )
