"""Doors of the demo: one browser tries the product as each of its people."""

from flask import current_app, flash, redirect
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from telesales.access.guard import current_user, find_current_user, requires
from telesales.access.roles import PEOPLE, Role
from telesales.agents import queries, sessions
from telesales.agents.views.blueprint import bp, role_label
from telesales.errors import ForbiddenError
from telesales.extensions import transaction

DEMO_ROLES = (Role.AGENT, Role.SUPERVISOR, Role.MANAGER, Role.REVIEWER, Role.CLIENT)


@bp.post("/demo/be/<role>")
@requires(*PEOPLE)
def be_demo_person(role: str) -> ResponseReturnValue:
    """Sign this browser in as the demo's person of another role."""
    target = queries.find_demo_person(Role(role)) if role in DEMO_ROLES else None
    if target is None or not _is_demo_visitor():
        raise ForbiddenError
    with transaction():
        sessions.start_session(target, by="link")
    flash(_("You are %(name)s now (%(role)s).", name=target.name, role=role_label(role)), "info")
    return redirect("/", 303)


def _is_demo_visitor() -> bool:
    return bool(current_app.config["TELESALES"].demo) and bool(current_user().is_demo)


@bp.app_template_global("demo_doors")
def demo_doors() -> list[tuple[str, str]]:
    """Return (role, label) of the doors that the signed-in demo person sees."""
    if find_current_user() is None or not _is_demo_visitor():
        return []
    others = queries.demo_roles() - {current_user().role}
    return [(role, role_label(role)) for role in DEMO_ROLES if role in others]
