"""Whether a campaign finds out if a person or a machine picked up; off unless somebody wants it."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

from telesales.campaigns.forms.numbers import TypedError

OFF, ON = "off", "on"
KEY = "detection"  # in the carrier profile; see `dialer.carriers.asterisk.detection`


def shown_detection(profile: Mapping[str, Any]) -> str:
    """What is chosen."""
    return ON if profile.get(KEY) else OFF


def with_detection(profile: Mapping[str, Any], chosen: str) -> dict[str, Any]:
    """The profile with what was chosen; a form that does not ask keeps it, and so do arguments set by hand."""
    changed = dict(profile)
    if chosen == OFF:
        changed.pop(KEY, None)
    elif chosen == ON:
        changed[KEY] = changed.get(KEY) or True
    elif chosen:
        raise TypedError(_("Choose whether machines are detected."))
    return changed
