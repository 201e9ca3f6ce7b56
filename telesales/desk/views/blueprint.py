"""The blueprint of the desk, and what its templates may ask for."""

from collections.abc import Sequence

from flask import Blueprint, g, render_template, request

from dialer.core.floor.agent import AgentState
from scripts.merge import Piece, paragraphs
from scripts.script import Stage
from telesales import clock
from telesales.access.guard import current_user
from telesales.agents.models import PauseReason, User
from telesales.calls import wording as call_wording
from telesales.calls.rules import DISPOSITIONS
from telesales.desk import wording
from telesales.desk.forms import OutcomeForm
from telesales.desk.queries import CallView, DeskView
from telesales.recordings.pausing import recording_now
from telesales.scripting import wording as script_wording

bp = Blueprint("desk", __name__, template_folder="../templates", url_prefix="/desk")
WINDOW_HEADER = "X-Desk-Window"


def agent() -> User:
    """The agent who asks."""
    user: User = current_user()
    return user


def window() -> str:
    """The browser window that acts; others hear of it by push and this one need not."""
    return request.headers.get(WINDOW_HEADER, "")[:40]


def render_screen(view: DeskView) -> str:
    """The state bar and what is under it."""
    return render_template("desk/screen.html", view=view, **_words(view.call))


def render_part(name: str, call: CallView, **values: object) -> str:
    """One panel of the screen of a call."""
    return render_template(f"desk/{name}.html", call=call, **{**_words(call), **values})


def desk_words(view: DeskView) -> dict[str, object]:
    """What the page of the desk needs."""
    return _words(view.call)


def _words(call: CallView | None) -> dict[str, object]:
    def said(text: str) -> Sequence[Sequence[Piece]]:
        return paragraphs(text, call.values if call else {})

    return {
        "said": said,
        "stages": list(Stage),
        "dispositions": DISPOSITIONS,
        "pause_reasons": list(PauseReason),
        "form": OutcomeForm(code=""),
        "wording": wording,
        "call_wording": call_wording,
        "script_wording": script_wording,
        "recording_now": recording_now(call.attempt) if call and call.state == AgentState.ON_CALL else None,
        "tip": _tip(),
        "now": clock.now(),
        "own_zone": agent().time_zone or g.get("centre_zone") or "UTC",
    }


def _tip() -> str:
    tips = wording.tips()
    return tips[(clock.now().toordinal() + agent().id) % len(tips)]
