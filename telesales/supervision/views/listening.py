"""Listening, whispering and barging in: the bar at the foot of the floor page, fetched by its script."""

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from dialer.ports import CarrierUnavailableError, SuperviseMode
from telesales.access.guard import current_user, requires
from telesales.access.roles import LEADERS
from telesales.errors import ConflictError
from telesales.extensions import transaction
from telesales.supervision import queries, wording
from telesales.supervision.errors import AgentGoneError
from telesales.supervision.kinds import StopReason
from telesales.supervision.service import listening
from telesales.supervision.views.blueprint import bp


@bp.get("/listening")
@requires(*LEADERS)
def show_listening() -> ResponseReturnValue:
    """Whose call the reader takes part in."""
    return _bar()


@bp.post("/listening")
@requires(*LEADERS)
def take_part() -> ResponseReturnValue:
    """Begin, or change the mode."""
    mode = request.form.get("mode", "")
    if mode not in {one.value for one in listening.MODES}:
        return _bar(_("Choose how: listen, whisper or barge in.")), 422
    try:
        standing = queries.find_standing(request.form.get("agent", 0, type=int))
        with transaction():
            news = listening.take_part(current_user(), standing, SuperviseMode(mode))
        listening.tell_carrier(news)
        with transaction():
            news = listening.stop_if_over(current_user())
        listening.tell_carrier(news)
    except AgentGoneError as error:
        return _bar(wording.gone(error.agent.name)), 409
    except ConflictError:
        return _bar(wording.no_call(standing.agent.name)), 409
    except CarrierUnavailableError:
        with transaction():
            listening.note_failure(current_user())
        return _bar(_("The telephone network does not answer. Try again in a moment.")), 503
    return _bar()


@bp.post("/listening/stop")
@requires(*LEADERS)
def stop_listening() -> ResponseReturnValue:
    """Leave the call alone."""
    why = request.form.get("why", "")
    known = {reason.value for reason in StopReason}
    with transaction():
        news = listening.stop(current_user(), StopReason(why) if why in known else StopReason.ASKED)
    listening.tell_carrier(news)
    return _bar()


def _bar(problem: str = "") -> str:
    return render_template(
        "supervision/listening.html",
        part=queries.part_of(current_user()),
        modes=listening.MODES,
        problem=problem,
        words=wording,
    )
