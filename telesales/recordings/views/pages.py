"""Pages: the list of recorded calls, and one call."""

import secrets
from datetime import timedelta
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue

from telesales import clock
from telesales.access.guard import current_user, requires
from telesales.access.roles import Role
from telesales.calls import wording as call_wording
from telesales.calls.forms import ReasonForm
from telesales.calls.queries import get_attempt, latest_dispositions
from telesales.calls.rules import DISPOSITIONS
from telesales.campaigns.queries import list_campaigns
from telesales.i18n import zone_of_reader
from telesales.recordings import hearing, queries, waveform, wording
from telesales.recordings.forms import RecordingFilterForm
from telesales.recordings.hearing import LISTENERS
from telesales.recordings.models import Recording
from telesales.recordings.rules import gaps_of
from telesales.recordings.views.blueprint import bp
from telesales.recordings.waveform import Timeline

ORDER = ("mixed", "callee", "agent")
SPEEDS = ("0.75", "1", "1.25", "1.5", "2")


@bp.get("")
@requires(*LISTENERS)
def list_recordings() -> ResponseReturnValue:
    """Recorded calls, by what is asked for."""
    user = current_user()
    own_only = user.role == Role.AGENT
    form = RecordingFilterForm.read(request.args)
    wanted = form.wanted(zone=zone_of_reader(), heard_by=user.id if own_only else None)
    rows, pages = queries.list_calls(wanted, page=request.args.get("page", 1, type=int))
    page = render_template(
        "recordings/list_recordings.html",
        rows=rows,
        pages=pages,
        form=form,
        own_only=own_only,
        is_filtered=any(form.texts.values()),
        campaigns=[] if own_only else [(campaign.id, campaign.name) for campaign in list_campaigns()],
        agents=[] if own_only else queries.agents_with_calls(),
        dispositions=[(entry.code, call_wording.disposition_name(entry.code)) for entry in DISPOSITIONS],
        words=wording,
        call_words=call_wording,
    )
    return page, 422 if form.errors else 200


@bp.get("/calls/<int:attempt_id>")
@requires(*LISTENERS)
def show_call(attempt_id: int) -> ResponseReturnValue:
    """One call: its sound, its gaps, and who listened."""
    return call_page(attempt_id)


def call_page(attempt_id: int, reason: ReasonForm | None = None, reason_for: str = "") -> str:
    """The page; `reason`: what was typed for holding or deleting, with what is wrong with it."""
    user: Any = current_user()
    attempt = get_attempt(attempt_id)
    hearing.check_may_hear(user, attempt)
    recordings = sorted(queries.recordings_of(attempt_id), key=lambda row: ORDER.index(row.side))
    kept = [recording for recording in recordings if recording.is_kept]
    return render_template(
        "recordings/show_call.html",
        attempt=attempt,
        recordings=recordings,
        kept=kept,
        disposition=latest_dispositions([attempt_id]).get(attempt_id),
        may_download=hearing.may_download(user),
        accesses=queries.accesses_of(recordings) if hearing.may_see_log(user) else None,
        pauses=queries.pauses_of(attempt_id),
        play=secrets.token_urlsafe(9),
        starts_at=max(0.0, request.args.get("at", 0.0, type=float)),
        speeds=SPEEDS,
        reason=reason,
        reason_for=reason_for,
        words=wording,
        call_words=call_wording,
        **_drawing(attempt_id, kept),
        **_keeping(kept, attempt.campaign.recording_days),
    )


def _keeping(kept: list[Recording], days: int) -> dict[str, Any]:
    is_held = any(recording.is_held for recording in kept)
    deleted_on = min((row.started_at for row in kept), default=clock.now()) + timedelta(days=days)
    return {
        "is_held": is_held,
        "deleted_on": deleted_on,
        "keeping_choices": wording.keeping_choices(is_held=is_held),
    }


def _drawing(attempt_id: int, kept: list[Recording]) -> dict[str, Any]:
    if not kept:
        return {"timeline": None, "gaps": [], "lanes": []}
    sides = [waveform.Side(row.id, row.side, row.started_at, row.seconds, bytes(row.peaks)) for row in kept]
    timeline = waveform.timeline_of(sides)
    pauses = queries.as_pauses(queries.pauses_of(attempt_id))
    gaps = gaps_of(pauses, started_at=timeline.started_at, length=timeline.seconds)
    return {
        "timeline": timeline,
        "lanes": _lanes(timeline),
        "gaps": waveform.drawn_gaps(gaps, timeline.seconds),
    }


def _lanes(timeline: Timeline) -> list[waveform.Lane]:
    """Each side has its lane; the mixed sound only when it is all there is."""
    apart = [lane for lane in timeline.lanes if lane.side != "mixed"]
    return apart or list(timeline.lanes)
