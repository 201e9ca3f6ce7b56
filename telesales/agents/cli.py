"""`flask --app wsgi people …`: people without a browser; how the first administrator gets in."""

import click
from flask.cli import AppGroup

from telesales.access.roles import PEOPLE, Role
from telesales.agents import queries
from telesales.agents.addresses import link_address
from telesales.agents.models import User
from telesales.agents.queries import PeopleFilter
from telesales.agents.service import links, people
from telesales.agents.service.people import PersonFacts
from telesales.agents.service.sign_in import find_user_by_email
from telesales.errors import InvalidInputError
from telesales.extensions import db, read_only, transaction

LINK_MINUTES = 60

commands = AppGroup("people", help="Add people, list them, and make their sign-in links.")


@commands.command("list")
@click.option("--all", "everybody", is_flag=True, help="Also people who were deactivated.")
def list_people(*, everybody: bool) -> None:
    """List who may sign in."""
    with read_only():
        found = db.session.scalars(queries.people(PeopleFilter(is_active=None if everybody else True)))
        for user in found:
            ending = [] if user.is_active else ["(deactivated)"]
            click.echo("\t".join([user.email, user.role, user.name, *ending]))


@commands.command("add")
@click.argument("email")
@click.option("--name", required=True)
@click.option("--role", type=click.Choice([role.value for role in PEOPLE]), default=Role.AGENT.value)
@click.option("--latin-name", default="")
@click.option("--client-id", type=int, help="Sees this client's data only; needed for the role client.")
def add_person(*, email: str, name: str, role: str, latin_name: str, client_id: int | None) -> None:
    """Add a person and print a link that signs them in once."""
    facts = PersonFacts(email=email, name=name, role=Role(role), latin_name=latin_name, client_id=client_id)
    try:
        with transaction():
            token = links.create_sign_in_link(people.add_person(facts))
    except InvalidInputError as error:
        raise click.ClickException(str(error)) from error
    click.echo(link_address(token))


@commands.command("link")
@click.argument("email")
@click.option("--minutes", default=LINK_MINUTES, show_default=True, help="How long it can be used.")
def create_link(*, email: str, minutes: int) -> None:
    """Print a link that signs a person in once."""
    with transaction():
        user = _find(email)
        token = links.create_sign_in_link(user, minutes=minutes)
    click.echo(link_address(token))


def _find(email: str) -> User:
    user = find_user_by_email(email)
    if user is None or not user.is_active:
        raise click.ClickException(f"Nobody with the address {email} may sign in.")
    return user
