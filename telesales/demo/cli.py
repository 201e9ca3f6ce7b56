"""`flask --app wsgi demo …`"""

import click
from flask.cli import AppGroup

from telesales.demo import doors
from telesales.demo.service import seed_demo
from telesales.extensions import transaction
from telesales.tenancy.scope import every_client

commands = AppGroup("demo", help="The demo floor.")


@commands.command("seed")
def seed() -> None:
    """Fill the centre with the demo (again changes nothing) and print links into it."""
    with transaction(), every_client():
        campaigns = seed_demo()
        links = doors.links()
        names = [campaign.name for campaign in campaigns]
    click.echo(f"Campaigns: {', '.join(names)}")
    for door in links:
        click.echo(f"{door.label}: {door.path}")
