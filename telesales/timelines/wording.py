"""Moments in the reader's language: a sentence, what is worth knowing beside it, and who did it."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from babel.dates import format_time
from flask_babel import get_locale
from flask_babel import gettext as _

from telesales.calls.wording import disposition_name, result_name
from telesales.commissions.wording import sum_text
from telesales.compliance.wording import scope_name, source_name
from telesales.desk.wording import pause_reason_name
from telesales.dialing.wording import explain
from telesales.i18n import listed, local_datetime, number, zone_of_reader
from telesales.leads.wording import field_name
from telesales.recordings.wording import side_name
from telesales.timelines import call_wording
from telesales.timelines.moments import Moment

Facts = Mapping[str, Any]


def clock_time(at: datetime) -> str:
    """Time of day to the tenth of a second, in the reader's zone and manner."""
    locale: Any = get_locale() or "en"
    pattern = getattr(locale, "time_formats", {}).get("medium")
    wanted = pattern.pattern.replace("ss", "ss.S") if pattern else "HH:mm:ss.S"
    return str(format_time(at.astimezone(zone_of_reader()), wanted, locale=locale))


def day(at: datetime) -> str:
    """The reader's date of a moment, as addresses have it."""
    return at.astimezone(zone_of_reader()).date().isoformat()


def cursor(at: datetime) -> str:
    """A moment as addresses have it."""
    return str(round(at.timestamp() * 1_000_000))


def gap(seconds: float) -> str:
    """How long nothing happened."""
    if seconds < 60:
        text: str = _("%(seconds)s s", seconds=number(seconds, 1))
        return text
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def sentence(moment: Moment) -> str:
    """What happened."""
    texts = {**call_wording.sentences(moment.facts), **_others(moment.facts)}
    return texts.get(moment.kind) or moment.kind.partition(".")[2].replace("_", " ").capitalize()


def _others(facts: Facts) -> dict[str, str]:
    return {
        **_outcomes(facts),
        **_of_lead(facts),
        **_of_day(facts),
        **_of_supervision(facts),
        "recording.paused": _("Recording was paused"),
        "recording.resumed": _("Recording went on"),
        "recording.failed": _("This did not work: the telephone network did not answer"),
        "recording.deleted": _("The recording was deleted: %(side)s", side=side_name(facts.get("side", ""))),
    }


def _outcomes(facts: Facts) -> dict[str, str]:
    word = disposition_name(facts.get("code", ""))
    return {
        "call.disposition": _("Corrected to: %(word)s", word=word)
        if facts.get("is_correction")
        else _("Outcome: %(word)s", word=word),
        "sale.made": _("Sold: %(product)s", product=facts.get("product", "")),
        "sale.cancelled": _("The sale was cancelled: %(product)s", product=facts.get("product", "")),
        "commission.earned": _("It earns commission"),
        "commission.taken_back": _("Commission was taken back"),
        "callback.promised": _("A call-back was agreed"),
        "lead.note": _("A note was written"),
        "do_not_call.added": _("Put on the do-not-call list"),
        "do_not_call.removed": _("Taken off the do-not-call list"),
    }


def _of_lead(facts: Facts) -> dict[str, str]:
    word = disposition_name(facts["code"]) if facts.get("code") else result_name(facts.get("result", ""))
    return {
        "lead.called": _("Called: %(word)s", word=word),
        "lead.imported": _("Came with a file into the list %(name)s", name=facts.get("list", "")),
        "lead.added": _("Added by hand"),
        "lead.changed": _("Changed"),
        "lead.reopened": _("May be called again"),
    }


def _of_day(facts: Facts) -> dict[str, str]:
    is_sign_on = facts.get("previous") == "offline"
    return {
        "day.ready": _("Ready"),
        "day.reserved": _("A call is on the way"),
        "day.on_call": _("In conversation"),
        "day.wrap_up": _("Writes up"),
        "day.paused": _("Signed on") if is_sign_on else _("Paused"),
        "day.offline": _("Signed off"),
        "agent.sent_on_pause": _("Ordered: a pause"),
        "agent.sent_off": _("Ordered: sign off"),
        "agent.moved": _("Ordered: another campaign, %(name)s", name=facts.get("to_name", "")),
        "agent.order_taken_back": _("The order was taken back"),
    }


