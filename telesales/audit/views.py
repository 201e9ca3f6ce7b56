"""Pages of the audit trail."""

import json
from collections.abc import Iterator
from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from telesales.access.guard import current_user, requires
from telesales.access.roles import MANAGERS
from telesales.audit.forms import AuditForm
from telesales.audit.models import AuditEntry
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
    return render_template("audit/list_entries.html", form=form, pages=pages), 422 if form.errors else 200


@bp.get("/entries.csv")
@requires(*MANAGERS)
def export_entries() -> ResponseReturnValue:
    """Send what the filter finds as a file."""
    form = AuditForm.read(request.args)
    header = [_("Time (UTC)"), _("Person"), _("Action"), _("Subject"), _("No."), _("Details")]
    return csv_response("audit.csv", header, _rows(_wanted(form)))


def _wanted(form: AuditForm) -> AuditFilter:
    return form.wanted(zone=zone_of_reader(), client_id=current_user().client_id)


def _rows(wanted: AuditFilter) -> Iterator[list[object]]:
    found = db.session.scalars(entries(wanted).execution_options(yield_per=ROWS_AT_ONCE))
    for entry in found:
        details = json.dumps(entry.details, ensure_ascii=False, sort_keys=True) if entry.details else ""
        yield [entry.at.isoformat(), entry.actor, entry.action, entry.subject_type, entry.subject_id, details]


@bp.app_template_filter("audit_details")
def readable_details(entry: AuditEntry) -> list[tuple[str, str]]:
    """Return (name, text) pairs; a change is shown as "before → after"."""
    details: dict[str, Any] = {**entry.details, **entry.details.get("changes", {})}
    return [(name, _readable(value)) for name, value in details.items() if name != "changes"]


def _readable(value: Any) -> str:
    if isinstance(value, list) and len(value) == 2:
        return f"{_plain(value[0])} → {_plain(value[1])}"
    return _plain(value)


def _plain(value: Any) -> str:
    if value in (None, "", []):
        return "–"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
