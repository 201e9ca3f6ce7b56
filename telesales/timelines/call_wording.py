"""What happens to a call, in the reader's language."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

from telesales.calls.wording import result_name
from telesales.dialing.wording import check_name
from telesales.i18n import number
from telesales.phone import display_number

Facts = Mapping[str, Any]
OF_NETWORK = frozenset(
    {"call.ringing", "call.dialed", "call.answered", "call.ended", "call.came_in", "call.opted_out"}
)


def sentences(facts: Facts) -> dict[str, str]:
    """What happened, by kind."""
    return {**_of_dialing(facts), **_of_talk(facts), **_of_telephone(facts)}


def _of_dialing(facts: Facts) -> dict[str, str]:
    rule = check_name(facts.get("rule") or facts.get("reason", ""))
    return {
        "call.reserved": _("The lead was reserved"),
        "call.by_hand": _("Chosen to be dialed by hand"),
        "call.came_in": _("Somebody rings us"),
        "call.checked": _("Every rule was looked at again"),
        "call.placed": _("The network was asked to dial"),
        "call.dialed": _("The network dials"),
        "call.let_go": _("Let go: nobody could have taken it"),
        "call.missed": _("Nobody took it in time"),
        "call.refused": _("A rule forbade the call: %(rule)s", rule=rule),
        "call.ringing": _("It rings"),
        "call.answered": _("A machine answered")
        if facts.get("answer") == "machine"
        else _("A person answered"),
        "call.connected": _("Callee and agent hear each other"),
        "call.abandoned": _("No agent within two seconds: the message begins"),
        "call.message_played": _("The message was heard to its end"),
        "call.ended": _("The call ended: %(result)s", result=result_name(facts.get("result", ""))),
        "call.settled": _("Counted, and the next attempt decided"),
    }


def _of_talk(facts: Facts) -> dict[str, str]:
    step = _("The script goes on: %(step)s", step=facts.get("step", ""))
    return {
        "script.step": step,
        "script.field": _("Written down: %(field)s", field=facts.get("field", "")),
        "agent.reserved": _("Given to the agent"),
        "agent.wrap_up": _("The agent writes up"),
        "agent.ready": _("The agent is ready again"),
        "agent.paused": _("The agent is paused"),
        "agent.offline": _("The agent left the floor"),
    }


def _of_telephone(facts: Facts) -> dict[str, str]:
    number_ = display_number(facts["number"]) if facts.get("number") else ""
    return {
        "call.talk_begun": _("The telephone is bridged"),
        "call.held": _("On hold"),
        "call.resumed": _("Back from hold"),
        "call.digits_sent": _("Digits were sent"),
        "call.consulted": _("A third person is rung: %(number)s", number=number_),
        "call.consult_answered": _("The third person answered"),
        "call.consult_ended": _("The third person is gone"),
        "call.merged": _("All three talk"),
        "call.transferred": _("Transferred to %(number)s", number=number_),
        "call.transfer_answered": _("The transfer was answered"),
        "call.transfer_failed": _("The transfer did not work"),
        "call.recording_started": _("Recording began"),
        "call.recording_paused": _("The recorder stands still"),
        "call.recording_resumed": _("The recorder goes on"),
        "call.voicemail_dropped": _("A message was left on the machine"),
        "call.not_done": _("The telephone did not do what the agent asked for"),
        "call.opted_out": _("The callee pressed the key: do not call again"),
    }


def detail(kind: str, facts: Facts) -> str:
    """What is worth knowing beside it."""
    text = ""
    if kind == "call.checked":
        text = _("%(passed)s of %(rules)s rules passed", passed=facts["passed"], rules=facts["rules"])
    elif kind in ("call.connected", "call.abandoned", "call.missed") and "waited" in facts:
        text = _("waited %(seconds)s s", seconds=number(facts["waited"], 1))
    elif kind == "call.ended":
        text = _ending(facts)
    elif kind == "call.dialed":
        text = " · ".join(str(facts[key]) for key in ("trunk", "node", "caller_id") if facts.get(key))
    elif kind == "script.step" and facts.get("answer"):
        text = _("answer: %(answer)s", answer=facts["answer"])
    elif kind == "script.field":
        text = str(facts.get("value", ""))
    elif kind == "call.recording_paused" and facts.get("seconds"):
        text = at_most(facts["seconds"])
    return text


def _ending(facts: Facts) -> str:
    talked = number(facts["talk_seconds"], 1) if facts.get("talk_seconds") else ""
    causes: dict[str, str] = {
        "callee_hung_up": _("the callee hung up"),
        "hung_up": _("we hung up"),
        "transferred": _("handed on"),
        "rejected": _("the callee rejected it"),
        "failed": _("the network lost it"),
    }
    parts = [
        causes.get(facts.get("cause", ""), ""),
        _("talked %(seconds)s s", seconds=talked) if talked else "",
    ]
    return " · ".join(part for part in parts if part)


def at_most(seconds: float) -> str:
    """How long a pause may last."""
    text: str = _("for %(seconds)s s at most", seconds=number(seconds)) if seconds else ""
    return text
