"""The calls of a lead, as a part of the lead's page (which asks for it by URL: lists do not know calls)."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from telesales.access.guard import requires
from telesales.access.roles import LEADERS
from telesales.calls import queries, wording
from telesales.leads.queries import get_lead

bp = Blueprint("call_history", __name__, template_folder="templates", url_prefix="/calls")
SHOWN = 20


@bp.get("/of-lead/<int:lead_id>")
@requires(*LEADERS)
def list_calls_of_lead(lead_id: int) -> ResponseReturnValue:
    """The latest calls and notes."""
    lead = get_lead(lead_id)
    return render_template(
        "calls/of_lead.html",
        calls=queries.last_calls(lead.id, limit=SHOWN),
        notes=queries.notes_of(lead.id),
        words=wording,
    )
