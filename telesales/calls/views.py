"""Pages of calls: the sales, and cancelling one."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from telesales.access.guard import current_user, requires
from telesales.access.roles import LEADERS, STAFF, Role
from telesales.calls import queries
from telesales.calls.forms import ReasonForm, read_day
from telesales.calls.queries import SalesFilter
from telesales.calls.service import sales
from telesales.campaigns.queries import list_campaigns
from telesales.extensions import row_id, transaction

bp = Blueprint("calls", __name__, template_folder="templates", url_prefix="/sales")


@bp.get("")
@requires(*STAFF)
def list_sales() -> ResponseReturnValue:
    """Sales of everybody for leaders, one's own for an agent."""
    return _sales_page()


def _sales_page(cancel: ReasonForm | None = None, sale_id: int | None = None) -> str:
    user = current_user()
    own_only = user.role == Role.AGENT
    wanted = SalesFilter(
        agent_id=user.id if own_only else request.args.get("agent", type=row_id),
        campaign_id=request.args.get("campaign", type=row_id),
        first_day=read_day(request.args.get("from", "")),
        last_day=read_day(request.args.get("until", "")),
    )
    rows, pages = queries.list_sales(wanted, page=request.args.get("page", 1, type=int))
    return render_template(
        "calls/list_sales.html",
        rows=rows,
        pages=pages,
        wanted=wanted,
        own_only=own_only,
        may_cancel=user.role in LEADERS,
        campaigns=[] if own_only else [(campaign.id, campaign.name) for campaign in list_campaigns()],
        cancel=cancel,
        cancel_id=sale_id,
    )


@bp.post("/<int:sale_id>/cancel")
@requires(*LEADERS)
def cancel_sale(sale_id: int) -> ResponseReturnValue:
    """Take a sale back, with the reason."""
    form = ReasonForm.read(request.form, missing=_("Say why: the agent reads it."))
    if form.errors:
        return _sales_page(form, sale_id), 422
    with transaction():
        sales.cancel_sale(queries.get_sale(sale_id), form.reason)
    flash(_("The sale is cancelled; its commission and points are taken back."), "good")
    return redirect(url_for("calls.list_sales"), 303)
