"""How a person gets in: links, waiting, signed-in browsers, deactivation."""

from collections.abc import Callable

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from telesales.access.guard import current_user, requires
from telesales.access.roles import MANAGERS
from telesales.agents.models import User
from telesales.agents.service import people
from telesales.agents.service import sessions as session_service
from telesales.agents.views.account import find_session_of
from telesales.agents.views.blueprint import bp
from telesales.agents.views.people import find_person, link_page
from telesales.extensions import transaction


@bp.post("/people/<int:user_id>/link")
@requires(*MANAGERS)
def create_link(user_id: int) -> ResponseReturnValue:
    """Make a sign-in link and show it this once."""
    user = find_person(user_id)
    with transaction():
        token = people.invite(user, by=current_user())
    return link_page(user, token, is_new=False)


@bp.post("/people/<int:user_id>/deactivate")
@requires(*MANAGERS)
def deactivate_person(user_id: int) -> ResponseReturnValue:
    """Let nobody sign in as this person any more."""
    return _do(user_id, people.deactivate_person, _("%(name)s cannot sign in any more."))


@bp.post("/people/<int:user_id>/reactivate")
@requires(*MANAGERS)
def reactivate_person(user_id: int) -> ResponseReturnValue:
    """Let them sign in again."""
    return _do(user_id, people.reactivate_person, _("%(name)s can sign in again."))


@bp.post("/people/<int:user_id>/unlock")
@requires(*MANAGERS)
def unlock_person(user_id: int) -> ResponseReturnValue:
    """End the waiting after wrong passwords."""
    return _do(user_id, people.unlock_person, _("%(name)s can try again."))


@bp.post("/people/<int:user_id>/sessions/revoke")
@requires(*MANAGERS)
def revoke_sessions(user_id: int) -> ResponseReturnValue:
    """Sign all of their browsers out."""
    return _do(user_id, people.sign_out_everywhere, _("%(name)s is signed out everywhere."))


@bp.post("/people/<int:user_id>/sessions/<int:session_id>/revoke")
@requires(*MANAGERS)
def revoke_session(user_id: int, session_id: int) -> ResponseReturnValue:
    """Sign one of their browsers out."""

    def revoke(user: User, *, by: User) -> None:
        people.check_may_manage(user, by)
        session_service.revoke_session(find_session_of(user, session_id))

    return _do(user_id, revoke, _("That browser is signed out."))


def _do(user_id: int, verb: Callable[..., None], says: str) -> ResponseReturnValue:
    user = find_person(user_id)
    with transaction():
        verb(user, by=current_user())
    flash(says % {"name": user.name}, "good")
    return redirect(url_for("agents.edit_person", user_id=user_id), 303)
