"""Reading people and teams."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import joinedload

from telesales.access.roles import LEADERS, Role
from telesales.agents.models import Team, User
from telesales.extensions import db
from telesales.tenancy.models import Client


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleFilter:
    """Which people are asked for; empty means all."""

    text: str = ""
    role: str = ""
    team_id: int | None = None
    is_active: bool | None = True
    client_id: int | None = None


def people(wanted: PeopleFilter) -> Select[Any]:
    """Return the query, by name."""
    found = select(User).options(joinedload(User.team)).order_by(User.name, User.id)
    if wanted.text:
        columns = (User.name, User.latin_name, User.email)
        found = found.where(or_(*(column.icontains(wanted.text, autoescape=True) for column in columns)))
    if wanted.role:
        found = found.where(User.role == wanted.role)
    if wanted.team_id is not None:
        found = found.where(User.team_id == wanted.team_id)
    if wanted.is_active is not None:
        found = found.where(User.is_active == wanted.is_active)
    if wanted.client_id is not None:
        found = found.where(User.client_id == wanted.client_id)
    return found


def list_agents(*, team_id: int | None = None) -> list[User]:
    """Return the agents who may sign in, by name."""
    found = people(PeopleFilter(role=Role.AGENT, team_id=team_id))
    return list(db.session.scalars(found))


def list_teams() -> list[Team]:
    """Return the teams by name."""
    return list(db.session.scalars(select(Team).order_by(Team.name)))


def list_supervisors() -> list[User]:
    """Return who can lead a team."""
    leaders = select(User).where(User.role.in_(LEADERS), User.is_active).order_by(User.name)
    return list(db.session.scalars(leaders))


def list_possible_members() -> list[User]:
    """Return who can be in a team: agents and supervisors."""
    roles = (Role.AGENT, Role.SUPERVISOR)
    return list(
        db.session.scalars(select(User).where(User.role.in_(roles), User.is_active).order_by(User.name))
    )


def count_members() -> dict[int, int]:
    """Return how many active people each team has."""
    counts = select(User.team_id, func.count()).where(User.team_id.is_not(None), User.is_active)
    return _pairs(counts.group_by(User.team_id))


def names_of(user_ids: Collection[int]) -> dict[int, str]:
    """Return people's names by id."""
    return _pairs(select(User.id, User.name).where(User.id.in_(user_ids)))


def client_names() -> dict[int, str]:
    """Return the clients' names by id."""
    return _pairs(select(Client.id, Client.name).order_by(Client.name))


def find_demo_person(role: Role) -> User | None:
    """Return the demo's person of this role who is not simulated."""
    return db.session.scalars(_demo_people().where(User.role == role).order_by(User.id)).first()


def demo_roles() -> set[str]:
    """Return the roles that the demo has a person for."""
    return set(db.session.scalars(_demo_people().with_only_columns(User.role).distinct()))


def _demo_people() -> Select[Any]:
    return select(User).where(User.is_demo, User.is_active, ~User.is_simulated)


def _pairs(query: Any) -> dict[Any, Any]:
    return {row[0]: row[1] for row in db.session.execute(query)}
