"""What becomes of people who rang us and whom nobody answered, and of what they said."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from telesales import clock
from telesales.calls.models import Callback, CallbackState
from telesales.calls.rules import CALLBACK_PRIORITY, DispositionCode
from telesales.calls.service.dispositions import record_disposition
from telesales.compliance.models import DoNotCallEntry, DoNotCallScope
from telesales.compliance.service import add_entry
from telesales.dialing.counting import answered_by_slot
from telesales.dialing.jobs import settle_forgotten_calls
from telesales.extensions import db
from telesales.leads.models import DialState
from telesales.tenancy.scope import every_client
from tests.factories_calls import make_attempt, make_calling_agent
from tests.factories_dialing import make_dialing_campaign
from tests.factories_inbound import end_call, make_called, ring_in


@pytest.fixture(autouse=True)
def everything(app: Flask) -> Iterator[None]:
    with every_client():
        yield


def count(model) -> int:
    return db.session.scalar(select(func.count()).select_from(model))


@pytest.mark.parametrize("result", ["missed_inbound", "hung_up_waiting"])
def test_whom_nobody_answered_is_rung_back_by_anyone(result):
    attempt = end_call(ring_in(make_called().number), result)

    promise = db.session.scalars(select(Callback)).one()
    lead = attempt.lead
    assert (promise.lead_id, promise.agent_id, promise.state) == (lead.id, None, CallbackState.PENDING)
    assert (lead.dial_state, lead.priority) == (DialState.READY, CALLBACK_PRIORITY)
    assert lead.next_attempt_at == promise.scheduled_for <= clock.now()
    assert lead.attempts == 0  # we did not ring


def test_somebody_who_rings_twice_in_vain_is_promised_one_call():
    called = make_called()

    end_call(ring_in(called.number, "a"), "missed_inbound")
    end_call(ring_in(called.number, "b"), "hung_up_waiting")

    assert count(Callback) == 1


def test_a_promise_for_later_stays_and_the_person_is_rung_before_it():
    called = make_called()
    later = clock.now() + timedelta(days=2)
    agent = make_calling_agent()
    db.session.add(
        Callback(
            client_id=called.client_id, lead_id=called.lead_id, campaign_id=called.campaign_id, agent_id=agent.id,
            scheduled_for=later, time_zone="America/New_York",
        )
    )  # fmt: skip
    db.session.commit()

    attempt = end_call(ring_in(called.number), "missed_inbound")

    assert count(Callback) == 2
    assert attempt.lead.next_attempt_at <= clock.now()
    assert attempt.lead.callback_agent_id is None


def test_a_lead_that_was_done_is_rung_back_when_it_rang_us():
    called = make_called()
    called.lead.dial_state, called.lead.done_reason = DialState.DONE, "no_answer"
    db.session.commit()

    attempt = end_call(ring_in(called.number), "missed_inbound")

    assert (attempt.lead.dial_state, attempt.lead.done_reason) == (DialState.READY, "")


def test_nobody_on_the_do_not_call_list_is_rung_back():
    called = make_called()
    add_entry(number=called.number, scope=DoNotCallScope.CLIENT, client_id=called.client_id, source="web")
    db.session.commit()

    attempt = end_call(ring_in(called.number), "missed_inbound")

    assert count(Callback) == 0
    assert attempt.lead.dial_state == DialState.DONE


def test_a_lead_in_another_call_is_left_to_that_call():
    called = make_called()
    called.lead.dial_state = DialState.RESERVED
    make_attempt(make_calling_agent(), campaign=called.campaign, lead=called.lead)
    db.session.commit()

    attempt = end_call(ring_in(called.number), "missed_inbound")

    assert attempt.lead.dial_state == DialState.RESERVED
    assert count(Callback) == 1


def test_the_promise_is_kept_by_the_next_word_of_an_agent():
    attempt = end_call(ring_in(make_called().number), "missed_inbound")
    agent = make_calling_agent()
    talk = make_attempt(agent, campaign=attempt.campaign, lead=attempt.lead)

    record_disposition(talk, agent, DispositionCode.NOT_INTERESTED)

    assert db.session.scalars(select(Callback)).one().state == CallbackState.DONE


def test_who_asks_not_to_be_called_is_entered_like_anybody():
    called = make_called()
    attempt, agent = ring_in(called.number), make_calling_agent()

    record_disposition(attempt, agent, DispositionCode.DO_NOT_CALL)

    assert db.session.scalars(select(DoNotCallEntry)).one().number == called.number


def test_a_withheld_number_is_put_on_no_list():
    make_dialing_campaign()
    attempt, agent = ring_in(""), make_calling_agent()

    record_disposition(attempt, agent, DispositionCode.DO_NOT_CALL)

    assert count(DoNotCallEntry) == 0


def test_people_who_ring_us_are_in_no_abandonment_figure():
    attempt = ring_in(make_called().number)
    attempt.connected_at = clock.now()
    end_call(attempt, "talked")

    assert answered_by_slot(attempt.campaign_id, clock.now() - timedelta(days=1)) == {}


def test_a_forgotten_call_is_settled_later():
    attempt = ring_in(make_called().number)
    attempt.state, attempt.result = "ended", "missed_inbound"
    attempt.ended_at = clock.now() - timedelta(minutes=5)
    db.session.commit()

    settle_forgotten_calls()

    assert count(Callback) == 1
