"""The doors of the first page: which rooms there are, and what to do next."""

from typing import NamedTuple

from flask import current_app
from flask_babel import gettext as _

from telesales.access.roles import LEADERS, MANAGERS, PEOPLE, STAFF, Role
from telesales.centre.signals import calls_asked


class Door(NamedTuple):
    """A way into a room."""

    endpoint: str
    label: str
    says: str
    icon: str
    roles: tuple[Role, ...]


class Step(NamedTuple):
    """Something to do before a floor can run."""

    endpoint: str
    label: str
    note: str
    roles: tuple[Role, ...]


def doors_for(role: Role) -> list[Door]:
    """Return the doors that this role can open, of those that are built."""
    return [door for door in _doors() if role in door.roles and _is_built(door.endpoint)]


def next_steps_for(role: Role) -> list[Step]:
    """Return the way to the first call, for those who prepare it; after that call nobody needs it."""
    if any(answer for _receiver, answer in calls_asked.send()):
        return []
    return [step for step in _steps() if role in step.roles and _is_built(step.endpoint)]


def _is_built(endpoint: str) -> bool:
    return endpoint in current_app.view_functions


def _doors() -> list[Door]:
    return [
        Door("dialing.list_floors", _("Floor"), _("Who talks, who waits, and what the dialer decides."), "phone", LEADERS),
        Door("campaigns.list_campaigns", _("Campaigns"), _("Goals, leads, scripts, hours: prepare, start and pause."), "play", LEADERS),
        Door("leads.list_lists", _("Lists"), _("Upload leads and see what became of each row."), "upload", LEADERS),
        Door("scripting.list_scripts", _("Scripts"), _("What is said, step by step."), "book", (*LEADERS, Role.REVIEWER)),
        Door("recordings.list_recordings", _("Recordings"), _("Hear calls again; every listening is written down."), "ear", STAFF),
        Door("standings.show_leaderboard", _("Standings"), _("Today's ranking, awards and most improved."), "trophy", STAFF),
        Door("whiteboard.list_screens", _("Whiteboard"), _("The television on the wall: open it or hang up another."), "screen", LEADERS),
        Door("agents.list_people", _("People"), _("Who works here, and their sign-in links."), "people", MANAGERS),
        Door("home.read_how_it_works", _("How it works"), _("From a lead file to the whiteboard, in two minutes."), "question", PEOPLE),
    ]  # fmt: skip


def _steps() -> list[Step]:
    return [
        Step("leads.list_lists", _("Upload a lead list"), _("A CSV or Excel file with telephone numbers."), LEADERS),
        Step("scripting.list_scripts", _("Choose a script"), _("Four are shipped; choose the one that fits."), LEADERS),
        Step("agents.list_people", _("Invite your agents"), _("Each gets a sign-in link that works once."), MANAGERS),
        Step("campaigns.list_campaigns", _("Make a campaign and start it"), _("The page lists what is still missing."), LEADERS),
        Step("whiteboard.list_screens", _("Hang up the whiteboard"), _("Open its link on a television; nobody signs in there."), LEADERS),
    ]  # fmt: skip
