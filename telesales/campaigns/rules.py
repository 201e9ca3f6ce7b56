"""What a campaign needs before it may call anybody. Pure: facts in, findings out; `wording` says them."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from dialer.core.abandonment import pack_named
from dialer.core.pacing import MIN_RING_SECONDS as MIN_RING_SECONDS
from dialer.ports import DialingMode
from telesales.campaigns import hours

_NUMBER = re.compile(r"\+?\d(?:[\s().\-/]*\d){6,}")  # seven digits or more


class CheckKey(StrEnum):
    """Checks of a launch that this domain makes; other domains add theirs in `checks.register`."""

    CLIENT = "client"
    GOAL = "goal"
    SCRIPT = "script"
    LEADS = "leads"
    PEOPLE = "people"
    HOURS = "hours"
    CALLER_ID = "caller_id"
    MESSAGE = "message"
    RING = "ring"
    LIMIT = "limit"
    PRODUCTS = "products"
    DEMO = "demo"


@dataclass(frozen=True, slots=True)
class LaunchFacts:
    """What is known of a campaign at the moment of looking."""

    client_name: str
    purpose: str
    daily_goal: int
    has_script: bool
    script_name: str
    lists: int
    callable_leads: int
    people: int
    calling_hours: hours.WeekHours
    caller_id: str | None
    message: str
    mode: DialingMode
    ring_seconds: int
    abandonment_limit_bp: int
    products: int
    currency: str
    carrier: str
    is_demo: bool
    rule_pack: str = "us"
    real_numbers: int = 0  # numbers of a demo campaign that are not reserved for fiction


@dataclass(frozen=True, slots=True)
class Finding:
    """One check: passed or not, why (`code`), and the numbers for the sentence."""

    key: str
    passed: bool
    code: str
    values: Mapping[str, Any] = field(default_factory=dict)


def is_limit_allowed(limit_bp: int, pack: str) -> bool:
    """True for a limit on abandoned calls that is not looser than the rules of the campaign."""
    return 0 < limit_bp <= pack_named(pack).highest_limit_bp


def names_number(message: str) -> bool:
    """True when a telephone number can be heard in the message."""
    return _NUMBER.search(message) is not None


def names_seller(message: str, seller: str) -> bool:
    """True when the message says who called."""
    return bool(seller.strip()) and seller.strip().casefold() in message.casefold()


def check_client(facts: LaunchFacts) -> Finding:
    """Somebody for whom the calls are made."""
    passed = bool(facts.client_name)
    return Finding(CheckKey.CLIENT, passed, "ok" if passed else "missing", {"name": facts.client_name})


def check_goal(facts: LaunchFacts) -> Finding:
    """What it is for, and the number that shows it."""
    if not facts.purpose.strip():
        return Finding(CheckKey.GOAL, False, "no_purpose")
    passed = facts.daily_goal >= 1
    return Finding(CheckKey.GOAL, passed, "ok" if passed else "no_goal", {"goal": facts.daily_goal})


def check_script(facts: LaunchFacts) -> Finding:
    """What the agents say."""
    passed = facts.has_script
    return Finding(CheckKey.SCRIPT, passed, "ok" if passed else "missing", {"name": facts.script_name})


def check_leads(facts: LaunchFacts) -> Finding:
    """At least one list with somebody to call."""
    if not facts.lists:
        return Finding(CheckKey.LEADS, False, "no_list")
    passed = facts.callable_leads > 0
    values = {"lists": facts.lists, "leads": facts.callable_leads}
    return Finding(CheckKey.LEADS, passed, "ok" if passed else "nobody_left", values)


def check_people(facts: LaunchFacts) -> Finding:
    """At least one agent, directly or in a team."""
    passed = facts.people > 0
    return Finding(CheckKey.PEOPLE, passed, "ok" if passed else "nobody", {"people": facts.people})


def check_hours(facts: LaunchFacts) -> Finding:
    """Some hours, and none that the law forbids; a demo calls only invented people and may at any hour."""
    if not hours.has_hours(facts.calling_hours):
        return Finding(CheckKey.HOURS, False, "none")
    if facts.is_demo and hours.is_round_the_clock(facts.calling_hours):
        return Finding(CheckKey.HOURS, True, "always")
    legal = facts.is_demo or hours.is_week_legal(facts.calling_hours)
    return Finding(CheckKey.HOURS, legal, "ok" if legal else "illegal")


def check_caller_id(facts: LaunchFacts) -> Finding:
    """The number that people see and can call back."""
    passed = facts.caller_id is not None
    return Finding(CheckKey.CALLER_ID, passed, "ok" if passed else "missing", {"number": facts.caller_id})


def check_message(facts: LaunchFacts) -> Finding:
    """A person who answered and found nobody hears who called and where to call back."""
    message, values = facts.message.strip(), {"seller": facts.client_name}
    if facts.mode != DialingMode.PREDICTIVE and not message:
        return Finding(CheckKey.MESSAGE, True, "not_needed")
    if not message:
        return Finding(CheckKey.MESSAGE, False, "missing")
    if not names_seller(message, facts.client_name):
        return Finding(CheckKey.MESSAGE, False, "no_seller", values)
    passed = names_number(message)
    return Finding(CheckKey.MESSAGE, passed, "ok" if passed else "no_number", values)


def check_ring(facts: LaunchFacts) -> Finding:
    """Long enough to reach the telephone."""
    passed = facts.ring_seconds >= MIN_RING_SECONDS
    values = {"seconds": facts.ring_seconds, "least": MIN_RING_SECONDS}
    return Finding(CheckKey.RING, passed, "ok" if passed else "too_short", values)


def check_limit(facts: LaunchFacts) -> Finding:
    """Stricter than the campaign's rules, or as strict."""
    passed = is_limit_allowed(facts.abandonment_limit_bp, facts.rule_pack)
    values = {"limit": facts.abandonment_limit_bp / 10_000, "pack": facts.rule_pack}
    return Finding(CheckKey.LIMIT, passed, "ok" if passed else "too_high", values)


def check_products(facts: LaunchFacts) -> Finding:
    """Something to sell, in a currency."""
    passed = facts.products > 0 and bool(facts.currency)
    values = {"count": facts.products, "currency": facts.currency}
    return Finding(CheckKey.PRODUCTS, passed, "ok" if passed else "missing", values)


def check_demo(facts: LaunchFacts) -> Finding | None:
    """A demo may call nobody who exists."""
    if not facts.is_demo:
        return None
    if facts.carrier != "simulated":
        return Finding(CheckKey.DEMO, False, "real_carrier")
    passed = facts.real_numbers == 0
    return Finding(CheckKey.DEMO, passed, "ok" if passed else "real_numbers", {"count": facts.real_numbers})


_CHECKS: tuple[Callable[[LaunchFacts], Finding | None], ...] = (
    check_client, check_goal, check_script, check_leads, check_people, check_hours, check_caller_id,
    check_message, check_ring, check_limit, check_products, check_demo,
)  # fmt: skip


def launch_findings(facts: LaunchFacts) -> list[Finding]:
    """Every check, in the order of the page."""
    return [finding for check in _CHECKS if (finding := check(facts)) is not None]