def _of_supervision(facts: Facts) -> dict[str, str]:
    began = {"listen": _("Listens"), "whisper": _("Whispers to the agent"), "barge": _("Joins in")}
    ended = {
        "call_over": _("Listening ended with the call"),
        "line_lost": _("Listening ended: the line was lost"),
        "carrier_away": _("Listening ended: the telephone network did not answer"),
    }
    return {
        "supervision.began": began.get(facts.get("mode", ""), ""),
        "supervision.ended": ended.get(facts.get("why", ""), "") or _("Listens no longer"),
    }


def detail(moment: Moment) -> str:
    """What is worth knowing beside it; empty when there is nothing."""
    tell = DETAILS.get(moment.kind)
    return tell(moment.facts) if tell else call_wording.detail(moment.kind, moment.facts)


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


def _money(facts: Facts) -> str:
    return sum_text(facts["minor"], facts["currency"])


def _promise(facts: Facts) -> str:
    return _joined(local_datetime(facts["for"]), facts.get("note", ""))


def _pause(facts: Facts) -> str:
    reason = pause_reason_name(facts["reason"]) if facts.get("reason") else ""
    by = _("by %(name)s", name=facts["by_name"]) if facts.get("by_name") else ""
    campaign = facts.get("campaign", "") if facts.get("previous") == "offline" else ""
    return _joined(reason, by, campaign)


def _order(facts: Facts) -> str:
    reason = pause_reason_name(facts["reason"]) if facts.get("reason") else ""
    return _joined(reason, facts.get("note", ""), _("at once") if facts.get("now") else "")


def _with_lead(facts: Facts) -> str:
    return str(facts.get("lead", ""))


def _written_up(facts: Facts) -> str:
    return _joined(facts.get("lead", ""), disposition_name(facts["code"]) if facts.get("code") else "")


def _called(facts: Facts) -> str:
    talk = _("talked %(time)s", time=gap(facts["talk"])) if facts.get("talk") else ""
    return _joined(talk, facts.get("note", ""))


DETAILS: Mapping[str, Callable[[Facts], str]] = {
    "call.reserved": lambda facts: explain(facts["calls"], facts["reason"], facts.get("estimates", {})),
    "call.disposition": lambda facts: facts["note"],
    "call.message_played": lambda facts: str(facts.get("file") or facts.get("message", "")),
    "sale.made": _money,
    "sale.cancelled": lambda facts: facts["reason"],
    "commission.earned": _money,
    "commission.taken_back": _money,
    "callback.promised": _promise,
    "lead.note": lambda facts: facts["text"],
    "lead.called": _called,
    "lead.changed": lambda facts: listed(map(field_name, facts.get("fields", ()))),
    "do_not_call.added": lambda facts: _joined(scope_name(facts["scope"]), source_name(facts["source"])),
    "do_not_call.removed": lambda facts: _joined(scope_name(facts["scope"]), facts["reason"]),
    "day.paused": _pause,
    "day.offline": _pause,
    "day.reserved": _with_lead,
    "day.on_call": _with_lead,
    "day.wrap_up": _written_up,
    "agent.paused": _pause,
    "agent.offline": _pause,
    "agent.sent_on_pause": _order,
    "agent.sent_off": _order,
    "agent.moved": _order,
    "recording.paused": lambda facts: call_wording.at_most(facts["seconds"]),
    "recording.deleted": lambda facts: facts["reason"],
}


def doer(moment: Moment) -> str:
    """Who did it: a person, else the part of the machine that did."""
    if moment.name:
        return moment.name
    text: str = _("Telephone network") if moment.kind in call_wording.OF_NETWORK else _("Dialer")
    return text
