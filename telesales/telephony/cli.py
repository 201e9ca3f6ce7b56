"""`flask telephony …`: what an operator of real telephones needs."""

import asyncio
import os
import sys
from pathlib import Path

import click
from flask.cli import AppGroup

from dialer.carriers.asterisk.config.files import configuration_files, write_configuration
from dialer.carriers.asterisk.config.text import UnwritableError
from dialer.carriers.asterisk.settings import (
    FILE_VARIABLE,
    Node,
    SecretMissingError,
    Telephony,
    TelephonySettingsError,
    secret_of,
)
from dialer.carriers.asterisk.settings_file import load_telephony
from telesales.extensions import redis_client
from telesales.telephony.doctor.findings import Finding, Verdict, is_fit
from telesales.telephony.doctor.messages import list_dialed
from telesales.telephony.doctor.run import examine

commands = AppGroup("telephony", help="Real telephones: Asterisk and its trunks.")
WRONG_SETTINGS = 2


@commands.command("doctor")
def doctor() -> None:
    """Look at nodes, trunks, codecs, WebSockets, certificates, NAT and clocks, and say what to do. Exits 1 when calls cannot be placed."""
    campaigns = list_dialed()

    async def look() -> list[Finding]:
        found = []
        async for finding in examine(os.environ, redis_client(), campaigns=campaigns):
            click.echo(str(finding))
            found.append(finding)
        return found

    found = asyncio.run(look())
    doubts = sum(finding.verdict is Verdict.DOUBT for finding in found)
    faults = sum(finding.verdict is Verdict.BAD for finding in found)
    unseen = sum(finding.verdict is Verdict.UNSEEN for finding in found)
    click.echo(
        f"{len(found)} looked at, {faults} to mend, {doubts} to look at, {unseen} that cannot be seen from here."
    )
    sys.exit(0 if is_fit(found) else 1)


@commands.command("config")
@click.argument("dest", type=click.Path(path_type=Path, file_okay=False))
@click.option("--node", "name", default="", help="Name of the node; needed when the file describes several.")
def config(dest: Path, name: str) -> None:
    """Write Asterisk's whole configuration folder (on Debian /etc/asterisk) from the telephony file."""
    try:
        telephony = load_telephony(os.environ)
        if telephony is None:
            raise click.UsageError(f"set {FILE_VARIABLE} to the path of the telephony file")
        node = _node(telephony, name)
        files = configuration_files(telephony, node, lambda secret: secret_of(secret, os.environ))
    except (TelephonySettingsError, SecretMissingError, UnwritableError) as error:
        click.echo(str(error), err=True)
        sys.exit(WRONG_SETTINGS)
    write_configuration(files, dest)
    click.echo(
        f"{len(files)} files for node {node.name} are in {dest}. They hold passwords: only their owner and group may read them."
    )
    click.echo("Restart Asterisk, then: flask --app wsgi telephony doctor")


def _node(telephony: Telephony, name: str) -> Node:
    names = [node.name for node in telephony.nodes]
    if not name and len(names) == 1:
        return telephony.nodes[0]
    if name not in names:
        raise click.UsageError(f"say --node with one of: {', '.join(names)}")
    return telephony.node(name)
