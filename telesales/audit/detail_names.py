"""Names of what stands beside a change, in the reader's language."""

from flask_babel import gettext as _
from flask_babel import pgettext

from telesales.audit.wording import Words


def detail_names() -> Words:
    """Words for every name under which details are kept; others are shown as they are."""
    return {
        **_of_people(),
        **_of_calls(),
        **_of_leads(),
        **_of_campaigns(),
        **_of_dialing(),
        **_of_settings(),
    }


def _of_people() -> Words:
    return {
        "name": pgettext("thing", "Name"), "latin_name": _("Name in Latin letters"), "email": _("E-mail"),
        "role": _("Role"), "team_id": _("Team"), "client_id": _("Client"), "locale": _("Language"),
        "time_zone": _("Time zone"), "hired_on": _("Hired on"), "theme": _("Colours"),
        "letter_keys": _("Single keys"), "by": _("How"), "address": _("Address"), "minutes": _("Minutes"),
        "until": _("Until"), "session_id": _("Sign-in"), "sessions": _("Devices"),
        "supervisor_id": _("Supervisor"), "joined": _("Came in"), "left": _("Went out"),
    }  # fmt: skip


def _of_calls() -> Words:
    return {
        "code": _("Outcome"), "lead_id": _("Lead"), "agent_id": _("Agent"), "attempt_id": pgettext("thing", "Call"),
        "call": pgettext("thing", "Call"), "amount": _("Amount"), "currency": _("Currency"), "reason": _("Reason"),
        "note": _("Note"), "number": _("Number"), "count": _("How many"), "verb": _("Asked for"), "why": _("Why not"),
        "version_id": _("Script"), "campaign_id": _("Campaign"), "moved_by": _("Moved by"), "to": _("To"),
        "to_name": _("To"), "now": _("at once"), "mode": _("Mode"), "session": _("Page"), "side": _("Whose voice"),
    }  # fmt: skip


def _of_leads() -> Words:
    return {
        "list": _("List"), "rows": _("Rows"), "counts": _("What became of them"), "file": _("File"),
        "bytes": _("Bytes"), "mapping": _("Columns"), "rows_done": _("Rows done"), "region": _("Country"),
        "source": _("Source"), "before": _("Before"), "after": _("After"), "fields": _("Fields"),
        "done_reason": _("Was done because"), "reach": _("Reaches"), "scope": _("Reaches"),
    }  # fmt: skip


def _of_campaigns() -> Words:
    return {
        "campaign": _("Campaign"), "version": _("Version"), "purpose": _("Purpose"), "script_id": _("Script"),
        "daily_goal": _("Daily goal"), "carrier": _("Carrier"), "carrier_profile": _("Simulated people"),
        "list_ids": _("Lists"), "agent_ids": _("Agents"), "team_ids": _("Teams"), "products": _("Products"),
        "recording_policy": _("Which calls are recorded"), "recording_share": _("Share of recorded calls"),
        "recording_announce": _("Who hears that the call is recorded"),
        "recording_announcement": _("Announcement of recording"), "recording_days": _("Recordings are kept for"),
        "recording_heard_by_agents": _("Agents may listen to their own calls"),
        "kind": _("Kind"), "seconds": _("Seconds"), "sha256": _("Fingerprint"),
        "question": _("Question"), "done": _("Done"),
    }  # fmt: skip


def _of_dialing() -> Words:
    return {
        "calling_hours": _("Calling hours"), "ring_seconds": _("Ring time"), "wrap_up_seconds": _("Wrap-up time"),
        "abandonment_limit_bp": _("Abandonment limit"), "rule_pack": _("Rules on abandoned calls"),
        "false_positives_bp": _("People taken for machines"),
        "undetected_machines_bp": _("Machines among abandoned calls"),
        "estimate_method": _("How it was estimated"), "abandoned_message": _("Message to abandoned people"),
        "caller_id": _("Caller ID"), "max_lines": _("Lines"), "calls_per_second": _("Calls per second"),
        "max_attempts": _("Attempts per lead"), "retry_rules": _("Retries"), "floor": _("Floor"),
        "priority": _("Priority"), "takes_inbound": _("Takes calls of people who ring us"),
        "inbound_wait_seconds": _("Longest wait"), "inbound_message": _("Message after the longest wait"),
    }  # fmt: skip


def _of_settings() -> Words:
    return {
        "mission": _("Mission"), "shows_listeners": _("Desks say who listens"), "is_demo": _("For practice"),
        "campaign_ids": _("Campaigns"), "day": _("Day"), "day_from": _("From"), "day_to": _("To"),
    }  # fmt: skip
