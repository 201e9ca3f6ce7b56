"""Pages of the do-not-call list."""

import contextlib
from collections.abc import Iterator
from typing import Any

from flask import Blueprint, current_app, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from redis.exceptions import RedisError
from werkzeug.datastructures import FileStorage

from dialer.queues import IMPORT
from telesales.access.guard import current_user, requires
from telesales.access.roles import LEADERS, MANAGERS
from telesales.centre import service as centre
from telesales.compliance import queries, service, uploads, wording
from telesales.compliance.forms import SCOPES, EntryForm, UploadForm
from telesales.compliance.jobs import READ_UPLOAD, read_upload
from telesales.compliance.models import DoNotCallEntry, DoNotCallScope, DoNotCallUpload, UploadState
from telesales.extensions import db, enqueue, transaction
from telesales.phone import InvalidNumberError, parse_number
from telesales.spreadsheet import csv_response
from telesales.uploads.errors import UnreadableFileError
from telesales.uploads.opening import keep_file
from telesales.uploads.words import explain

bp = Blueprint("compliance", __name__, template_folder="templates", url_prefix="/do-not-call")
FOLDER = "do-not-call"
EXPORTED = ("number", "scope", "source", "listed_on", "reason", "added_at", "removed_at", "removal_reason")


@bp.app_context_processor
def words() -> dict[str, Any]:
    """What templates that show an entry may ask for."""
    return {"compliance_words": wording}


@bp.get("")
@requires(*LEADERS)
def list_entries() -> ResponseReturnValue:
    """The list, with a search by number."""
    wanted, text = _read_filter()
    entries = queries.list_entries(wanted, page=request.args.get("page", 1, type=int))
    return render_template(
        "compliance/list_entries.html",
        wanted=wanted,
        text=text,
        pages=entries,
        counts=queries.count_by_scope(),
        sources=[(source, wording.source_name(source)) for source in queries.list_sources()],
        scopes=[(scope.value, wording.scope_name(scope)) for scope in DoNotCallScope],
        uploads=queries.list_uploads(limit=5),
        clients=_clients(),
    )


def _read_filter() -> tuple[queries.EntryFilter, str]:
    args = request.args
    text = args.get("number", "").strip()
    return (
        queries.EntryFilter(
            numbers=_read_numbers(text) if text else None,
            scope=args.get("scope", ""),
            source=args.get("source", ""),
            removed=args.get("removed") == "1",
        ),
        text,
    )


def _read_numbers(text: str) -> tuple[str, ...]:
    """What a typed number may be: as it is dialed here, or with its country code but without the plus."""
    found: list[str] = []
    for written, region in ((text, queries.home_region()), (f"+{text.lstrip('+')}", None)):
        with contextlib.suppress(InvalidNumberError):
            found.append(parse_number(written, region).e164)
    return tuple(found)


def _clients() -> dict[int, str]:
    own = current_user().client_id
    return {client.id: client.name for client in centre.list_clients() if own in (None, client.id)}


@bp.get("/new")
@requires(*LEADERS)
def new_entry() -> ResponseReturnValue:
    """Ask for one number."""
    form = EntryForm(number=request.args.get("number", ""), region=queries.home_region())
    return _page("compliance/new_entry.html", form)


@bp.post("/new")
@requires(*LEADERS)
def add_entry() -> ResponseReturnValue:
    """Put one number on the list."""
    form = EntryForm.read(request.form, clients=_clients(), region=queries.home_region())
    if form.errors:
        return _page("compliance/new_entry.html", form), 422
    with transaction():
        entry_id = service.add_entry(
            number=form.e164,
            scope=DoNotCallScope(form.scope),
            client_id=form.owner,
            source=form.source,
            reason=form.reason,
            listed_on=form.day,
        ).id
    flash(_("The number is on the list. It is not called any more."), "good")
    return redirect(url_for("compliance.show_entry", entry_id=entry_id), 303)


def _page(template: str, form: EntryForm | UploadForm) -> str:
    settings = current_app.config["TELESALES"]
    return render_template(
        template,
        form=form,
        clients=list(_clients().items()),
        scopes=[(scope.value, wording.scope_name(scope)) for scope in SCOPES],
        regions=wording.region_choices(),
        limit_mb=settings.upload_limit_mb,
    )


@bp.get("/<int:entry_id>")
@requires(*LEADERS)
def show_entry(entry_id: int) -> ResponseReturnValue:
    """One entry, with where it came from."""
    return _entry_page(queries.get_entry(entry_id))


