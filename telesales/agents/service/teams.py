"""Teams and who is in them."""

from flask_babel import gettext as _
from sqlalchemy import select, update

from telesales.access.roles import LEADERS
from telesales.agents.models import Team, User
from telesales.audit.service import record
from telesales.errors import InvalidInputError, NotFoundError
from telesales.extensions import db


def get_team(team_id: int) -> Team:
    """Return the team or raise."""
    team = db.session.get(Team, team_id)
    if team is None:
        raise NotFoundError(_("This team is not here."))
    return team


def create_team(*, name: str, supervisor_id: int | None = None) -> Team:
    """Create a team without members."""
    _check(name, supervisor_id, team=None)
    team = Team(name=name, supervisor_id=supervisor_id)
    db.session.add(team)
    record("team.created", team, name=name, supervisor_id=supervisor_id)
    return team


def edit_team(team: Team, *, name: str, supervisor_id: int | None) -> None:
    """Rename a team or give it another supervisor."""
    _check(name, supervisor_id, team=team)
    if (team.name, team.supervisor_id) == (name, supervisor_id):
        return
    record("team.edited", team, name=[team.name, name], supervisor_id=[team.supervisor_id, supervisor_id])
    team.name, team.supervisor_id = name, supervisor_id


def set_members(team: Team, user_ids: set[int]) -> None:
    """Make these people the team: others leave it, and they leave their former teams."""
    before = set(db.session.scalars(select(User.id).where(User.team_id == team.id)))
    if before == user_ids:
        return
    _move(before - user_ids, None)
    _move(user_ids - before, team.id)
    record("team.members_changed", team, joined=sorted(user_ids - before), left=sorted(before - user_ids))


def _move(user_ids: set[int], team_id: int | None) -> None:
    if user_ids:
        db.session.execute(update(User).where(User.id.in_(user_ids)).values(team_id=team_id))


def _check(name: str, supervisor_id: int | None, *, team: Team | None) -> None:
    problems: dict[str, str] = {}
    namesake = db.session.scalar(select(Team).where(Team.name == name))
    if namesake is not None and namesake is not team:
        problems["name"] = _("Another team has this name.")
    if supervisor_id is not None:
        supervisor = db.session.get(User, supervisor_id)
        if supervisor is None or supervisor.role not in LEADERS:
            problems["supervisor_id"] = _("Choose a supervisor or a manager.")
    if problems:
        raise InvalidInputError(problems)
