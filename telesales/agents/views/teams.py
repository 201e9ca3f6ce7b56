"""Teams."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from telesales.access.guard import requires
from telesales.access.roles import MANAGERS
from telesales.agents import queries
from telesales.agents.forms import TeamForm, whole_number
from telesales.agents.models import Team
from telesales.agents.service import teams
from telesales.agents.views.blueprint import bp
from telesales.centre.forms import is_kept
from telesales.centre.views.blueprint import check_whole_centre
from telesales.extensions import row_id


@bp.get("/teams")
@requires(*MANAGERS)
def list_teams() -> ResponseReturnValue:
    """Show the teams."""
    check_whole_centre()
    return _teams_page(TeamForm())


@bp.post("/teams")
@requires(*MANAGERS)
def create_team() -> ResponseReturnValue:
    """Add one."""
    check_whole_centre()
    form = TeamForm.read(request.form)
    if not is_kept(
        form, lambda: teams.create_team(name=form.name, supervisor_id=whole_number(form.supervisor_id))
    ):
        return _teams_page(form), 422
    flash(_("%(name)s is added.", name=form.name), "good")
    return redirect(url_for("agents.list_teams"), 303)


@bp.get("/teams/<int:team_id>")
@requires(*MANAGERS)
def edit_team(team_id: int) -> ResponseReturnValue:
    """Show one team and who is in it."""
    check_whole_centre()
    team = teams.get_team(team_id)
    return _team_page(team, TeamForm(team.name, str(team.supervisor_id or "")))


@bp.post("/teams/<int:team_id>")
@requires(*MANAGERS)
def change_team(team_id: int) -> ResponseReturnValue:
    """Keep name, supervisor and members."""
    check_whole_centre()
    team, form = teams.get_team(team_id), TeamForm.read(request.form)
    if not is_kept(form, lambda: _keep_team(team, form)):
        return _team_page(team, form), 422
    flash(_("Saved."), "good")
    return redirect(url_for("agents.list_teams"), 303)


def _keep_team(team: Team, form: TeamForm) -> None:
    teams.edit_team(team, name=form.name, supervisor_id=whole_number(form.supervisor_id))
    teams.set_members(team, set(request.form.getlist("members", type=row_id)))


def _teams_page(form: TeamForm) -> str:
    found = queries.list_teams()
    leaders = {team.supervisor_id for team in found if team.supervisor_id}
    return render_template(
        "agents/list_teams.html",
        form=form,
        teams=found,
        counts=queries.count_members(),
        names=queries.names_of(leaders),
        supervisors=_supervisors(),
    )


def _team_page(team: Team, form: TeamForm) -> str:
    members = queries.list_possible_members()
    chosen = request.form.getlist("members") or [str(user.id) for user in members if user.team_id == team.id]
    return render_template(
        "agents/edit_team.html",
        form=form,
        team=team,
        members=[(user.id, user.name, _former_team(user.team, team)) for user in members],
        chosen=chosen,
        supervisors=_supervisors(),
    )


def _former_team(now: Team | None, team: Team) -> str:
    return _("now in %(team)s", team=now.name) if now is not None and now is not team else ""


def _supervisors() -> list[tuple[int, str]]:
    return [(user.id, user.name) for user in queries.list_supervisors()]