def _entry_page(entry: DoNotCallEntry, error: str = "") -> str:
    return render_template(
        "compliance/show_entry.html",
        entry=entry,
        error=error,
        may_remove=current_user().role in MANAGERS and queries.may_remove(entry),
        clients=_clients(),
    )


@bp.post("/<int:entry_id>/remove")
@requires(*MANAGERS)
def remove_entry(entry_id: int) -> ResponseReturnValue:
    """Take a number off the list, with a reason."""
    entry = queries.get_entry(entry_id)
    reason = " ".join(request.form.get("reason", "").split())[:300]
    if not reason:
        return _entry_page(entry, _("Say why the number may be called again.")), 422
    with transaction():
        service.remove_entry(entry, reason)
    flash(
        _("The number is off the list. Leads that were stopped stay stopped until somebody opens them."),
        "good",
    )
    return redirect(url_for("compliance.show_entry", entry_id=entry_id), 303)


@bp.get("/entries.csv")
@requires(*MANAGERS)
def export_entries() -> ResponseReturnValue:
    """The entries of the page as a file."""
    wanted, _text = _read_filter()
    return csv_response("do-not-call.csv", EXPORTED, _lines(wanted))


def _lines(wanted: queries.EntryFilter) -> Iterator[list[object]]:
    """Asks the database when the file is being sent, not before."""
    query = queries.entries_query(wanted).order_by(DoNotCallEntry.id).execution_options(yield_per=500)
    for entry in db.session.scalars(query):
        yield [getattr(entry, name) for name in EXPORTED]


@bp.get("/uploads/new")
@requires(*MANAGERS)
def new_upload() -> ResponseReturnValue:
    """Ask for a file of numbers."""
    return _page("compliance/new_upload.html", UploadForm(region=queries.home_region()))


@bp.post("/uploads/new")
@requires(*MANAGERS)
def receive_upload() -> ResponseReturnValue:
    """Keep the file; a small one is read at once, a large one by a worker."""
    sent = request.files.get("file") or FileStorage(filename="")
    form = UploadForm.read(
        request.form, sent.filename or "", clients=_clients(), region=queries.home_region()
    )
    if not form.errors:
        try:
            upload_id = _receive(form, sent)
        except UnreadableFileError as error:
            form.errors["file"] = explain(error.reason)
        else:
            return redirect(url_for("compliance.show_upload", upload_id=upload_id), 303)
    return _page("compliance/new_upload.html", form), 422


def _receive(form: UploadForm, sent: FileStorage) -> int:
    settings = current_app.config["TELESALES"]
    with contextlib.closing(sent):
        kept = keep_file(sent.stream, settings.data_dir / FOLDER, limit=settings.upload_limit_mb << 20)
    terms = uploads.Terms(
        scope=DoNotCallScope(form.scope),
        client_id=form.owner,
        campaign_id=None,
        source=form.source,
        listed_on=form.day,
        region=form.region,
    )
    try:
        with transaction():
            upload_id = uploads.start_upload(
                kept, file_name=sent.filename or "", folder=settings.data_dir, terms=terms
            ).id
    except BaseException:
        kept.path.unlink(missing_ok=True)
        raise
    _read(upload_id, is_small=kept.size <= uploads.SMALL_BYTES)
    return upload_id


def _read(upload_id: int, *, is_small: bool) -> None:
    if is_small:
        read_upload(upload_id)
        return
    with contextlib.suppress(RedisError):  # the clock asks again within a minute
        enqueue(IMPORT, READ_UPLOAD, upload_id)


@bp.get("/uploads/<int:upload_id>")
@requires(*LEADERS)
def show_upload(upload_id: int) -> ResponseReturnValue:
    """What became of the numbers of a file."""
    upload = queries.get_upload(upload_id)
    if request.accept_mimetypes.best == "application/json":
        return jsonify(state=upload.state, rows_done=upload.rows_done, row_count=None, counts=upload.counts)
    return render_template(
        "compliance/show_upload.html",
        upload=upload,
        running=upload.state == UploadState.RUNNING,
        parts=_parts(upload),
        clients=_clients(),
    )


def _parts(upload: DoNotCallUpload) -> list[dict[str, object]]:
    return [
        {
            "label": wording.outcome_name(outcome),
            "count": upload.counts.get(outcome, 0),
            "kind": wording.OUTCOME_KINDS[outcome],
        }
        for outcome in uploads.OUTCOMES
    ]
