"""`flask leads …`: commands of an operator."""

import json
import sys
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from telesales.centre import service as centre
from telesales.errors import InvalidInputError
from telesales.extensions import transaction
from telesales.leads import queries, service
from telesales.leads.importing.inline import import_file
from telesales.leads.models import ImportState, LeadImport, LeadList
from telesales.leads.signals import chunk_written
from telesales.phone import REGIONS
from telesales.tenancy.scope import client_scope, every_client
from telesales.uploads.errors import UnreadableFileError
from telesales.uploads.words import explain

NOT_IMPORTED = 1
commands = AppGroup("leads", help="Lists and leads.")


@commands.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--list", "list_name", required=True, help="Name of the list; made when it is not there.")
@click.option("--region", required=True, help="Country of numbers without a country code: US, CN, GB …")
@click.option("--client", "client_name", help="For whom the leads are called; needed when there are several.")
@click.option("--mapping", default="", help="Corrects the guess: field=column,… (number, name, company …)")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def import_leads(
    file: Path, list_name: str, region: str, client_name: str | None, mapping: str, *, as_json: bool
) -> None:
    """Import FILE (CSV or XLSX) and wait for it. Ends with 1 when nothing could be imported, 2 on wrong use."""
    settings = current_app.config["TELESALES"]
    if region.upper() not in REGIONS:
        raise click.BadParameter(
            f"{region} is not a country that has telephone numbers", param_hint="--region"
        )
    try:
        with every_client(), chunk_written.connected_to(_show_progress):
            lead_list = _find_or_create(list_name, region.upper(), client_name)
            found = import_file(
                file,
                lead_list,
                folder=settings.data_dir,
                limit=settings.upload_limit_mb << 20,
                mapping=_parse_mapping(mapping),
            )
    except UnreadableFileError as error:
        _fail(explain(error.reason))
    except InvalidInputError as error:
        _fail("; ".join(error.fields.values()))
    _report(found, as_json=as_json)


def _find_or_create(list_name: str, region: str, client_name: str | None) -> LeadList:
    with transaction():
        client_id = _client_id(client_name)
        with client_scope(client_id):
            lead_list = queries.find_list(list_name, client_id=client_id) or service.create_list(
                client_id=client_id, name=list_name, region=region, source="command line"
            )
    return lead_list


def _client_id(name: str | None) -> int:
    clients = centre.list_clients()
    if name is None:
        if len(clients) != 1:
            known = ", ".join(client.name for client in clients) or "none"
            raise click.UsageError(f"say for whom with --client (known: {known})")
        return clients[0].id
    found = next((client for client in clients if client.name == name), None)
    return (found or centre.create_client(name)).id


def _parse_mapping(text: str) -> dict[str, str]:
    pairs = [pair.partition("=") for pair in text.split(",") if pair.strip()]
    if any(not equals for _field, equals, _column in pairs):
        raise click.BadParameter("write field=column,field=column", param_hint="--mapping")
    return {field.strip(): column.strip() for field, _equals, column in pairs}


def _show_progress(_sender: object, *, rows_done: int, row_count: int | None) -> None:
    click.echo(f"\r{rows_done:,} of {row_count or 0:,} rows", nl=False, err=True)


def _report(found: LeadImport, *, as_json: bool) -> None:
    click.echo("", err=True)
    if as_json:
        facts = {"import": found.id, "list": found.list_id, "state": found.state, "rows": found.row_count}
        click.echo(json.dumps({**facts, "counts": found.counts}))
    else:
        for outcome, count in found.counts.items():
            click.echo(f"{count:>10,}  {outcome.replace('_', ' ')}")
        click.echo(f"{found.row_count or 0:>10,}  rows")
    if found.state != ImportState.FINISHED:
        _fail(found.error)


def _fail(text: str) -> None:
    click.echo(text, err=True)
    sys.exit(NOT_IMPORTED)
