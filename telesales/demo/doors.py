"""The links that `make run` prints: one for each person of the demo, and the whiteboard's."""

import hashlib
import hmac
from typing import NamedTuple

from flask import current_app
from flask_babel import gettext as _

from telesales.access.roles import Role
from telesales.agents.queries import find_demo_person
from telesales.agents.service.links import create_sign_in_link
from telesales.demo import service
from telesales.whiteboard.models import Screen
from telesales.whiteboard.service import hash_of

LINK_MINUTES = 60
ROLES = (Role.AGENT, Role.MANAGER, Role.SUPERVISOR, Role.REVIEWER, Role.CLIENT, Role.ADMINISTRATOR)


class Door(NamedTuple):
    """Something to click on."""

    label: str
    path: str


def links() -> list[Door]:
    """Fresh sign-in links, single use, and the link of the television. The caller commits."""
    with service.acting_as_demo():
        found = [_sign_in(role) for role in ROLES]
        screen = service.seed_screen()
        address = current_app.url_map.bind("").build("whiteboard.show_screen", {"token": _lasting(screen)})
        return [*(door for door in found if door), Door(_("Whiteboard"), address)]


def _sign_in(role: Role) -> Door | None:
    person = find_demo_person(role)
    if person is None:
        return None
    label = f"{_role_name(role)} ({person.name})"
    return Door(label, f"/sign-in/{create_sign_in_link(person, minutes=LINK_MINUTES)}")


def _role_name(role: Role) -> str:
    names: dict[Role, str] = {
        Role.AGENT: _("Agent"), Role.MANAGER: _("Manager"), Role.SUPERVISOR: _("Supervisor"),
        Role.REVIEWER: _("Reviewer"), Role.CLIENT: _("Client"), Role.ADMINISTRATOR: _("Administrator"),
    }  # fmt: skip
    return names[role]


def _lasting(screen: Screen) -> str:
    """The same link at every start, so that a television that is on stays on. It comes from this centre's secret."""
    secret = str(current_app.config["SECRET_KEY"]).encode()
    token = hmac.new(secret, f"demo screen {screen.id}".encode(), hashlib.sha256).hexdigest()[:32]
    if screen.token_hash != hash_of(token):
        screen.token_hash = hash_of(token)
    return token
