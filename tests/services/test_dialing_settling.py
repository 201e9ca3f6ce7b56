"""What an ended call means for its lead and for the day of its agent."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from telesales import clock
from telesales.calls.daily import DailyResult
from telesales.calls.models import CallAttempt
from telesales.calls.service.dispositions import record_disposition
from telesales.dialing.jobs import settle_call, settle_forgotten_calls
from telesales.extensions import db
from telesales.tenancy.scope import every_client
from tests.factories_calls import make_attempt, make_calling_agent


@pytest.fixture(autouse=True)
def everything(app: Flask) -> Iterator[None]:
    with every_client():
        yield


def make_ended(result: str, **columns) -> CallAttempt:
    now = clock.now()
    talked = {"connected_at": now - timedelta(seconds=60)} if result == "talked" else {"connected_at": None}
    attempt = make_attempt(**{"state": "ended", "result": result, "ended_at": now, **talked, **columns})
    db.session.commit()
    return attempt


def test_busy_lead_is_tried_again_after_the_time_of_its_rule():
    attempt = make_ended("busy")
    attempt.campaign.retry_rules = {"busy": {"max_attempts": 3, "delay_minutes": 7}}
    db.session.commit()

    settle_call(attempt.id)

    lead = attempt.lead
    assert (lead.dial_state, lead.attempts, lead.last_result) == ("ready", 1, "busy")
    assert lead.next_attempt_at == attempt.ended_at + timedelta(minutes=7)


@pytest.mark.parametrize("result", ["busy", "no_answer", "machine", "congestion", "failed", "abandoned"])
def test_result_that_is_not_to_be_tried_again_ends_the_lead(result):
    """“0 times” in the campaign's table leaves the result out of its rules; the usual ones do not come back for it."""
    attempt = make_ended(result)
    rules = dict(attempt.campaign.retry_rules)
    del rules[result]
    attempt.campaign.retry_rules = rules
    db.session.commit()

    settle_call(attempt.id)

    assert (attempt.lead.dial_state, attempt.lead.done_reason) == ("done", "final")


def test_settling_twice_counts_once():
    attempt = make_ended("talked")

    settle_call(attempt.id)
    settle_call(attempt.id)

    assert attempt.lead.attempts == 1
    day = db.session.scalars(select(DailyResult)).one()
    assert (day.calls, day.talk_seconds, day.user_id) == (1, 60, attempt.agent_id)


def test_number_that_does_not_exist_is_never_dialed_again():
    attempt = make_ended("invalid")

    settle_call(attempt.id)

    assert (attempt.lead.dial_state, attempt.lead.done_reason) == ("done", "invalid")


def test_lead_is_done_after_the_last_attempt():
    attempt = make_ended("no_answer")
    attempt.lead.attempts = attempt.campaign.max_attempts - 1
    db.session.commit()

    settle_call(attempt.id)

    assert (attempt.lead.dial_state, attempt.lead.done_reason) == ("done", "max_attempts")


def test_same_result_too_often_ends_it():
    first = make_ended("busy")
    first.campaign.retry_rules = {"busy": {"max_attempts": 1, "delay_minutes": 1}}
    second = make_ended("busy", agent=make_calling_agent(), campaign=first.campaign, lead=first.lead)

    settle_call(second.id)

    assert (second.lead.dial_state, second.lead.done_reason) == ("done", "max_for_result")


def test_person_who_hung_up_at_once_is_tried_again_like_one_who_did_not_answer():
    attempt = make_ended("hung_up_first")

    settle_call(attempt.id)

    assert attempt.lead.dial_state == "ready"
    assert attempt.lead.next_attempt_at > clock.now()


def test_lead_of_a_conversation_waits_for_the_agents_word():
    attempt = make_ended("talked")

    settle_call(attempt.id)
    assert attempt.lead.dial_state == "reserved"

    record_disposition(attempt, make_calling_agent(), "not_interested")
    assert attempt.lead.dial_state == "done"


def test_word_of_the_agent_that_came_first_stays():
    attempt = make_ended("talked")
    record_disposition(attempt, make_calling_agent(), "not_interested")
    db.session.commit()

    settle_call(attempt.id)

    lead = attempt.lead
    assert (lead.dial_state, lead.last_result, lead.attempts) == ("done", "not_interested", 1)


@pytest.mark.parametrize("state", ["reserved", "ringing", "released"])
def test_only_ended_calls_are_settled(state):
    attempt = make_attempt(state=state)
    db.session.commit()

    settle_call(attempt.id)

    assert attempt.settled_at is None


def test_lost_settling_is_made_up_for():
    attempt = make_ended("busy", ended_at=clock.now() - timedelta(minutes=1))
    attempt_id = attempt.id

    settle_forgotten_calls()

    assert db.session.get(CallAttempt, attempt_id).settled_at is not None


def test_lead_whose_agent_never_said_a_word_is_tried_another_day():
    attempt = make_ended("talked", ended_at=clock.now() - timedelta(hours=2))
    attempt_id = attempt.id
    settle_call(attempt_id)

    settle_forgotten_calls()

    lead = db.session.get(CallAttempt, attempt_id).lead
    assert lead.dial_state == "ready"
    assert lead.next_attempt_at > clock.now()
