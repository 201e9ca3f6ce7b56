"""Pacing decisions in the reader's language: why so many calls, why not one more, and with which numbers.

Sentences have {names} of estimates in them; the floor page fills the same sentences with what is pushed.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from dialer.core.pacing import Reason
from telesales.i18n import number, percent
from telesales.i18n import sentences as in_a_row

INBOUND_MATTERS = 3  # people an hour; fewer change no decision
_NAME = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Figure:
    """Where a number of a decision is shown, and how it is written."""

    group: str  # saw, expected, limits
    kind: str = "count"  # count, decimal, percent, seconds


FIGURES: Mapping[str, Figure] = {
    **{name: Figure("saw") for name in ("agents", "idle", "talking", "wrapping", "leaving", "paused")},
    **{name: Figure("saw") for name in ("ringing", "let_go", "waiting", "lines_cap", "free_lines")},
    "inbound_waiting": Figure("saw"),
    "inbound_an_hour": Figure("expected"),
    "answer_rate": Figure("expected", "percent"),
    "horizon_seconds": Figure("expected", "seconds"),
    "expected_free": Figure("expected", "decimal"),
    "expected_answers": Figure("expected", "decimal"),
    "wanted": Figure("expected"),
    "risk": Figure("expected", "percent"),
    "next_risk": Figure("expected", "percent"),
    "threshold": Figure("expected", "percent"),
    "limit": Figure("limits", "percent"),
    "day_answered": Figure("limits"),
    "day_abandoned": Figure("limits"),
    "day_rate": Figure("limits", "percent"),
    "day_room": Figure("limits", "decimal"),
    "half_hour_room": Figure("limits", "decimal"),
    "window_answered": Figure("limits"),
    "window_abandoned": Figure("limits"),
    "window_room": Figure("limits", "decimal"),
}


def sentences() -> Mapping[str, str]:
    """Why not one call more, by reason."""
    return {
        Reason.NO_AGENTS: _("nobody works, so nothing is dialed."),
        Reason.CLOSED: _("the campaign does not run now, or nobody who waits may be called at this hour."),
        Reason.MANUAL: _("people dial here themselves."),
        Reason.NO_LEADS: _("no lead may be called now: all are done, waiting, or outside their calling hours."),
        Reason.LINES: _("all lines of the campaign are in use."),
        Reason.CALLS_PER_SECOND: _("as many were placed within this second as the campaign allows."),
        Reason.LETTING_GO: _("more calls ring than agents can take now; calls let go of, each once it has rung as long as the law demands: {let_go}."),
        Reason.ENOUGH: _("every ready agent has a call on the way."),
        Reason.SMALL_TEAM: _("two agents or fewer: one call for each ready agent, so that nobody is kept waiting."),
        Reason.WARMING_UP: _("too little is known yet: every ready agent has a call on the way, and hardly more is dared."),
        Reason.LIMIT_REACHED: _("the abandonment limit is used up: one call for each ready agent until there is room again."),
        Reason.BURST: _("the last half hour had its share of abandoned people: only calls that are nearly sure of an agent."),
        Reason.NO_MORE_RISK: _("{expected_free} agents free within {horizon_seconds}, {expected_answers} people expected to answer, risk {risk}, allowed {threshold}; one call more would make it {next_risk}."),
    }  # fmt: skip


def short_sentences() -> Mapping[str, str]:
    """The same in a few words, for narrow lists."""
    return {
        Reason.NO_AGENTS: _("nobody works"),
        Reason.CLOSED: _("not running"),
        Reason.MANUAL: _("people dial"),
        Reason.NO_LEADS: _("no lead may be called now"),
        Reason.LINES: _("all lines in use"),
        Reason.CALLS_PER_SECOND: _("calls per second reached"),
        Reason.LETTING_GO: _("more ring than agents can take, let go of: {let_go}"),
        Reason.ENOUGH: _("one call for each ready agent"),
        Reason.SMALL_TEAM: _("one call for each ready agent"),
        Reason.WARMING_UP: _("learning: one call for each ready agent"),
        Reason.LIMIT_REACHED: _("limit used up: one call for each ready agent"),
        Reason.BURST: _("careful after abandoned people"),
        Reason.NO_MORE_RISK: _("one more: risk {next_risk}, allowed {threshold}"),
    }


def figure_name(name: str) -> str:
    """How a number of a decision is called."""
    names: dict[str, str] = {
        "agents": _("Agents who work"),
        "idle": _("Ready"),
        "talking": _("Talking"),
        "wrapping": _("Wrap-up"),
        "leaving": _("Go on a pause after this call"),
        "paused": _("Paused"),
        "ringing": _("On the way"),
        "let_go": _("Let go of"),
        "waiting": _("Waiting for an agent"),
        "inbound_waiting": _("Of them, people who rang us"),
        "inbound_an_hour": _("People who ring us, an hour"),
        "lines_cap": _("Lines"),
        "free_lines": _("Free lines"),
        "answer_rate": _("Answered by people"),
        "horizon_seconds": _("Looks ahead"),
        "expected_free": _("Agents expected to be free"),
        "expected_answers": _("People expected to answer"),
        "wanted": _("Calls wanted"),
        "risk": _("Risk of the last call placed"),
        "next_risk": _("Risk of one call more"),
        "threshold": _("Risk allowed"),
        "limit": _("Abandonment limit"),
        "day_answered": _("Answered today"),
        "day_abandoned": _("Abandoned today"),
        "day_rate": _("Rate of the day"),
        "day_room": _("May still be abandoned today"),
        "half_hour_room": _("May still be abandoned in the half hour"),
        "window_answered": _("Answered in the legal window"),
        "window_abandoned": _("Abandoned in the legal window"),
        "window_room": _("May still be abandoned in the legal window"),
    }
    return names.get(name, name)


def explain(calls: int, reason: str, known: Mapping[str, Any]) -> str:
    """A decision in one sentence; a reason without words is shown by its name."""
    head = _("Placed {calls}").replace("{calls}", number(calls)) if calls else _("Placed nothing")
    text = not_one() if reason == Reason.NO_MORE_RISK and not calls else sentences().get(reason, reason)
    why = _filled(text, known)
    sentence: str = _("{head}: {why}")
    sentence = sentence.replace("{head}", head).replace("{why}", why)
    said = [sentence]
    if "wanted" in known:
        said.append(_filled(held(), known))
    if known.get("inbound_waiting", 0) > 0 or known.get("inbound_an_hour", 0) >= INBOUND_MATTERS:
        said.append(_filled(ringing_in(), known))
    return in_a_row(said)


def gap() -> str:
    """What stands between two sentences."""
    return in_a_row(["", ""])


def not_one() -> str:
    """Why not even one call was dared: there is no last call whose risk could be told."""
    text: str = _("{expected_free} agents free within {horizon_seconds}, {expected_answers} people expected to answer; one call would have a risk of {next_risk}, allowed: {threshold}.")  # fmt: skip
    return text


def ringing_in() -> str:
    """What is added when people ring us: agents are kept for them."""
    text: str = _("People who ring us: {inbound_waiting} waiting, about {inbound_an_hour} an hour expected; agents are kept for them.")  # fmt: skip
    return text


def held() -> str:
    """What is added when the rule wanted more calls than may wait to be placed."""
    text: str = _("It wanted {wanted}; the others wait until these are on their way.")
    return text


def _filled(text: str, known: Mapping[str, Any]) -> str:
    return _NAME.sub(lambda found: shown(found[1], known.get(found[1])), text)


def shown(name: str, value: Any) -> str:
    """A number of a decision as it is written; one that nobody has named, plainly."""
    if not isinstance(value, int | float):
        return "–" if value is None else str(value)
    match FIGURES[name].kind if name in FIGURES else "":
        case "count":
            return number(value)
        case "decimal":
            return number(value, 1)
        case "percent":
            return percent(value, 1)
        case "seconds":
            return _seconds(number(value))
    return number(value, 0 if float(value).is_integer() else 3)


def figures(known: Mapping[str, Any], group: str) -> list[tuple[str, str]]:
    """Labels and values of the numbers of one group that a decision has; "other": those that nobody has named."""
    if group == "other":
        return [(name, shown(name, value)) for name, value in known.items() if name not in FIGURES]
    names = [name for name, figure in FIGURES.items() if figure.group == group and name in known]
    return [(figure_name(name), shown(name, known[name])) for name in names]


def expected_figures(calls: int, known: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What a decision expected: no risk of a call that was not placed, none allowed where no forecast was made."""
    idle = {"risk"} if not calls else set()
    if "expected_answers" not in known:
        idle |= {"risk", "threshold"}
    return figures({name: value for name, value in known.items() if name not in idle}, "expected")


