"""Pages of lists."""

from collections.abc import Iterator

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from telesales import clock
from telesales.access.guard import requires
from telesales.access.roles import LEADERS, MANAGERS
from telesales.errors import InvalidInputError
from telesales.extensions import db, transaction
from telesales.leads import queries, service, wording
from telesales.leads.forms.imports import MAX_NAME, MAX_SOURCE
from telesales.leads.importing.results import is_interrupted
from telesales.leads.models import LeadList
from telesales.leads.views.blueprint import bp
from telesales.spreadsheet import csv_response

EXPORTED = ("number", "name", "latin_name", "company", "email", "address", "city", "state", "postal_code", "country",
            "language", "external_id", "zone_key", "dial_state", "done_reason", "attempts", "last_result")  # fmt: skip


@bp.get("/lists")
@requires(*LEADERS)
def list_lists() -> ResponseReturnValue:
    """All lists, and the files that somebody has left on their way."""
    lists = queries.list_lists()
    return render_template(
        "leads/list_lists.html",
        lists=lists,
        figures=queries.figures_of([lead_list.id for lead_list in lists]),
        nothing=queries.ListFigures(),
        unfinished=queries.unfinished_imports(),
        is_interrupted=is_interrupted,
    )


@bp.get("/lists/<int:list_id>")
@requires(*LEADERS)
def show_list(list_id: int) -> ResponseReturnValue:
    """What each lead is waiting for, then the leads."""
    lead_list = queries.get_list(list_id)
    wanted = read_filter()
    waiting = queries.waiting_counts(list_id)
    return render_template(
        "leads/show_list.html",
        lead_list=lead_list,
        figures=queries.figures_of([list_id]).get(list_id, queries.ListFigures()),
        parts=_parts(list_id, waiting),
        waiting=waiting,
        wanted=wanted,
        pages=queries.list_leads(list_id, wanted, page=request.args.get("page", 1, type=int)),
        imports=queries.imports_of(list_id)[:10],
        now=clock.now(),
        is_interrupted=is_interrupted,
    )


def read_filter() -> queries.LeadFilter:
    """What the address asks for."""
    args = request.args
    return queries.LeadFilter(
        text=args.get("text", "").strip(),
        waiting=args.get("waiting", ""),
        sort=args.get("sort", "added"),
        order=args.get("order", "asc"),
    )


def _parts(list_id: int, waiting: dict[str, int]) -> list[dict[str, object]]:
    return [
        {
            "label": wording.waiting_name(key),
            "count": count,
            "kind": wording.waiting_kind(key),
            "href": url_for("leads.show_list", list_id=list_id, waiting=key),
        }
        for key, count in waiting.items()
    ]


@bp.get("/lists/<int:list_id>/leads.csv")
@requires(*MANAGERS)
def export_leads(list_id: int) -> ResponseReturnValue:
    """The leads of the table as a file."""
    lead_list = queries.get_list(list_id)
    return csv_response(f"{lead_list.name}.csv", EXPORTED, _lines(list_id, read_filter()))


def _lines(list_id: int, wanted: queries.LeadFilter) -> Iterator[list[object]]:
    """Asks the database when the file is being sent, not before."""
    query = queries.leads_query(list_id, wanted).execution_options(yield_per=500)
    for lead in db.session.scalars(query):
        yield [getattr(lead, name) for name in EXPORTED]


@bp.get("/lists/<int:list_id>/edit")
@requires(*MANAGERS)
def edit_list(list_id: int) -> ResponseReturnValue:
    """Ask for another name or source."""
    lead_list = queries.get_list(list_id)
    return _edit_page(lead_list, name=lead_list.name, source=lead_list.source, errors={})


@bp.post("/lists/<int:list_id>/edit")
@requires(*MANAGERS)
def save_list(list_id: int) -> ResponseReturnValue:
    """Keep name and source."""
    lead_list = queries.get_list(list_id)
    name, source = (" ".join(request.form.get(field, "").split()) for field in ("name", "source"))
    errors = _errors(name, source)
    if not errors:
        try:
            with transaction():
                service.rename_list(lead_list, name=name, source=source)
        except InvalidInputError as error:
            errors = error.fields
            lead_list = queries.get_list(list_id)
        else:
            flash(_("The list is kept."), "good")
            return redirect(url_for("leads.show_list", list_id=list_id), 303)
    return _edit_page(lead_list, name=name, source=source, errors=errors), 422


def _errors(name: str, source: str) -> dict[str, str]:
    errors: dict[str, str] = {}
    if not name:
        errors["name"] = _("Give the list a name.")
    elif len(name) > MAX_NAME:
        errors["name"] = _("At most %(count)s characters.", count=MAX_NAME)
    if len(source) > MAX_SOURCE:
        errors["source"] = _("At most %(count)s characters.", count=MAX_SOURCE)
    return errors


def _edit_page(lead_list: LeadList, **typed: object) -> str:
    return render_template("leads/edit_list.html", lead_list=lead_list, **typed)
