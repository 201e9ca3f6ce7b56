"""What a database needs before its first page: scripts, and somebody who may sign in."""

from dataclasses import dataclass

from sqlalchemy import select

from telesales.access.roles import Role
from telesales.agents.models import User
from telesales.agents.service.links import create_sign_in_link
from telesales.agents.service.people import PersonFacts, add_person
from telesales.config import Settings
from telesales.demo import doors
from telesales.demo import service as demo
from telesales.extensions import db, transaction
from telesales.scripting import service as scripting
from telesales.tenancy.scope import every_client

LINK_MINUTES = 60
FIRST_ADMINISTRATOR = "administrator@localhost"


@dataclass(frozen=True, slots=True)
class Link:
    """Something to click on."""

    label: str
    path: str


def prepare(settings: Settings) -> list[Link]:
    """Load what is shipped; make the demo or the first administrator; return the links to print."""
    with transaction(), every_client():
        scripting.load_library()
        if settings.demo:
            demo.seed_demo()
        elif db.session.scalar(select(User.id).where(User.role == Role.ADMINISTRATOR)) is None:
            add_person(PersonFacts(name="Administrator", email=FIRST_ADMINISTRATOR, role=Role.ADMINISTRATOR))
    with transaction(), every_client():
        return [Link(*door) for door in doors.links()] if settings.demo else administrator_links()


def administrator_links() -> list[Link]:
    """Return a way in for the first administrator while nobody has a password."""
    if db.session.scalar(select(User.id).where(User.password_hash != "")) is not None:
        return []
    user = db.session.scalars(select(User).where(User.role == Role.ADMINISTRATOR).order_by(User.id)).first()
    if user is None:
        return []
    return [Link("First administrator", f"/sign-in/{create_sign_in_link(user, minutes=LINK_MINUTES)}")]
