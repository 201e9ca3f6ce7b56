"""The blueprint that the pages about people share, and their words."""

from flask import Blueprint
from flask_babel import gettext as _

from telesales.access.roles import Role
from telesales.agents.rules import device_of

bp = Blueprint("agents", __name__, template_folder="../templates")


def role_label(role: str) -> str:
    """Return a role's name in the reader's language."""
    labels: dict[str, str] = {
        Role.ADMINISTRATOR: _("Administrator"),
        Role.MANAGER: _("Manager"),
        Role.SUPERVISOR: _("Supervisor"),
        Role.REVIEWER: _("Reviewer"),
        Role.AGENT: _("Agent"),
        Role.CLIENT: _("Client"),
        Role.SCREEN: _("Screen"),
    }
    return str(labels.get(role, role))


def device_label(user_agent: str) -> str:
    """Return "Firefox on Windows"."""
    browser, system = device_of(user_agent)
    if browser and system:
        return str(_("%(browser)s on %(system)s", browser=browser, system=system))
    return browser or system or str(_("Unknown device"))


@bp.app_context_processor
def words() -> dict[str, object]:
    """Give every template these words."""
    return {"role_label": role_label, "device_label": device_label}
