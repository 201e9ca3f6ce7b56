"""Names of a campaign's fields and of what was changed in them, in the reader's language."""

from typing import Any, NamedTuple

from flask_babel import gettext as _
from flask_babel import pgettext

from telesales.campaigns import wording
from telesales.campaigns.forms import recording
from telesales.campaigns.service.editing import Edit
from telesales.compliance import packs
from telesales.phone import display_number

_FORM_FIELDS = {
    "abandonment_limit_bp": "abandonment_limit",
    "carrier_profile": "profile",
    "false_positives_bp": "false_positives",
    "undetected_machines_bp": "undetected_machines",
    "retry_rules": "retry",
}


class ShownChange(NamedTuple):
    """One field that somebody else changed; texts are empty where a table cannot be said in a word."""

    label: str
    before: str
    after: str


def form_field(name: str) -> str:
    """The name under which a value stands in the form."""
    return _FORM_FIELDS.get(name, name)


def field_label(name: str) -> str:
    """What a field is called."""
    names: dict[str, str] = {
        "name": pgettext("thing", "Name"), "purpose": _("Purpose"), "script_id": _("Script"), "mode": _("Dialing mode"),
        "calling_hours": _("Calling hours"), "ring_seconds": _("Ring time"),
        "wrap_up_seconds": _("Wrap-up time"), "abandonment_limit_bp": _("Abandonment limit"),
        "rule_pack": _("Rules on abandoned calls"), "false_positives_bp": _("People taken for machines"),
        "undetected_machines_bp": _("Machines among abandoned calls"),
        "estimate_method": _("How it was estimated"),
        "abandoned_message": _("Message to abandoned people"), "caller_id": _("Caller ID"),
        "max_lines": _("Lines"), "calls_per_second": _("Calls per second"), "max_attempts": _("Attempts per lead"), "retry_rules": _("Retries"),
        "floor": _("Floor"), "priority": _("Priority"),
        "takes_inbound": _("Takes calls of people who ring us"), "inbound_wait_seconds": _("Longest wait"),
        "inbound_message": _("Message after the longest wait"),
        "daily_goal": _("Daily goal"), "currency": _("Currency"), "carrier": _("Carrier"),
        "recording_policy": _("Which calls are recorded"), "recording_share": _("Share of recorded calls"),
        "recording_announce": _("Who hears that the call is recorded"),
        "recording_announcement": _("Announcement of recording"), "recording_days": _("Recordings are kept for"),
        "recording_heard_by_agents": _("Agents may listen to their own calls"),
        "carrier_profile": _("Simulated people"), "list_ids": _("Lists"), "agent_ids": _("Agents"),
        "team_ids": _("Teams"), "products": _("Products"),
    }  # fmt: skip
    return names[name]


def shown_changes(edit: Edit) -> list[ShownChange]:
    """What an edit changed, for people."""
    return [
        ShownChange(field_label(name), _shown(name, before), _shown(name, after))
        for name, (before, after) in edit.changes.items()
    ]


def _shown(name: str, value: Any) -> str:
    if name == "mode":
        return wording.mode_name(value)
    if name == "carrier":
        return wording.carrier_name(value)
    if name == "caller_id":
        return display_number(value) if value else "–"
    if name == "rule_pack":
        return packs.pack_name(value)
    if name in ("recording_policy", "recording_announce", "recording_heard_by_agents"):
        return recording.choice_name(name, value)
    if name == "takes_inbound":
        return str(_("yes") if value else _("no"))
    if name.endswith("_bp"):
        return f"{value / 100:g} %"
    if isinstance(value, dict | list) or name.endswith("_id"):
        return ""
    return str(value)


def profile_label(name: str) -> str:
    """What a value of the simulated carrier's people is called."""
    names: dict[str, str] = {
        "human": _("A person answers"), "machine": _("Answering machine"), "busy": _("Busy"),
        "invalid": _("Number not in use"), "congestion": _("Network congested"),
        "refuse": _("Refuses"), "listen": _("Listens and declines"),
        "sudden_hang_up": _("Hangs up in the middle"), "refuse_seconds": _("A refusal takes"),
        "listen_seconds": _("Listening takes"), "interested_seconds": _("An interested talk takes"),
        "patience_seconds": _("Waits for an agent"), "speed": _("Times faster than life"),
        "seed": _("Seed of chance"),
        "ring_back": _("Rings us back when missed"), "ring_back_seconds": _("Rings us back after"),
        "hold_seconds": _("Waits when ringing us"),
    }  # fmt: skip
    return names[name]
