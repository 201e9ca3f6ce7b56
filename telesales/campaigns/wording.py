"""Sentences about campaigns in the reader's language."""

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from dialer.core.hopper import Result
from dialer.ports import DialingMode
from telesales.campaigns.rules import CheckKey, Finding
from telesales.campaigns.states import CampaignState, Move
from telesales.compliance import packs
from telesales.i18n import number
from telesales.phone import display_number


def state_name(state: str) -> str:
    """A campaign's state in a word."""
    names: dict[str, str] = {
        CampaignState.DRAFT: _("Draft"),
        CampaignState.READY: _("Ready to start"),
        CampaignState.RUNNING: _("Running"),
        CampaignState.PAUSED: _("Paused"),
        CampaignState.FINISHED: _("Finished"),
    }
    return names[state]


STATE_KINDS = {
    CampaignState.DRAFT: "",
    CampaignState.READY: "info",
    CampaignState.RUNNING: "good",
    CampaignState.PAUSED: "warning",
    CampaignState.FINISHED: "",
}


def mode_name(mode: str) -> str:
    """A dialing mode in a word."""
    names: dict[str, str] = {
        DialingMode.MANUAL: _("Manual"),
        DialingMode.PROGRESSIVE: _("Progressive"),
        DialingMode.PREDICTIVE: _("Predictive"),
    }
    return names[mode]


def mode_hint(mode: str) -> str:
    """What a dialing mode does."""
    names: dict[str, str] = {
        DialingMode.MANUAL: _("Agents dial themselves, one lead after another."),
        DialingMode.PROGRESSIVE: _("One call for each agent who is ready. Nobody is ever kept waiting."),
        DialingMode.PREDICTIVE: _(
            "Calls ahead of agents who will be free soon, and stays below the abandonment limit."
        ),
    }
    return names[mode]


def carrier_name(carrier: str) -> str:
    """Who carries the calls."""
    names: dict[str, str] = {"simulated": _("Simulated carrier"), "asterisk": _("Asterisk")}
    return names.get(carrier, carrier)


def carrier_hint(carrier: str) -> str:
    """What a carrier does."""
    names: dict[str, str] = {
        "simulated": _("Nobody is called: made-up people answer. For demos and training."),
        "asterisk": _("Real calls. Agents talk in their browser."),
    }
    return names[carrier] if carrier in names else str(_("This carrier is not set up any more."))


def day_name(day: str) -> str:
    """A day of the week."""
    names: dict[str, str] = {
        "mon": _("Monday"), "tue": _("Tuesday"), "wed": _("Wednesday"), "thu": _("Thursday"),
        "fri": _("Friday"), "sat": _("Saturday"), "sun": _("Sunday"),
    }  # fmt: skip
    return names[day]


def result_name(result: str) -> str:
    """What a call came to that no agent had."""
    names: dict[str, str] = {
        Result.BUSY: _("Busy"),
        Result.NO_ANSWER: _("No answer"),
        Result.MACHINE: _("Answering machine"),
        Result.CONGESTION: _("Network congested"),
        Result.FAILED: _("Failed"),
        Result.ABANDONED: _("Abandoned"),
    }
    return names[result]


def move_name(move: str) -> str:
    """The word on a button."""
    names: dict[str, str] = {
        Move.START: _("Start"),
        Move.PAUSE: _("Pause"),
        Move.RESUME: _("Go on"),
        Move.FINISH: _("Finish"),
    }
    return names[move]


def move_done(move: str, name: str) -> str:
    """What has just happened."""
    names: dict[str, str] = {
        Move.START: _("%(name)s is running. The first calls go out as soon as an agent is ready.", name=name),
        Move.PAUSE: _("%(name)s is paused. Calls in the air go on to their end; no new ones are placed.", name=name),
        Move.RESUME: _("%(name)s is running again.", name=name),
        Move.FINISH: _("%(name)s is finished. Calls in the air go on to their end.", name=name),
    }  # fmt: skip
    return names[move]


def check_label(key: str) -> str:
    """Name of a check on the list."""
    names: dict[str, str] = {
        CheckKey.CLIENT: _("Client"),
        CheckKey.GOAL: _("Purpose and daily goal"),
        CheckKey.SCRIPT: _("Script"),
        CheckKey.LEADS: _("Leads"),
        CheckKey.PEOPLE: _("Agents"),
        CheckKey.HOURS: _("Calling hours"),
        CheckKey.CALLER_ID: _("Caller ID"),
        CheckKey.MESSAGE: _("Message to abandoned people"),
        CheckKey.RING: _("Ring time"),
        CheckKey.LIMIT: _("Abandonment limit"),
        CheckKey.PRODUCTS: _("Products"),
        CheckKey.DEMO: _("Demo"),
    }
    return names[key]


