"""What stands beside a change in the reader's language: names of details, and values that are codes or money."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import pgettext

from telesales.audit.wording import Words
from telesales.i18n import listed, money, percent

PAIRS = ("name", "supervisor_id")  # before and after, of teams and clients, outside `changes`
NOTHING = "–"
ABSENT: tuple[Any, ...] = (None, "", [], {})


def readable_details(details: Mapping[str, Any], names: Words) -> list[tuple[str, str]]:
    """Return (name, text) pairs; a change is shown as "before → after"."""
    return [(names.get(name, name.replace("_", " ")), text) for name, text in _texts(details)]


def _texts(details: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    is_sum = isinstance(details.get("amount"), int) and isinstance(details.get("currency"), str)
    for name, value in details.items():
        if name == "changes":
            continue
        if is_sum and name in ("amount", "currency"):
            if name == "amount":
                yield name, money(value, details["currency"])
        elif name in PAIRS and _is_pair(value):
            yield name, _change(name, value)
        else:
            yield name, _plain(name, value)
    for name, value in details.get("changes", {}).items():
        yield name, _change(name, value) if _is_pair(value) else _plain(name, value)


def _is_pair(value: Any) -> bool:
    return isinstance(value, list) and len(value) == 2


def _change(name: str, pair: list[Any]) -> str:
    return f"{_plain(name, pair[0])} → {_plain(name, pair[1])}"


def _plain(name: str, value: Any) -> str:
    if value in ABSENT and value is not False and value != 0:
        return NOTHING
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    if isinstance(value, str):
        return value_words(name).get(value, value)
    if name.endswith("_bp") and isinstance(value, int):
        return percent(value / 10_000)
    if isinstance(value, list) and not any(isinstance(item, list | dict) for item in value):
        return listed(_plain(name, item) for item in value)
    return json.dumps(value, ensure_ascii=False)


def value_words(name: str) -> Words:
    """Words for the codes that a detail may hold."""
    known = {
        "code": _outcomes, "role": _roles, "scope": _scopes, "by": _ways_in, "mode": _modes, "side": _sides,
        "locale": _languages, "reason": _pause_reasons,
    }  # fmt: skip
    return known[name]() if name in known else {}


def _outcomes() -> Words:
    return {
        "sale": _("Sale"), "callback": _("Call back"), "not_interested": _("Not interested"),
        "do_not_call": _("Do not call"), "wrong_person": _("Wrong person"), "no_conversation": _("No conversation"),
        "machine": _("Machine"), "language": _("Other language"), "other": _("Other"),
    }  # fmt: skip


def _roles() -> Words:
    return {
        "administrator": _("Administrator"), "manager": _("Manager"), "supervisor": _("Supervisor"),
        "reviewer": _("Reviewer"), "agent": _("Agent"), "client": _("Client"),
    }  # fmt: skip


def _scopes() -> Words:
    return {
        "national": _("National register"), "company": _("Our whole centre"), "client": _("One client"),
        "campaign": _("One campaign"),
    }  # fmt: skip


def _ways_in() -> Words:
    return {"link": _("by link"), "password": _("by password")}


def _sides() -> Words:
    return {"mixed": pgettext("voices", "Both"), "callee": _("Person called"), "agent": _("Agent")}


def _modes() -> Words:
    return {
        "listen": _("Listen"), "whisper": _("Whisper"), "barge": _("Barge in"),
        "manual": _("Manual"), "progressive": _("Progressive"), "predictive": _("Predictive"),
    }  # fmt: skip


def _languages() -> Words:
    return {"en": "English", "zh": "中文"}


def _pause_reasons() -> Words:
    return {
        "break": _("Break"), "lunch": _("Lunch"), "training": _("Training"), "coaching": _("Coaching"),
        "technical": _("Technical trouble"), "personal": _("Personal"),
    }  # fmt: skip
