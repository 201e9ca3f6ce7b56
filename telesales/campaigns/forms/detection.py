"""Whether a campaign finds out if a person or a machine picked up, and leaves a message on machines; off unless wanted."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flask import current_app
from flask_babel import gettext as _

from dialer.carriers.asterisk.message_book import has_message
from dialer.carriers.asterisk.messages import voicemail_files
from dialer.carriers.asterisk.settings import TelephonySettingsError
from dialer.carriers.asterisk.settings_file import read_telephony
from telesales.campaigns.forms.numbers import TypedError
from telesales.extensions import redis_client

OFF, ON, MESSAGE = "off", "on", "message"
KEY, MESSAGE_KEY = (
    "detection",
    "voicemail",
)  # in the carrier profile; see `dialer.carriers.asterisk.detection`


def shown_detection(profile: Mapping[str, Any]) -> str:
    """What is chosen."""
    if not profile.get(KEY):
        return OFF
    return MESSAGE if profile.get(MESSAGE_KEY) else ON


def can_leave(campaign_id: int) -> bool:
    """There is a message that can be left on machines."""
    named = current_app.config["TELESALES"].telephony_file
    try:
        folder = read_telephony(Path(named)).sounds_folder if named else ""
    except (OSError, TelephonySettingsError):  # the operator's to repair; the doctor says what
        return False
    return has_message(redis_client(), folder, voicemail_files(campaign_id))


def with_detection(profile: Mapping[str, Any], chosen: str, *, can_leave: bool) -> dict[str, Any]:
    """The profile with what was chosen; a form that does not ask keeps it, and so do arguments set by hand."""
    changed = dict(profile)
    if chosen == MESSAGE and not can_leave:
        raise TypedError(_("There is no message to leave: upload one for machines under “Messages” first."))
    if chosen in (OFF, ON, MESSAGE):
        changed.pop(MESSAGE_KEY, None)
    if chosen == OFF:
        changed.pop(KEY, None)
    elif chosen in (ON, MESSAGE):
        changed[KEY] = changed.get(KEY) or True
        changed |= {MESSAGE_KEY: True} if chosen == MESSAGE else {}
    elif chosen:
        raise TypedError(_("Choose whether machines are detected."))
    return changed
