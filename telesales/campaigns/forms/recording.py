"""What is recorded: the part of the campaign form."""

from typing import Any

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from telesales.campaigns.forms.numbers import Bounds, TypedError, read_whole
from telesales.campaigns.recording import MOST_DAYS, Announce, RecordingPolicy
from telesales.campaigns.values import CampaignValues

TEXTS = ("recording_policy", "recording_announce", "recording_announcement")
WHOLES = {"recording_share": Bounds(1, 100), "recording_days": Bounds(1, MOST_DAYS)}
HEARD = "recording_heard_by_agents"
Typed = dict[str, str]


def shown_recording(values: CampaignValues) -> Typed:
    """What the fields show."""
    shown = {name: str(getattr(values, name)) for name in (*TEXTS, *WHOLES)}
    return {**shown, HEARD: "yes" if values.recording_heard_by_agents else "no"}


def typed_recording(form: MultiDict[str, str], base: CampaignValues) -> Typed:
    """What was sent; a field that was not shown stays as it was."""
    return {name: form.get(name, kept).strip() for name, kept in shown_recording(base).items()}


def read_recording(typed: Typed, base: CampaignValues) -> tuple[dict[str, Any], dict[str, str]]:
    """The values, and an error for each number that cannot be read; the service looks at the rest."""
    values: dict[str, Any] = {name: typed[name] for name in TEXTS}
    errors: dict[str, str] = {}
    for name, bounds in WHOLES.items():
        try:
            values[name] = read_whole(typed[name], bounds)
        except TypedError as error:
            values[name], errors[name] = getattr(base, name), str(error)
    return {**values, HEARD: typed[HEARD] == "yes"}, errors


def policy_choices() -> list[tuple[str, str, str]]:
    """Which calls, with what it means."""
    return [
        (RecordingPolicy.NEVER, _("Never"), ""),
        (
            RecordingPolicy.SHARE,
            _("A share of the calls"),
            _("Chosen evenly; which ones, nobody can influence."),
        ),
        (RecordingPolicy.ALWAYS, _("Always"), ""),
    ]


def announce_choices() -> list[tuple[str, str, str]]:
    """Who is told, with what it means."""
    return [
        (Announce.EVERYONE, _("Everyone"), _("Right wherever your own centre stands.")),
        (
            Announce.NEEDED,
            _("Only where the law asks for it"),
            _("Where it is not certain that you need not tell them, they are told, or not recorded."),
        ),
    ]


def choice_name(field: str, value: object) -> str:
    """A choice in words, as the form has them."""
    if field == HEARD:
        return str(_("yes") if value else _("no"))
    choices = policy_choices() if field == "recording_policy" else announce_choices()
    return next((name for key, name, _hint in choices if key == value), str(value))
