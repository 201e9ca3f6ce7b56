"""What is shown: the page, its screen, and the panels that are swapped in."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from telesales.access.guard import requires
from telesales.access.roles import Role
from telesales.desk import queries
from telesales.desk.views.blueprint import agent, bp, desk_words, render_part, render_screen
from telesales.push import topics
from telesales.telephony.carriers import ASTERISK, has_voicemail
from telesales.telephony.page import allow_telephone


@bp.get("")
@requires(Role.AGENT)
def show_desk() -> ResponseReturnValue:
    """The agent's screen; a browser that was closed in a call comes back to the same step."""
    view, voicemail = queries.desk_view(agent()), False
    if view.campaign and view.campaign.carrier == ASTERISK:
        allow_telephone()
        voicemail = has_voicemail(ASTERISK, view.campaign.id)
    heard = (topics.desk(agent().id), topics.standings(agent().client_id))
    shown = {"view": view, "topics": heard, "voicemail": voicemail, **desk_words(view)}
    return render_template("desk/show_desk.html", **shown)


@bp.get("/screen")
@requires(Role.AGENT)
def show_screen() -> ResponseReturnValue:
    """What belongs on the screen now."""
    return render_screen(queries.desk_view(agent(), skip=request.args.get("skip", 0, type=int)))


@bp.get("/bar")
@requires(Role.AGENT)
def show_bar() -> ResponseReturnValue:
    """The state bar alone: typing below it is not disturbed."""
    view = queries.desk_view(agent())
    return render_template("desk/bar.html", view=view, **desk_words(view))


@bp.get("/call/<int:attempt_id>")
@requires(Role.AGENT)
def pop(attempt_id: int) -> ResponseReturnValue:
    """A call with its lead, history and step, in one answer."""
    return render_screen(queries.view_of_call(agent(), attempt_id))


@bp.get("/call/<int:attempt_id>/script")
@requires(Role.AGENT)
def show_script(attempt_id: int) -> ResponseReturnValue:
    """The script where the call stands."""
    return render_part("script", queries.call_view(agent(), attempt_id))


@bp.get("/call/<int:attempt_id>/outcome")
@requires(Role.AGENT)
def show_outcome(attempt_id: int) -> ResponseReturnValue:
    """The outcome panel."""
    return render_part("outcome", queries.call_view(agent(), attempt_id))
