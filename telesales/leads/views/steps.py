"""The steps of an import: file, columns, rules."""

import contextlib
from collections import Counter

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from redis.exceptions import RedisError
from werkzeug.datastructures import FileStorage

from dialer.queues import IMPORT
from telesales.access.guard import current_user, requires
from telesales.access.roles import MANAGERS
from telesales.centre import service as centre
from telesales.compliance.queries import home_region
from telesales.compliance.wording import region_choices
from telesales.config import Settings
from telesales.errors import InvalidInputError
from telesales.extensions import db, enqueue, transaction
from telesales.leads import queries, service, wording
from telesales.leads.forms.imports import KEEP, MappingForm, UploadForm, read_region
from telesales.leads.importing import preparing, results
from telesales.leads.importing.fields import Field
from telesales.leads.importing.rows import RowReader, RowRejectedError
from telesales.leads.jobs import IMPORT_LEADS
from telesales.leads.models import ImportOutcome, ImportState, LeadImport, LeadList
from telesales.leads.views.blueprint import bp
from telesales.uploads.errors import UnreadableFileError
from telesales.uploads.opening import KeptFile, keep_file
from telesales.uploads.table import Table
from telesales.uploads.words import explain

SHOWN_ROWS = 5


def settings() -> Settings:
    """Settings of this installation."""
    found: Settings = current_app.config["TELESALES"]
    return found


@bp.get("/imports/new")
@requires(*MANAGERS)
def new_import() -> ResponseReturnValue:
    """Step one: ask for a file."""
    return _upload_page(UploadForm(list_id=request.args.get("list", "")))


@bp.post("/imports/new")
@requires(*MANAGERS)
def receive_file() -> ResponseReturnValue:
    """Keep the file and go on to its columns."""
    sent = request.files.get("file") or FileStorage(filename="")
    form = UploadForm.read(request.form, sent.filename or "")
    if not form.errors:
        try:
            return redirect(url_for("leads.show_import", import_id=_receive(form, sent)), 303)
        except UnreadableFileError as error:
            form.errors["file"] = explain(error.reason)
        except InvalidInputError as error:
            form.errors |= error.fields
    return _upload_page(form), 422


def _receive(form: UploadForm, sent: FileStorage) -> int:
    folder = settings().data_dir / preparing.FOLDER
    with contextlib.closing(sent):
        kept = keep_file(sent.stream, folder, limit=settings().upload_limit_mb << 20)
    try:
        return _write_down(form, sent.filename or "", kept)
    except BaseException:
        kept.path.unlink(missing_ok=True)
        raise


def _write_down(form: UploadForm, file_name: str, kept: KeptFile) -> int:
    with transaction():
        lead_list = queries.get_list(int(form.list_id)) if form.list_id else _new_list(form)
        found = preparing.receive_file(
            kept,
            file_name=file_name,
            folder=settings().data_dir,
            lead_list=lead_list,
            is_new_list=not form.list_id,
        )
        return found.id


def _new_list(form: UploadForm) -> LeadList:
    """The list and, in an empty house, the client whom it is for."""
    return service.create_list(
        client_id=_client_of(form),
        name=form.list_name,
        region=home_region(),
        source=form.source,
    )


def _client_of(form: UploadForm) -> int:
    person = current_user()
    if person.client_id is not None:
        return int(person.client_id)
    if form.client_name:
        return centre.create_client(form.client_name).id
    clients = centre.list_clients()
    if len(clients) == 1 and not form.client_id:
        return clients[0].id
    chosen = next((client for client in clients if str(client.id) == form.client_id), None)
    if chosen is None:
        raise InvalidInputError({"client_id": _("Say for whom these leads are called.")})
    return chosen.id