Sentences = Mapping[str, str]


def finding_text(finding: Finding) -> str:
    """Why a check passed, or what is missing, with its numbers."""
    return _TEXTS[CheckKey(finding.key)](finding.values)[finding.code]


def _client(values: Mapping[str, Any]) -> Sentences:
    return {"ok": values["name"], "missing": _("Say for whom these calls are made.")}


def _goal(values: Mapping[str, Any]) -> Sentences:
    return {
        "ok": ngettext(
            "%(num)s sale a day for each agent.", "%(num)s sales a day for each agent.", values.get("goal", 0)
        ),
        "no_purpose": _("Say in a sentence what the campaign is for."),
        "no_goal": _("Say how many sales a day an agent should make."),
    }


def _script(values: Mapping[str, Any]) -> Sentences:
    return {"ok": values["name"], "missing": _("Choose what the agents say.")}


def _leads(values: Mapping[str, Any]) -> Sentences:
    count = int(values.get("leads", 0))
    ready = ngettext(
        "%(count)s lead can be called.", "%(count)s leads can be called.", count, count=number(count)
    )
    return {
        "ok": ready,
        "no_list": _("Choose at least one list, or upload one."),
        "nobody_left": _("Nobody in the lists can be called: all are done, or their time zone is unknown."),
    }


def _people(values: Mapping[str, Any]) -> Sentences:
    return {
        "ok": ngettext("%(num)s agent may work on it.", "%(num)s agents may work on it.", values["people"]),
        "nobody": _("Choose agents or a team."),
    }


def _hours(_values: Mapping[str, Any]) -> Sentences:
    return {
        "ok": _("In the lead's own time zone, within the legal hours."),
        "always": _("Round the clock: only invented people are called here."),
        "none": _("Say on which days and hours people may be called."),
        "illegal": _("The law allows calls from 8 in the morning to 9 in the evening, where the lead is."),
    }


def _caller_id(values: Mapping[str, Any]) -> Sentences:
    shown = display_number(values["number"]) if values["number"] else ""
    return {"ok": shown, "missing": _("Say which number people see and can call back.")}


def _message(values: Mapping[str, Any]) -> Sentences:
    return {
        "ok": _("Names the seller and a number to call back."),
        "not_needed": _("Not needed: in this mode nobody is kept waiting."),
        "missing": _("Predictive calls need a message for people whom no agent can take."),
        "no_seller": _("The message has to name the seller: %(seller)s.", seller=values.get("seller")),
        "no_number": _("The message has to give a number to call back."),
    }


def _ring(values: Mapping[str, Any]) -> Sentences:
    return {
        "ok": _("%(count)s seconds.", count=values["seconds"]),
        "too_short": _("The law asks for %(count)s seconds at least.", count=values["least"]),
    }


def _limit(values: Mapping[str, Any]) -> Sentences:
    return {
        "ok": packs.limit_text(values["pack"], values["limit"]),
        "too_high": packs.limit_error(values["pack"]),
    }


def _products(values: Mapping[str, Any]) -> Sentences:
    return {
        "ok": _("%(count)s in %(currency)s.", count=values["count"], currency=values["currency"]),
        "missing": _("Say what is sold and at which price."),
    }


def _demo(values: Mapping[str, Any]) -> Sentences:
    return {
        "ok": _("Only numbers reserved for fiction, only the simulated carrier."),
        "real_carrier": _("A demo may only use the simulated carrier."),
        "real_numbers": _(
            "%(count)s numbers may belong to real people. A demo calls only numbers reserved for fiction.",
            count=number(values.get("count")),
        ),
    }


_TEXTS: Mapping[CheckKey, Callable[[Mapping[str, Any]], Sentences]] = {
    CheckKey.CLIENT: _client, CheckKey.GOAL: _goal, CheckKey.SCRIPT: _script, CheckKey.LEADS: _leads,
    CheckKey.PEOPLE: _people, CheckKey.HOURS: _hours, CheckKey.CALLER_ID: _caller_id,
    CheckKey.MESSAGE: _message, CheckKey.RING: _ring, CheckKey.LIMIT: _limit,
    CheckKey.PRODUCTS: _products, CheckKey.DEMO: _demo,
}  # fmt: skip
