"""With whom a campaign shares its agents: the part of the campaign form."""

from typing import Any

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from telesales.campaigns.forms.numbers import Bounds, TypedError, read_whole
from telesales.campaigns.models import HIGHEST, LOWEST
from telesales.campaigns.values import CampaignValues

NEW = "+"  # no name begins with it
LONGEST = 80
PRIORITY = Bounds(HIGHEST, LOWEST)
Typed = dict[str, str]


def shown_floor(values: CampaignValues) -> Typed:
    """What the fields show."""
    return {"floor": values.floor, "new_floor": "", "priority": str(values.priority)}


def typed_floor(form: MultiDict[str, str], base: CampaignValues) -> Typed:
    """What was sent; a field that was not shown stays as it was."""
    return {name: form.get(name, kept).strip() for name, kept in shown_floor(base).items()}


def read_floor(typed: Typed, base: CampaignValues) -> tuple[dict[str, Any], dict[str, str]]:
    """The values, and an error for each field that cannot be read."""
    values: dict[str, Any] = {"floor": typed["floor"], "priority": base.priority}
    errors: dict[str, str] = {}
    if typed["floor"] == NEW:
        values["floor"] = " ".join(typed["new_floor"].split())
        if not values["floor"] or values["floor"].startswith(NEW):
            errors["new_floor"] = _("Give the new floor a name.")
        elif len(values["floor"]) > LONGEST:
            errors["new_floor"] = _("At most %(count)s characters.", count=LONGEST)
    elif typed["new_floor"]:
        errors["new_floor"] = _("Choose “A new floor” to use this name, or empty the field.")
    try:
        values["priority"] = read_whole(typed["priority"], PRIORITY)
    except TypedError as error:
        errors["priority"] = str(error)
    return values, errors


def floor_choices(names: list[str], chosen: str) -> list[tuple[str, str]]:
    """Its own floor, those that are shared already, a new one."""
    known = dict.fromkeys([*names, *([chosen] if chosen not in ("", NEW) else [])])
    return [("", _("Its own")), *((name, name) for name in known), (NEW, _("A new floor"))]