def _upload_page(form: UploadForm) -> str:
    db.session.rollback()
    person = current_user()
    clients = [client for client in centre.list_clients() if person.client_id in (None, client.id)]
    lists = queries.list_lists()
    return render_template(
        "leads/new_import.html",
        form=form,
        clients=[(client.id, client.name) for client in clients],
        may_add_client=person.client_id is None,
        lists=[(lead_list.id, lead_list.name) for lead_list in lists],
        given=next((found.name for found in lists if str(found.id) == request.args.get("list")), ""),
        limit_mb=settings().upload_limit_mb,
    )


@bp.post("/imports/<int:import_id>/columns")
@requires(*MANAGERS)
def choose_columns(import_id: int) -> ResponseReturnValue:
    """Keep what the columns are and go on to the rules."""
    found = results.get_import(import_id)
    form = MappingForm.read(request.form, Table.from_json(found.file_format).columns)
    if form.errors:
        return columns_page(found, form), 422
    with transaction():
        preparing.choose_columns(found, form.mapping)
    return redirect(url_for("leads.show_import", import_id=import_id, step="rules"), 303)


def columns_page(found: LeadImport, form: MappingForm | None = None) -> str:
    """Step two: the first rows, our field under each column, doubtful guesses marked."""
    table = Table.from_json(found.file_format)
    rows = preparing.sample_rows(settings().data_dir / found.path, table)
    proposal = preparing.propose(found, rows)
    mapping = proposal.mapping if found.state == ImportState.UPLOADED else found.mapping
    guesses = proposal.guesses.items() if found.state == ImportState.UPLOADED else ()
    return render_template(
        "leads/import_columns.html",
        found=found,
        table=table,
        rows=[row + [""] * (len(table.columns) - len(row)) for row in rows[:SHOWN_ROWS]],
        form=form or MappingForm.show(table.columns, mapping),
        doubtful={label for label, guess in guesses if guess.is_doubtful},
        remembered=proposal.remembered if found.state == ImportState.UPLOADED else "",
        fields=[(field.value, wording.field_name(field)) for field in Field],
        keep=KEEP,
    )


def rules_page(found: LeadImport) -> str:
    """Step three: the country, and what would become of the first rows."""
    table = Table.from_json(found.file_format)
    region = read_region(request.args, found.region)
    rows = preparing.sample_rows(settings().data_dir / found.path, table)
    outcomes = _try(rows, RowReader(columns=table.columns, mapping=found.mapping, region=region))
    return render_template(
        "leads/import_rules.html",
        found=found,
        region=region,
        regions=region_choices(),
        has_country=Field.COUNTRY.value in found.mapping,
        outcomes=outcomes,
        tried=len(rows),
    )


def _try(rows: list[list[str]], reader: RowReader) -> Counter[str]:
    outcomes: Counter[str] = Counter()
    for row in rows:
        try:
            reader.read(row)
            outcomes[ImportOutcome.IMPORTED] += 1
        except RowRejectedError as error:
            outcomes[error.outcome] += 1
    return outcomes


@bp.post("/imports/<int:import_id>/start")
@requires(*MANAGERS)
def start_import(import_id: int) -> ResponseReturnValue:
    """Let it run."""
    found = results.get_import(import_id)
    with transaction():
        preparing.start_import(found, region=read_region(request.form, found.region))
    enqueue_import(import_id)
    return redirect(url_for("leads.show_import", import_id=import_id), 303)


def enqueue_import(import_id: int) -> None:
    """Ask a worker; when that fails the clock asks again within a minute."""
    try:
        enqueue(IMPORT, IMPORT_LEADS, import_id)
    except RedisError:
        flash(_("The workers cannot be reached. The import starts by itself when they are back."), "warning")


@bp.post("/imports/<int:import_id>/discard")
@requires(*MANAGERS)
def discard_import(import_id: int) -> ResponseReturnValue:
    """Forget a file that was not imported."""
    found = results.get_import(import_id)
    with transaction():
        preparing.discard_import(found, folder=settings().data_dir)
    flash(_("The file is discarded. Nothing was imported."), "good")
    return redirect(url_for("leads.list_lists"), 303)
