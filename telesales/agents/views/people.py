"""The people who work here."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from telesales.access.guard import current_user, requires
from telesales.access.roles import MANAGERS, Role
from telesales.agents import queries
from telesales.agents.addresses import link_address
from telesales.agents.forms import PersonForm, whole_number
from telesales.agents.models import User
from telesales.agents.queries import PeopleFilter
from telesales.agents.rules import manageable_roles, may_manage
from telesales.agents.service import failures, people
from telesales.agents.service import sessions as session_service
from telesales.agents.views.blueprint import bp, role_label
from telesales.centre.forms import is_kept
from telesales.centre.zones import zone_choices
from telesales.extensions import db
from telesales.i18n import LOCALES

PEOPLE_A_PAGE = 50
ACTIVE = {"": True, "no": False, "all": None}


@bp.get("/people")
@requires(*MANAGERS)
def list_people() -> ResponseReturnValue:
    """Show who works here."""
    wanted = PeopleFilter(
        text=request.args.get("text", "").strip(),
        role=request.args.get("role", ""),
        team_id=whole_number(request.args.get("team_id")),
        is_active=ACTIVE.get(request.args.get("active", ""), True),
        client_id=current_user().client_id,
    )
    pages = db.paginate(
        queries.people(wanted), per_page=PEOPLE_A_PAGE, max_per_page=PEOPLE_A_PAGE, error_out=False
    )
    return render_template(
        "agents/list_people.html",
        pages=pages,
        team_choices=_team_choices(),
        clients=queries.client_names(),
        roles=[(role, role_label(role)) for role in Role if role is not Role.SCREEN],
        locked=failures.locked_among([user.email for user in pages.items]),
    )


@bp.get("/people/new")
@requires(*MANAGERS)
def show_new_person() -> ResponseReturnValue:
    """Ask about a new person."""
    return _form_page("agents/add_person.html", PersonForm(client_id=str(current_user().client_id or "")))


@bp.post("/people/new")
@requires(*MANAGERS)
def add_person() -> ResponseReturnValue:
    """Add them and show their first sign-in link."""
    form, me = PersonForm.read(request.form), current_user()
    made: list[tuple[User, str]] = []

    def add() -> None:
        user = people.add_person(form.facts(), by=me)
        made.append((user, people.invite(user, by=me)))

    if not is_kept(form, add):
        return _form_page("agents/add_person.html", form), 422
    return link_page(*made[0], is_new=True)


@bp.get("/people/<int:user_id>")
@requires(*MANAGERS)
def edit_person(user_id: int) -> ResponseReturnValue:
    """Show one person."""
    user = find_person(user_id)
    return _person_page(user, PersonForm.showing(user))


@bp.post("/people/<int:user_id>")
@requires(*MANAGERS)
def change_person(user_id: int) -> ResponseReturnValue:
    """Keep what is known of them."""
    user, me, form = find_person(user_id), current_user(), PersonForm.read(request.form)
    if not is_kept(form, lambda: people.edit_person(user, form.facts(), by=me)):
        return _person_page(user, form), 422
    flash(_("Saved."), "good")
    return redirect(url_for("agents.edit_person", user_id=user_id), 303)


def find_person(user_id: int) -> User:
    """Return a person whom the signed-in one may see here."""
    user, me = people.get_person(user_id), current_user()
    people.check_may_see(user, me)
    return user


def link_page(user: User, token: str, *, is_new: bool) -> str:
    """Show a new sign-in link, this once."""
    return render_template("agents/show_new_link.html", user=user, link=link_address(token), is_new=is_new)


def _person_page(user: User, form: PersonForm) -> str:
    return _form_page(
        "agents/edit_person.html",
        form,
        user=user,
        locked_until=failures.locked_until(user.email),
        sessions=session_service.list_sessions(user.id),
        may_edit=may_manage(Role(current_user().role), Role(user.role)),
    )


def _form_page(template: str, form: PersonForm, **more: object) -> str:
    me = current_user()
    roles = manageable_roles(Role(me.role))
    clients = queries.client_names()
    if me.client_id is not None:
        clients = {me.client_id: clients[me.client_id]}
    return render_template(
        template,
        form=form,
        roles=[(role, role_label(role)) for role in (roles if form.role in roles else Role)],
        teams=_team_choices(),
        clients=list(clients.items()),
        languages=list(LOCALES.items()),
        zones=zone_choices(),
        **more,
    )


def _team_choices() -> list[tuple[int, str]]:
    return [(team.id, team.name) for team in queries.list_teams()]
