"""The demo floor: seeding it, and the links that lead into it."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import select

from telesales.audit.service import Actor, current_actor, set_actor
from telesales.campaigns.models import Campaign
from telesales.centre import service as centre
from telesales.demo import seeding
from telesales.demo.zone import local_zone
from telesales.extensions import db
from telesales.tenancy.scope import every_client
from telesales.whiteboard.models import Screen
from telesales.whiteboard.service import ScreenFacts, create_screen

ACTOR = Actor(None, "demo")
CENTRE_NAME = "Harbour Calls"
MISSION = "Everybody we call is better off for having picked up."
SCREEN_NAME = "Demo wall"


@contextmanager
def acting_as_demo() -> Iterator[None]:
    """What happens inside is written down as done by the demo."""
    before = current_actor()
    set_actor(ACTOR)
    try:
        yield
    finally:
        set_actor(before)


def seed_demo() -> list[Campaign]:
    """Fill the centre with a demo. Seeding again changes nothing. The caller commits."""
    with acting_as_demo(), every_client():
        seed_centre()
        campaigns = seeding.seed_all(seeding.seed_client())
        seed_screen()
        db.session.flush()
        return campaigns


def seed_centre() -> None:
    """Answer the first questions, unless somebody has."""
    if centre.settings().set_up_at is None:
        centre.set_up(
            centre.CentreFacts(
                name=CENTRE_NAME, mission=MISSION, locale="en", time_zone=local_zone(), currency="USD"
            )
        )


def seed_screen() -> Screen:
    """The television of the demo."""
    screen = db.session.scalar(select(Screen).where(Screen.is_demo, Screen.revoked_at.is_(None)))
    if screen is None:
        screen, _token = create_screen(ScreenFacts(name=SCREEN_NAME), is_demo=True)
    return screen
