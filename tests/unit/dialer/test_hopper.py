import random

import pytest

from dialer.core.hopper import (
    DEFAULT_RULES,
    Candidate,
    Done,
    Next,
    Result,
    RetryPolicy,
    RetryRule,
    hopper_order,
    is_due,
    next_attempt,
)

POLICY = RetryPolicy({**DEFAULT_RULES, "call_later": RetryRule(600.0, 2)}, max_attempts=6)


def after(result, *, attempts=1, same_result=1, **facts):
    return next_attempt(
        POLICY, result=result, ended_at=1000.0, attempts=attempts, same_result=same_result, **facts
    )


@pytest.mark.parametrize(
    ("result", "minutes"),
    [
        ("busy", 10),
        ("no_answer", 120),
        ("machine", 240),
        ("congestion", 5),
        ("failed", 5),
        ("abandoned", 4320),
    ],
)
def test_a_lead_is_tried_again_after_the_delay_of_its_result(result, minutes):
    assert after(result) == Next(1000.0 + 60 * minutes)


def test_a_number_that_does_not_exist_is_never_tried_again():
    assert after(Result.INVALID) == Next(None, Done.INVALID)


def test_a_disposition_without_a_rule_is_final():
    assert after("sale") == Next(None, Done.FINAL)


def test_a_disposition_with_a_rule_is_tried_again():
    assert after("call_later") == Next(1600.0)


def test_a_result_that_came_too_often_ends_the_lead():
    assert after("busy", attempts=4, same_result=4) == Next(1600.0)
    assert after("busy", attempts=5, same_result=5) == Next(None, Done.MAX_FOR_RESULT)


def test_a_lead_has_a_number_of_attempts_whatever_their_results():
    assert after("machine", attempts=6) == Next(None, Done.MAX_ATTEMPTS)


def test_a_promised_call_back_is_kept_whatever_the_counts_say():
    assert after("call_later", attempts=99, callback_at=9000.0) == Next(9000.0)
    assert after("sale", callback_at=5.0) == Next(1000.0)


@pytest.mark.parametrize(("delay", "attempts"), [(-1, 3), (60, 0)])
def test_a_rule_that_makes_no_sense_is_refused(delay, attempts):
    with pytest.raises(ValueError, match="delay"):
        RetryRule(delay, attempts)


def test_a_lead_is_due_when_its_time_has_come():
    assert is_due(Candidate(1), now=5.0)
    assert is_due(Candidate(1, due_at=5.0), now=5.0)
    assert not is_due(Candidate(1, due_at=5.1), now=5.0)


def test_the_hopper_serves_call_backs_then_priority_then_fresh_leads_then_the_longest_due():
    wanted = [
        Candidate(9, due_at=50.0, is_callback=True, attempts=3),
        Candidate(8, priority=5, attempts=2),
        Candidate(3),
        Candidate(4),
        Candidate(2, due_at=10.0, attempts=1),
        Candidate(1, due_at=20.0, attempts=1),
    ]
    mixed = random.Random(1).sample(wanted, len(wanted))

    assert sorted(mixed, key=hopper_order) == wanted
