"""`flask scripts …`: commands of an operator."""

import click
from flask.cli import AppGroup

from telesales.extensions import transaction
from telesales.scripting import service

commands = AppGroup("scripts", help="Call scripts.")


@commands.command("load")
def load() -> None:
    """Bring the shipped scripts into the database; safe to run again."""
    with transaction():
        done = service.load_library()
    for word, slugs in (("added", done.added), ("updated", done.updated), ("unchanged", done.unchanged)):
        for slug in slugs:
            click.echo(f"{word:9} {slug}")
