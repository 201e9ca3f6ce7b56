"""An import as a page: the step where it stands, its progress, its result."""

from collections.abc import Iterator

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from telesales.access.guard import requires
from telesales.access.roles import LEADERS, MANAGERS
from telesales.errors import NotFoundError
from telesales.extensions import transaction
from telesales.leads import wording
from telesales.leads.importing import preparing, results
from telesales.leads.models import ImportOutcome, ImportState, LeadImport
from telesales.leads.views.blueprint import bp
from telesales.leads.views.steps import columns_page, enqueue_import, rules_page
from telesales.spreadsheet import csv_response
from telesales.uploads.table import ADDED_MARK, Table

UNSTARTED = (ImportState.UPLOADED, ImportState.MAPPED)


@bp.get("/imports/<int:import_id>")
@requires(*LEADERS)
def show_import(import_id: int) -> ResponseReturnValue:
    """One page with four steps; it opens where the import stands."""
    found = results.get_import(import_id)
    if found.state in UNSTARTED:
        wants_columns = found.state == ImportState.UPLOADED or request.args.get("step") == "columns"
        return columns_page(found) if wants_columns else rules_page(found)
    return render_template(
        "leads/import_result.html",
        found=found,
        parts=_parts(found),
        interrupted=results.is_interrupted(found),
        running=found.state == ImportState.RUNNING,
    )


def _parts(found: LeadImport) -> list[dict[str, object]]:
    return [
        {
            "outcome": outcome.value,
            "label": wording.outcome_name(outcome),
            "count": count,
            "kind": wording.OUTCOME_KINDS[outcome],
            "href": url_for("leads.list_import_rows", import_id=found.id, outcome=outcome),
        }
        for outcome, count in results.outcome_counts(found).items()
    ]


@bp.get("/imports/<int:import_id>/progress")
@requires(*LEADERS)
def show_progress(import_id: int) -> ResponseReturnValue:
    """What the page asks for while nothing is pushed."""
    found = results.get_import(import_id)
    return jsonify(
        state=found.state, rows_done=found.rows_done, row_count=found.row_count, counts=found.counts
    )


@bp.get("/imports/<int:import_id>/rows")
@requires(*LEADERS)
def list_import_rows(import_id: int) -> ResponseReturnValue:
    """The rows of one outcome, and the way to mend them."""
    found = results.get_import(import_id)
    outcome = _outcome()
    page = request.args.get("page", 1, type=int)
    is_imported = outcome is ImportOutcome.IMPORTED
    pages = (
        results.list_imported(import_id, page=page)
        if is_imported
        else results.list_rejected(import_id, outcome, page=page)
    )
    return render_template(
        "leads/import_rows.html",
        found=found,
        outcome=outcome,
        parts=_parts(found),
        pages=pages,
        columns=Table.from_json(found.file_format).columns,
    )


def _outcome() -> ImportOutcome | None:
    name = request.args.get("outcome", "")
    if not name:
        return None
    if name not in set(ImportOutcome):
        raise NotFoundError
    return ImportOutcome(name)


@bp.get("/imports/<int:import_id>/rejected.csv")
@requires(*MANAGERS)
def export_rejected(import_id: int) -> ResponseReturnValue:
    """Rows that were not imported, as they were, with the reason: to be corrected and uploaded again."""
    found = results.get_import(import_id)
    outcome = _outcome()
    columns = Table.from_json(found.file_format).columns
    header = [ADDED_MARK + _("Outcome"), ADDED_MARK + _("Reason"), *columns]
    words = _(
        "not imported"
    )  # not inside a format string, where Python before 3.12 hides it from the catalogue
    name = f"{found.file_name.rsplit('.', 1)[0]} - {words}.csv"
    return csv_response(name, header, _lines(import_id, outcome))


def _lines(import_id: int, outcome: ImportOutcome | None) -> Iterator[list[str]]:
    for _row, cells, what, reason in results.rejected_rows(import_id, [outcome] if outcome else ()):
        yield [wording.outcome_name(what), wording.reason_text(reason), *cells]


@bp.post("/imports/<int:import_id>/resume")
@requires(*MANAGERS)
def resume_import(import_id: int) -> ResponseReturnValue:
    """Ask a worker to go on, for people who do not want to wait for the clock."""
    found = results.get_import(import_id)
    if results.is_interrupted(found):
        with transaction():
            preparing.resume_import(found)
        enqueue_import(import_id)
        flash(_("The import goes on from where it stopped."), "good")
    return redirect(url_for("leads.show_import", import_id=import_id), 303)
