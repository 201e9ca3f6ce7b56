"""People who ring the number that a campaign shows: the part of the campaign form."""

from typing import Any

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from telesales.campaigns.forms.numbers import Bounds, TypedError, read_whole
from telesales.campaigns.values import CampaignValues

LONGEST = 500
WAIT = Bounds(5, 1_800)
Typed = dict[str, str]


def shown_inbound(values: CampaignValues) -> Typed:
    """What the fields show."""
    return {
        "takes_inbound": "yes" if values.takes_inbound else "no",
        "inbound_wait_seconds": str(values.inbound_wait_seconds),
        "inbound_message": values.inbound_message,
    }


def typed_inbound(form: MultiDict[str, str], base: CampaignValues) -> Typed:
    """What was sent; a field that was not shown stays as it was."""
    return {name: form.get(name, kept).strip() for name, kept in shown_inbound(base).items()}


def read_inbound(typed: Typed, base: CampaignValues) -> tuple[dict[str, Any], dict[str, str]]:
    """The values, and an error for each field that cannot be read."""
    values: dict[str, Any] = {
        "takes_inbound": typed["takes_inbound"] == "yes",
        "inbound_wait_seconds": base.inbound_wait_seconds,
        "inbound_message": typed["inbound_message"],
    }
    errors: dict[str, str] = {}
    if typed["takes_inbound"] not in ("yes", "no"):
        errors["takes_inbound"] = _("Choose yes or no.")
    try:
        values["inbound_wait_seconds"] = read_whole(typed["inbound_wait_seconds"], WAIT)
    except TypedError as error:
        errors["inbound_wait_seconds"] = str(error)
    if len(typed["inbound_message"]) > LONGEST:
        errors["inbound_message"] = _("At most %(count)s characters.", count=LONGEST)
    return values, errors


def inbound_choices() -> list[tuple[str, str, str]]:
    """Yes or no, with what it means."""
    return [
        (
            "yes",
            _("Agents of this campaign answer"),
            _("They wait with music, behind the people whom we ring."),
        ),
        ("no", _("Nobody here answers"), _("Somebody else has to answer the number: the law wants it.")),
    ]
