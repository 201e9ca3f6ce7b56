"""Pages of the audit trail."""

import json
from collections.abc import Iterator

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from telesales.access.guard import current_user, requires
from telesales.access.roles import MANAGERS
from telesales.audit import wording
from telesales.audit.detail_names import detail_names
from telesales.audit.detail_wording import readable_details
from telesales.audit.forms import AuditForm
from telesales.audit.queries import AuditFilter, entries
from telesales.extensions import db
from telesales.i18n import zone_of_reader
from telesales.spreadsheet import csv_response

ENTRIES_A_PAGE = 50
ROWS_AT_ONCE = 500

bp = Blueprint("audit", __name__, template_folder="templates", url_prefix="/audit")


@bp.get("/")
@requires(*MANAGERS)
def list_entries() -> ResponseReturnValue:
    """Show who changed what."""
    form = AuditForm.read(request.args)
    pages = db.paginate(
        entries(_wanted(form)), per_page=ENTRIES_A_PAGE, max_per_page=ENTRIES_A_PAGE, error_out=False
    )
    names = detail_names()
    page = render_template(
        "audit/list_entries.html",
        form=form,
        pages=pages,
        actions=wording.action_words(),
        choices=wording.action_choices(form.action),
        subjects=wording.subject_words(),
        person_name=wording.person_name,
        details=lambda entry: readable_details(entry.details, names),
    )
    return page, 422 if form.errors else 200


@bp.get("/entries.csv")
@requires(*MANAGERS)
def export_entries() -> ResponseReturnValue:
    """Send what the filter finds as a file."""
    form = AuditForm.read(request.args)
    header = [
        *(_("Time (UTC)"), _("Person"), _("Action"), _("Subject"), _("No."), _("Details")),
        *(_("Action in words"), _("Subject in words")),
    ]
    return csv_response("audit.csv", header, _rows(_wanted(form)))


def _wanted(form: AuditForm) -> AuditFilter:
    return form.wanted(zone=zone_of_reader(), client_id=current_user().client_id)


def _rows(wanted: AuditFilter) -> Iterator[list[object]]:
    found = db.session.scalars(entries(wanted).execution_options(yield_per=ROWS_AT_ONCE))
    actions, subjects = wording.action_words(), wording.subject_words()
    for entry in found:
        details = json.dumps(entry.details, ensure_ascii=False, sort_keys=True) if entry.details else ""
        words = actions.get(entry.action, ""), subjects.get(entry.subject_type, "")
        kept = entry.at.isoformat(), entry.actor, entry.action, entry.subject_type, entry.subject_id, details
        yield [*kept, *words]
