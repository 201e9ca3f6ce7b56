"""People, teams and clients; each with complete defaults."""

import functools
import itertools

from telesales.access.roles import Role
from telesales.agents.models import Team, User
from telesales.agents.service import passwords
from telesales.extensions import db
from telesales.tenancy.models import Client

PASSWORD = "seven green lamps"
_numbers = itertools.count(1)
_hash = functools.cache(passwords.hash_password)


def make_user(*, role: Role = Role.AGENT, password: str = "", **columns) -> User:
    """Somebody who may sign in; with `password` also by e-mail."""
    number = next(_numbers)
    user = User(
        **{
            "email": f"person{number}@example.com",
            "name": f"Person {number}",
            "role": role,
            "password_hash": _hash(password) if password else "",
            **columns,
        }
    )
    db.session.add(user)
    db.session.flush()
    return user


def make_team(**columns) -> Team:
    """A team without members."""
    team = Team(**{"name": f"Team {next(_numbers)}", **columns})
    db.session.add(team)
    db.session.flush()
    return team


def make_client(**columns) -> Client:
    """A company that campaigns are run for."""
    client = Client(**{"name": f"Client {next(_numbers)}", **columns})
    db.session.add(client)
    db.session.flush()
    return client
