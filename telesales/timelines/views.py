"""Pages of what happened."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

from flask import Blueprint, current_app, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from telesales import clock
from telesales.access.guard import access_of, current_user, requires
from telesales.access.roles import LEADERS, Role
from telesales.calls import wording as call_words
from telesales.calls.forms import read_day
from telesales.errors import ForbiddenError
from telesales.i18n import zone_of_reader
from telesales.leads.queries import get_lead
from telesales.recordings.hearing import check_may_hear
from telesales.timelines import queries, wording
from telesales.timelines.moments import Link

bp = Blueprint("timelines", __name__, template_folder="templates", url_prefix="/timelines")
READERS = (*LEADERS, Role.REVIEWER, Role.AGENT)
STATES = (
    ("ready", "good"),
    ("reserved", "info"),
    ("on_call", "accent"),
    ("wrap_up", "warning"),
    ("paused", "bad"),
)


@bp.get("/calls/<int:attempt_id>")
@requires(*READERS)
def show_call(attempt_id: int) -> ResponseReturnValue:
    """Everything that happened to one call."""
    timeline = queries.call_timeline(current_user(), attempt_id)
    return render_template(
        "timelines/call.html",
        timeline=timeline,
        attempt=timeline.attempt,
        may_hear=timeline.is_recorded and _may_hear(timeline.attempt),
        may_open=_may_open(),
        words=wording,
        call_words=call_words,
    )


def _may_hear(attempt: object) -> bool:
    try:
        check_may_hear(current_user(), attempt)  # type: ignore[arg-type]
    except ForbiddenError:
        return False
    return True


@bp.get("/leads/<int:lead_id>")
@requires(*LEADERS)
def show_lead(lead_id: int) -> ResponseReturnValue:
    """Everything that happened to one lead, newest first."""
    lead = get_lead(lead_id)
    before = _moment(request.args.get("before", ""))
    return render_template(
        "timelines/lead.html",
        lead=lead,
        timeline=queries.lead_timeline(lead, before=before),
        is_newest=before is None,
        may_open=_may_open(),
        words=wording,
    )


def _moment(text: str) -> datetime | None:
    """Microseconds since 1970, as our own links have it; anything else is ignored."""
    if not (text.isascii() and text.isdigit() and len(text) <= 16):
        return None
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=int(text))


@bp.get("/agents/<int:agent_id>")
@requires(*LEADERS, Role.AGENT)
def show_agent_day(agent_id: int) -> ResponseReturnValue:
    """What an agent did on a day."""
    zone = zone_of_reader()
    today = clock.now().astimezone(zone).date()
    asked = request.args.get("day", "")
    day = read_day(asked) if asked else today
    error = "" if day is not None and _is_possible(day, today) else _("Choose a day up to today.")
    timeline = queries.agent_day(
        current_user(),
        agent_id,
        today if error or day is None else day,
        zone,
        page=request.args.get("page", 1, type=int),
    )
    page = render_template(
        "timelines/agent_day.html",
        timeline=timeline,
        today=today,
        error=error,
        asked=asked or today.isoformat(),
        one_day=timedelta(days=1),
        states=STATES,
        may_open=_may_open(),
        words=wording,
    )
    return page, 422 if error else 200


def _is_possible(day: date, today: date) -> bool:
    return date(2000, 1, 1) <= day <= today


def _may_open() -> Callable[[Link | None], bool]:
    """For templates: does this link lead to a page that the reader may see?"""
    role = current_user().role

    def may_open(link: Link | None) -> bool:
        if link is None or link.endpoint not in current_app.view_functions:
            return False
        return role in (access_of(current_app, link.endpoint) or ())

    return may_open
