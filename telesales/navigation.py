"""The menu, by role, and what every template may ask for."""

from typing import Any, NamedTuple

from flask import Flask, current_app, g, request
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup

from telesales import i18n, push_links
from telesales.access.roles import LEADERS, MANAGERS, PEOPLE, STAFF, Role


class NavItem(NamedTuple):
    """One entry of the menu."""

    endpoint: str
    label: str
    roles: tuple[Role, ...]


def menu() -> list[NavItem]:
    """Entries in their order; labels in the reader's language."""
    return [
        NavItem("desk.show_desk", _("Desk"), (Role.AGENT,)),
        NavItem("dialing.list_floors", _("Floor"), LEADERS),
        NavItem("campaigns.list_campaigns", _("Campaigns"), LEADERS),
        NavItem("leads.list_lists", _("Lists"), LEADERS),
        NavItem("compliance.list_entries", _("Do not call"), LEADERS),
        NavItem("scripting.list_scripts", _("Scripts"), (*LEADERS, Role.REVIEWER)),
        NavItem("calls.list_sales", _("Sales"), STAFF),
        NavItem("recordings.list_recordings", _("Recordings"), STAFF),
        NavItem("standings.show_leaderboard", _("Standings"), STAFF),
        NavItem("commissions.list_ledger", _("Commission"), (*LEADERS, Role.AGENT)),
        NavItem("whiteboard.list_screens", _("Screens"), LEADERS),
        NavItem("agents.list_people", _("People"), MANAGERS),
        NavItem("audit.list_entries", _("Audit"), MANAGERS),
        NavItem("centre.edit_settings", _("Settings"), MANAGERS),
    ]


def nav_items() -> list[NavItem]:
    """Entries that the signed-in person may use and that exist."""
    user = g.get("user")
    if user is None:
        return []
    return [
        item for item in menu() if user.role in item.roles and item.endpoint in current_app.view_functions
    ]


def csrf_field() -> Markup:
    """Hidden field for forms."""
    return Markup('<input type="hidden" name="csrf_token" value="{}">').format(generate_csrf())


def init_app(app: Flask) -> None:
    """Give templates their common words."""

    @app.context_processor
    def common() -> dict[str, Any]:
        return {
            "nav_items": nav_items,
            "csrf_field": csrf_field,
            "person": lambda: g.get("user"),
            "centre": lambda: g.get("centre") or {},
            "html_lang": lambda: "zh-Hans" if str(get_locale()) == "zh" else "en",
            "locales": i18n.LOCALES,
            "locale": str(get_locale() or "en"),
            "push": push_links,
            "demo_mode": current_app.config["TELESALES"].demo,
            "is_current": lambda endpoint: (request.endpoint or "").split(".")[0] == endpoint.split(".")[0],
            "people_roles": PEOPLE,
        }
