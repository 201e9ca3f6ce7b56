"""The ledger: everybody's for leaders, one's own for an agent. Every line opens the way it was computed."""

from collections.abc import Iterator
from datetime import timedelta

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import or_

from telesales import clock
from telesales.access.guard import current_user, requires
from telesales.access.roles import LEADERS, STAFF, Role
from telesales.agents.models import User
from telesales.campaigns.queries import list_campaigns
from telesales.commissions import explaining, queries
from telesales.commissions.forms import read_day
from telesales.commissions.models import LedgerLine
from telesales.commissions.queries import LedgerFilter, LedgerRow
from telesales.commissions.views.blueprint import bp
from telesales.extensions import db, row_id
from telesales.i18n import sentences, zone_of_reader
from telesales.money import Money
from telesales.spreadsheet import csv_response

PERIODS = ("from", "until")


@bp.get("/commissions")
@requires(*STAFF)
def list_ledger() -> ResponseReturnValue:
    """Lines, totals per currency, and sales that no plan pays."""
    wanted = _wanted()
    rows, pages = queries.list_lines(wanted, page=request.args.get("page", 1, type=int))
    return render_template(
        "commissions/list_ledger.html",
        rows=rows,
        pages=pages,
        wanted=wanted,
        totals=queries.totals(wanted),
        unpaid=queries.list_unpaid_sales(wanted),
        unpaid_count=queries.count_unpaid_sales(wanted),
        own_only=_own_only(),
        campaigns=[] if _own_only() else [(campaign.id, campaign.name) for campaign in list_campaigns()],
        agents=[] if _own_only() else _agents(),
    )


@bp.get("/commissions.csv")
@requires(*STAFF)
def export_ledger() -> ResponseReturnValue:
    """The same lines as a file for payroll."""
    header = [
        _("Line"), _("Day"), _("Agent"), _("Campaign"), _("Sale"), _("Product"), _("Sale amount"), _("What"),
        _("Plan version"), _("Band"), _("Amount"), _("Currency"), _("How"), _("Written"),
    ]  # fmt: skip
    return csv_response("commissions.csv", header, _cells(queries.stream_lines(_wanted())))


@bp.get("/commissions/<int:line_id>")
@requires(*STAFF)
def show_line(line_id: int) -> ResponseReturnValue:
    """One line: sale, plan version, band, amount."""
    row = queries.get_line(line_id, agent_id=current_user().id if _own_only() else None)
    lines = queries.lines_of_sale(row.sale.id)
    return render_template(
        "commissions/show_line.html", row=row, lines=lines, total=sum(line.amount_minor for line in lines)
    )


def _own_only() -> bool:
    return current_user().role not in LEADERS


def _wanted() -> LedgerFilter:
    """Read the filter; without one it is this month."""
    today = clock.now().astimezone(zone_of_reader()).date()
    is_chosen = any(name in request.args for name in PERIODS)
    month_end = (today.replace(day=1) + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return LedgerFilter(
        agent_id=current_user().id if _own_only() else request.args.get("agent", type=row_id),
        campaign_id=request.args.get("campaign", type=row_id),
        first_day=read_day(request.args.get("from", "")) if is_chosen else today.replace(day=1),
        last_day=read_day(request.args.get("until", "")) if is_chosen else month_end,
    )


def _agents() -> list[tuple[int, str]]:
    """Agents, and who has earned something as one."""
    has_earned = db.select(LedgerLine.id).where(LedgerLine.agent_id == User.id).exists()
    query = db.select(User.id, User.name).where(or_(User.role == Role.AGENT, has_earned)).order_by(User.name)
    if current_user().client_id is not None:
        query = query.where(or_(User.client_id.is_(None), User.client_id == current_user().client_id))
    return [(user_id, name) for user_id, name in db.session.execute(query)]


def _cells(rows: Iterator[LedgerRow]) -> Iterator[list[object]]:
    for row in rows:
        line = row.line
        yield [
            line.id, line.day.isoformat(), row.agent_name, row.campaign_name, row.sale.id, row.sale.product_name,
            Money(row.sale.amount_minor, row.sale.currency).amount, explaining.kind_name(line.kind),
            row.version.version, explaining.band_of(line), Money(line.amount_minor, line.currency).amount, line.currency,
            sentences(explaining.line_sentences(line.kind, line.explanation, line.currency)), line.at.isoformat(),
        ]  # fmt: skip
