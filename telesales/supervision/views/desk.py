"""What the desk of an agent says about supervisors: what was ordered, and who takes part in the call."""

from flask import render_template
from flask.typing import ResponseReturnValue

from telesales.access.guard import current_user, requires
from telesales.access.roles import Role
from telesales.supervision import queries, wording
from telesales.supervision.views.blueprint import bp


@bp.get("/notice")
@requires(Role.AGENT)
def show_notice() -> ResponseReturnValue:
    """For the agent who asks."""
    agent = current_user()
    return render_template(
        "supervision/notice.html",
        notice=queries.notice_for(agent),
        listeners=queries.listeners_to(agent),
        words=wording,
    )
