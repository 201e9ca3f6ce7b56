"""Dispositions of agents: which there are, on which key, and what each means for the lead. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from dialer.core.hopper import DAY, DEFAULT_RULES, HOUR, Next, RetryPolicy, RetryRule, next_attempt
from telesales.compliance.rules import CallingHours, is_calling_hour, zones_of_key

CALLBACK_PRIORITY = -10  # promised calls go first
PROMISE_KEPT_BY_AGENT = timedelta(minutes=15)  # afterwards anybody may keep it
CALLBACK_HORIZON = timedelta(days=180)


class DispositionCode(StrEnum):
    """What an agent says a call came to."""

    SALE = "sale"
    CALLBACK = "callback"
    NOT_INTERESTED = "not_interested"
    DO_NOT_CALL = "do_not_call"
    WRONG_PERSON = "wrong_person"
    NO_CONVERSATION = "no_conversation"
    MACHINE = "machine"
    LANGUAGE = "language"
    OTHER = "other"


class Fate(StrEnum):
    """What becomes of the lead."""

    DONE = "done"
    CALL_BACK = "call_back"
    RETRY = "retry"


@dataclass(frozen=True, slots=True)
class Disposition:
    """One outcome: its key on the desk, its meaning as a colour, and the lead's fate."""

    code: DispositionCode
    key: str
    fate: Fate
    tone: str = ""


DISPOSITIONS = (
    Disposition(DispositionCode.SALE, "S", Fate.DONE, "good"),
    Disposition(DispositionCode.CALLBACK, "C", Fate.CALL_BACK, "info"),
    Disposition(DispositionCode.NOT_INTERESTED, "N", Fate.DONE),
    Disposition(DispositionCode.DO_NOT_CALL, "D", Fate.DONE, "bad"),
    Disposition(DispositionCode.WRONG_PERSON, "W", Fate.DONE),
    Disposition(DispositionCode.NO_CONVERSATION, "U", Fate.RETRY),
    Disposition(DispositionCode.MACHINE, "M", Fate.RETRY),
    Disposition(DispositionCode.LANGUAGE, "L", Fate.DONE),
    Disposition(DispositionCode.OTHER, "O", Fate.RETRY),
)
BY_CODE: Mapping[str, Disposition] = {entry.code.value: entry for entry in DISPOSITIONS}
AGENT_RULES: Mapping[str, RetryRule] = {
    **DEFAULT_RULES,
    DispositionCode.NO_CONVERSATION: RetryRule(4 * HOUR, 2),
    DispositionCode.OTHER: RetryRule(DAY, 1),
}


def retry_policy(rules: Mapping[str, Any], *, max_attempts: int) -> RetryPolicy:
    """A campaign's retry rules as the dialer reads them.

    A result that its table does not name is not tried again, as the page says; outcomes of agents that no table has
    stay as usual.
    """
    usual = {code: rule for code, rule in AGENT_RULES.items() if code not in DEFAULT_RULES}
    own = {
        code: RetryRule(60.0 * rule["delay_minutes"], rule["max_attempts"])
        for code, rule in rules.items()
        if rule.get("max_attempts", 0) >= 1
    }
    return RetryPolicy({**usual, **own}, max_attempts)


def after_retry(
    policy: RetryPolicy, code: DispositionCode, *, at: datetime, attempts: int, same: int
) -> Next:
    """When a lead is tried again after a disposition that ends nothing."""
    return next_attempt(
        policy, result=code, ended_at=at.timestamp(), attempts=max(1, attempts), same_result=same
    )


def zone_shown(zone_key: str, evidence: Mapping[str, Any]) -> str:
    """The zone in which times are agreed with a lead: the address's, else the first known, else empty."""
    zones = zones_of_key(zone_key)
    by_address = [zone for zone in evidence.get("address") or () if zone in zones]
    return str(by_address[0]) if by_address else next(iter(zones), "")


class CallbackProblem(StrEnum):
    """Why a time cannot be promised."""

    IN_THE_PAST = "in_the_past"
    TOO_FAR = "too_far"
    OUTSIDE_HOURS = "outside_hours"
    UNKNOWN_ZONE = "unknown_zone"


@dataclass(frozen=True, slots=True)
class Promising:
    """What decides when a lead may be called back."""

    now: datetime
    zone_key: str
    hours: CallingHours

    def problem_of(self, at: datetime) -> CallbackProblem | None:
        """Say why a time cannot be promised; None when it can."""
        if not zones_of_key(self.zone_key):
            return CallbackProblem.UNKNOWN_ZONE
        if at <= self.now:
            return CallbackProblem.IN_THE_PAST
        if at > self.now + CALLBACK_HORIZON:
            return CallbackProblem.TOO_FAR
        is_open = is_calling_hour(at, self.zone_key, self.hours)
        return None if is_open else CallbackProblem.OUTSIDE_HOURS


class QuickTime(StrEnum):
    """Times that are one key away."""

    IN_AN_HOUR = "in_an_hour"
    THIS_EVENING = "this_evening"
    TOMORROW_MORNING = "tomorrow_morning"
    TOMORROW_AFTERNOON = "tomorrow_afternoon"
    NEXT_WEEK = "next_week"


def quick_times(promising: Promising, zone: str) -> list[tuple[QuickTime, datetime]]:
    """Times to offer a lead, in its zone; what would be illegal is left out."""
    local = promising.now.astimezone(ZoneInfo(zone))

    def day_at(days: int, hour: int) -> datetime:
        return (local + timedelta(days=days)).replace(hour=hour, minute=0, second=0, microsecond=0)

    offered = (
        (QuickTime.IN_AN_HOUR, (local + timedelta(hours=1)).replace(second=0, microsecond=0)),
        (QuickTime.THIS_EVENING, day_at(0, 18)),
        (QuickTime.TOMORROW_MORNING, day_at(1, 10)),
        (QuickTime.TOMORROW_AFTERNOON, day_at(1, 15)),
        (QuickTime.NEXT_WEEK, day_at(7, 10)),
    )
    return [(name, at) for name, at in offered if promising.problem_of(at) is None]
