"""Dispositions and promised times."""

from datetime import UTC, datetime, timedelta

from scripts.script import Outcome
from telesales.calls.rules import (
    DISPOSITIONS,
    CallbackProblem,
    DispositionCode,
    Promising,
    QuickTime,
    after_retry,
    quick_times,
    retry_policy,
    zone_shown,
)
from telesales.compliance.rules import CallingHours

EVERY_DAY = CallingHours.from_json(
    {day: [["08:00", "21:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
)
NOON_IN_NEW_YORK = datetime(2026, 11, 20, 17, tzinfo=UTC)  # a Friday
BOTH_COASTS = "America/Los_Angeles|America/New_York"


def promising(zone_key: str = "America/New_York") -> Promising:
    return Promising(NOON_IN_NEW_YORK, zone_key, EVERY_DAY)


def test_every_disposition_has_a_key_of_its_own() -> None:
    keys = [entry.key for entry in DISPOSITIONS]

    assert len(set(keys)) == len(keys)
    assert {entry.code for entry in DISPOSITIONS} == set(DispositionCode)


def test_every_outcome_of_a_script_is_a_disposition() -> None:
    assert {outcome.value for outcome in Outcome} <= {code.value for code in DispositionCode}


def test_a_time_inside_the_hours_can_be_promised() -> None:
    assert promising().problem_of(NOON_IN_NEW_YORK + timedelta(days=1)) is None


def test_a_time_outside_the_hours_in_any_zone_of_the_lead_is_refused() -> None:
    nine_in_new_york = NOON_IN_NEW_YORK + timedelta(hours=21)

    assert promising().problem_of(nine_in_new_york) is None
    assert promising(BOTH_COASTS).problem_of(nine_in_new_york) is CallbackProblem.OUTSIDE_HOURS


def test_a_past_a_far_and_an_unknown_time_are_refused() -> None:
    assert promising().problem_of(NOON_IN_NEW_YORK) is CallbackProblem.IN_THE_PAST
    assert promising().problem_of(NOON_IN_NEW_YORK + timedelta(days=200)) is CallbackProblem.TOO_FAR
    assert promising("").problem_of(NOON_IN_NEW_YORK + timedelta(days=1)) is CallbackProblem.UNKNOWN_ZONE


def test_quick_times_are_in_the_leads_zone_and_legal() -> None:
    offered = dict(quick_times(promising(BOTH_COASTS), "America/New_York"))

    assert offered[QuickTime.IN_AN_HOUR] == NOON_IN_NEW_YORK + timedelta(hours=1)
    assert QuickTime.TOMORROW_MORNING not in offered  # seven in the morning on the other coast
    assert offered[QuickTime.TOMORROW_AFTERNOON].hour == 15


def test_the_zone_of_the_address_is_the_one_that_is_shown() -> None:
    assert zone_shown(BOTH_COASTS, {"address": ["America/New_York"]}) == "America/New_York"
    assert zone_shown(BOTH_COASTS, {}) == "America/Los_Angeles"
    assert zone_shown("", {}) == ""


def test_a_campaigns_rule_decides_when_a_lead_is_tried_again() -> None:
    policy = retry_policy({"no_conversation": {"max_attempts": 1, "delay_minutes": 30}}, max_attempts=6)

    first = after_retry(policy, DispositionCode.NO_CONVERSATION, at=NOON_IN_NEW_YORK, attempts=1, same=1)
    second = after_retry(policy, DispositionCode.NO_CONVERSATION, at=NOON_IN_NEW_YORK, attempts=2, same=2)

    assert first.at == (NOON_IN_NEW_YORK + timedelta(minutes=30)).timestamp()
    assert second.at is None