def between(since: datetime | None, until: datetime | None) -> str:
    """Seconds between two moments of a call; a dash while one is not known."""
    if since is None or until is None:
        return "–"
    return _seconds(number(max(0.0, (until - since).total_seconds()), 1))


def _seconds(amount: str) -> str:
    text: str = _("{n} s")
    return text.replace("{n}", amount)


def check_name(rule: str) -> str:
    """A rule that is looked at before a call is dialed."""
    names: dict[str, str] = {
        "campaign_running": _("the campaign runs"),
        "lead_free": _("the lead waits for this call"),
        "number_free": _("no other call with this number is under way"),
        "do_not_call": _("not on a do-not-call list"),
        "calling_hours": _("inside the calling hours"),
        "attempt_cap": _("attempts are left"),
        "number_rests": _("the rules let this number be rung again"),
        "ring_seconds": _("it may ring long enough"),
        "fictional_number": _("a demo calls invented numbers only"),
        "reserved_lately": _("it was decided a moment ago"),
        "agent_there": _("an agent is there"),
    }
    return names.get(rule, rule)


def event_name(kind: str) -> str:
    """Something that happened to a call."""
    names: dict[str, str] = {
        "call.placed": _("The network was asked"),
        "call.refused": _("A rule forbade it"),
        "call.dialed": _("The network dials"),
        "call.ringing": _("It rings"),
        "call.answered": _("Somebody answered"),
        "call.connected": _("Connected with the agent"),
        "call.abandoned": _("No agent within two seconds"),
        "call.message_played": _("The message was heard"),
        "call.opted_out": _("Asked by a key never to be called again"),
        "call.ended": _("It ended"),
        "call.came_in": _("They rang us"),
        "call.missed": _("Nobody was free in time"),
    }
    return names.get(kind, kind)
