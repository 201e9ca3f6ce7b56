"""Signing on, ready, pause, dialing by hand, hanging up, signing off. The new state arrives by push."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from telesales.access.guard import requires
from telesales.access.roles import Role
from telesales.agents.models import PauseReason
from telesales.desk.service import by_hand, outcomes, shift
from telesales.desk.views.blueprint import agent, bp, window
from telesales.errors import ConflictError, ForbiddenError
from telesales.extensions import row_id, transaction
from telesales.push.publish import publish
from telesales.push.topics import desk as desk_topic

DONE = ("", 204)


@bp.post("/sign-on")
@requires(Role.AGENT)
def sign_on() -> ResponseReturnValue:
    """Sit down at a campaign."""
    try:
        with transaction():
            shift.sign_on(agent(), request.form.get("campaign", 0, type=row_id))
    except (ForbiddenError, ConflictError):
        flash(_("This campaign cannot be joined now. Choose another one."), "bad")
    return redirect(url_for("desk.show_desk"), 303)


@bp.post("/sign-off")
@requires(Role.AGENT)
def sign_off() -> ResponseReturnValue:
    """Leave the floor."""
    try:
        with transaction():
            shift.sign_off(agent())
    except ConflictError:
        flash(_("Finish the call first: its outcome is not saved yet."), "bad")
    return redirect(url_for("desk.show_desk"), 303)


@bp.post("/ready")
@requires(Role.AGENT)
def ready() -> ResponseReturnValue:
    """Take calls."""
    shift.ready(agent())
    return DONE


@bp.post("/pause")
@requires(Role.AGENT)
def pause() -> ResponseReturnValue:
    """Take no calls."""
    reason = request.form.get("reason", "")
    shift.pause(agent(), PauseReason(reason) if reason in set(PauseReason) else PauseReason.BREAK)
    return DONE


@bp.post("/dial")
@requires(Role.AGENT)
def dial() -> ResponseReturnValue:
    """Call a lead by hand."""
    with transaction():
        by_hand.dial(agent(), request.form.get("lead", 0, type=row_id))
    return DONE


@bp.post("/call/<int:attempt_id>/hang-up")
@requires(Role.AGENT)
def hang_up(attempt_id: int) -> ResponseReturnValue:
    """End the call."""
    shift.hang_up(agent(), attempt_id)
    return DONE


@bp.post("/here")
@requires(Role.AGENT)
def greet() -> ResponseReturnValue:
    """Tell the other windows of this agent that there is one more, and the floor what it may have missed."""
    outcomes.repeat_wrapped_up(agent())
    news = {"window": window(), "reply": request.form.get("reply") == "1"}
    publish(desk_topic(agent().id), "window", news)
    return DONE
