"""Somebody rings a number that we show: whose call it is, and what becomes of people whom nobody answered."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from dialer.ports import RecordingPlan, RingingIn
from telesales import clock
from telesales.calls.models import CallAttempt, Callback, CallbackState
from telesales.calls.rules import CALLBACK_PRIORITY, DispositionCode
from telesales.calls.service.dispositions import record_disposition
from telesales.campaigns.models import CampaignList
from telesales.campaigns.queries import attached_lists
from telesales.compliance.models import DoNotCallEntry, DoNotCallScope
from telesales.compliance.service import add_entry
from telesales.dialing.counting import answered_by_slot
from telesales.dialing.inbound import take
from telesales.dialing.jobs import settle_call, settle_forgotten_calls
from telesales.dialing.ports import DatabaseCallLog
from telesales.extensions import db
from telesales.leads.models import DialState, Lead, LeadList
from telesales.phone import WITHHELD
from telesales.tenancy.scope import every_client
from tests.factories_agents import make_client
from tests.factories_calls import make_attempt, make_calling_agent
from tests.factories_dialing import make_dialing_campaign, make_waiting_lead
from tests.factories_recordings import recording_keys

OURS, STRANGER = "+12025550100", "+12125550177"


@pytest.fixture(autouse=True)
def everything(app: Flask) -> Iterator[None]:
    with every_client():
        yield


def ring(
    number: str, call_id: str = "a", *, dialed: str = OURS, carrier: str = "simulated"
) -> CallAttempt | None:
    order = take(RingingIn(carrier, call_id, number, dialed, clock.now().timestamp()))
    db.session.commit()
    return None if order is None else db.session.get(CallAttempt, order.attempt_id)


def make_called(campaign=None, **columns) -> CallAttempt:
    """A call of ours that nobody answered; its lead waits for the next one."""
    campaign = campaign or make_dialing_campaign()
    lead = make_waiting_lead(campaign)
    usual = {"state": "ended", "result": "no_answer", "connected_at": None, "settled_at": clock.now()}
    attempt = make_attempt(make_calling_agent(), campaign=campaign, lead=lead, **{**usual, **columns})
    db.session.commit()
    return attempt


def end(attempt: CallAttempt, result: str) -> CallAttempt:
    attempt.state, attempt.result, attempt.ended_at = "ended", result, clock.now()
    db.session.commit()
    settle_call(attempt.id)
    db.session.refresh(attempt)
    return attempt


def count(model) -> int:
    return db.session.scalar(select(func.count()).select_from(model))


def test_somebody_whom_we_rang_is_known_by_the_number():
    called = make_called()

    attempt = ring(called.number)

    assert (attempt.campaign_id, attempt.lead_id) == (called.campaign_id, called.lead_id)
    assert (attempt.direction, attempt.state, attempt.answered_at) == ("inbound", "came_in", None)
    assert attempt.caller_id == OURS
    assert attempt.lead.dial_state == DialState.RESERVED


def test_somebody_who_was_shown_another_number_of_ours_reaches_the_same_campaign():
    """The campaign's own number rested that day."""
    rested = "+12025550109"
    called = make_called(caller_id=rested)

    attempt = ring(called.number, dialed=rested)

    assert (attempt.campaign_id, attempt.lead_id) == (called.campaign_id, called.lead_id)
    assert ring(STRANGER, "b", dialed=rested) is None


def test_a_call_announced_twice_is_written_once():
    called = make_called()

    first, second = ring(called.number), ring(called.number)

    assert first.id == second.id
    assert count(CallAttempt) == 2


def test_carriers_may_use_the_same_names_for_their_calls():
    simulated, real = make_called(), make_called(make_dialing_campaign(carrier="asterisk"))

    first, second = ring(simulated.number), ring(real.number, carrier="asterisk")

    assert [first.campaign_id, second.campaign_id] == [simulated.campaign_id, real.campaign_id]


def test_of_two_campaigns_with_one_number_the_one_that_rang_last_takes_the_call():
    first = make_called()
    second = make_dialing_campaign(client=first.campaign.client)
    lead = make_waiting_lead(second, number=first.number)
    later = make_attempt(
        make_calling_agent(), campaign=second, lead=lead, state="ended", settled_at=clock.now()
    )
    make_dialing_campaign()  # started last of all, and has never rung this number
    db.session.commit()

    attempt = ring(first.number)

    assert (attempt.campaign_id, attempt.lead_id) == (second.id, later.lead_id)


def test_a_number_shared_by_two_clients_stays_with_the_client_that_rang():
    ours = make_called(make_dialing_campaign(client=make_client(is_demo=True)))
    make_dialing_campaign(client=make_client(is_demo=True))

    attempt = ring(ours.number)

    assert attempt.client_id == ours.client_id == attempt.lead.client_id


def test_the_finished_campaign_hands_the_call_to_one_of_its_client_that_runs():
    called = make_called()
    called.campaign.state = "finished"
    called.lead.name = "Ann Lee"
    other = make_dialing_campaign(client=called.campaign.client)
    make_dialing_campaign(client=make_client(is_demo=True))
    db.session.commit()

    attempt = ring(called.number)

    assert (attempt.campaign_id, attempt.lead.name) == (other.id, "Ann Lee")
    end(attempt, "missed_inbound")
    assert attempt.lead.list_id in [row.id for row in attached_lists(other.id)]  # else nobody would ring back


def test_a_finished_campaign_without_another_one_takes_the_call_with_its_lead():
    called = make_called()
    called.campaign.state = "finished"
    db.session.commit()

    assert ring(called.number).lead_id == called.lead_id


def test_an_unknown_number_gets_a_lead_in_a_list_of_its_own():
    campaign = make_dialing_campaign()

    attempt, again = ring(STRANGER), ring(STRANGER, "b")

    assert (attempt.campaign_id, attempt.lead.number) == (campaign.id, STRANGER)
    assert attempt.lead_id == again.lead_id
    assert attempt.lead.zone_key == "America/New_York"
    assert attempt.lead.lead_list.name == f"{campaign.name}: people who rang us"
    links = select(CampaignList.campaign_id).where(CampaignList.list_id == attempt.lead.list_id)
    assert db.session.scalars(links).all() == [campaign.id]


def test_a_withheld_number_is_taken_too_and_never_rung_back():
    make_dialing_campaign()

    attempt = end(ring(""), "missed_inbound")

    assert attempt.number == attempt.lead.number == WITHHELD
    assert count(Callback) == 0


def test_a_number_without_its_country_is_one_of_the_country_that_was_dialed():
    make_dialing_campaign()

    assert ring("2125550177").number == "+12125550177"
    assert ring("12", "b").number == WITHHELD


def test_a_call_that_rings_in_is_recorded_as_the_campaign_wants(app: Flask):
    make_dialing_campaign(recording_policy="always", recording_announcement="This call is recorded.")
    call = RingingIn("simulated", "a", STRANGER, OURS, clock.now().timestamp())
    assert take(call).recording is None  # without a key nothing is

    with recording_keys(app):
        assert take(call).recording == RecordingPlan("This call is recorded.")


def test_a_number_that_nobody_shows_or_a_campaign_that_takes_no_calls_is_refused():
    called = make_called()

    assert ring(called.number, dialed="+12025550199") is None
    assert ring(called.number, dialed="anonymous") is None
    called.campaign.takes_inbound = False
    db.session.commit()
    assert ring(called.number) is None


def test_a_real_call_never_lands_in_a_simulated_campaign():
    assert ring(make_called().number, carrier="asterisk") is None


def test_somebody_on_the_do_not_call_list_may_ring_us():
    called = make_called()
    add_entry(number=called.number, scope=DoNotCallScope.CLIENT, client_id=called.client_id, source="web")
    db.session.commit()

    attempt = ring(called.number)

    assert attempt.lead_id == called.lead_id
    assert attempt.lead.dial_state == DialState.DONE


@pytest.mark.parametrize("result", ["missed_inbound", "hung_up_waiting"])
def test_whom_nobody_answered_is_rung_back_by_anyone(result):
    attempt = end(ring(make_called().number), result)

    promise = db.session.scalars(select(Callback)).one()
    lead = attempt.lead
    assert (promise.lead_id, promise.agent_id, promise.state) == (lead.id, None, CallbackState.PENDING)
    assert (lead.dial_state, lead.priority) == (DialState.READY, CALLBACK_PRIORITY)
    assert lead.next_attempt_at == promise.scheduled_for <= clock.now()
    assert lead.attempts == 0  # we did not ring


def test_somebody_who_rings_twice_in_vain_is_promised_one_call():
    called = make_called()

    end(ring(called.number, "a"), "missed_inbound")
    end(ring(called.number, "b"), "hung_up_waiting")

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

    attempt = end(ring(called.number), "missed_inbound")

    assert count(Callback) == 2
    assert attempt.lead.next_attempt_at <= clock.now()
    assert attempt.lead.callback_agent_id is None


def test_a_lead_that_was_done_is_rung_back_when_it_rang_us():
    called = make_called()
    called.lead.dial_state, called.lead.done_reason = DialState.DONE, "no_answer"
    db.session.commit()

    attempt = end(ring(called.number), "missed_inbound")

    assert (attempt.lead.dial_state, attempt.lead.done_reason) == (DialState.READY, "")


def test_nobody_on_the_do_not_call_list_is_rung_back():
    called = make_called()
    add_entry(number=called.number, scope=DoNotCallScope.CLIENT, client_id=called.client_id, source="web")
    db.session.commit()

    attempt = end(ring(called.number), "missed_inbound")

    assert count(Callback) == 0
    assert attempt.lead.dial_state == DialState.DONE


def test_a_lead_in_another_call_is_left_to_that_call():
    called = make_called()
    called.lead.dial_state = DialState.RESERVED
    make_attempt(make_calling_agent(), campaign=called.campaign, lead=called.lead)
    db.session.commit()

    attempt = end(ring(called.number), "missed_inbound")

    assert attempt.lead.dial_state == DialState.RESERVED
    assert count(Callback) == 1


def test_the_promise_is_kept_by_the_next_word_of_an_agent():
    attempt = end(ring(make_called().number), "missed_inbound")
    agent = make_calling_agent()
    talk = make_attempt(agent, campaign=attempt.campaign, lead=attempt.lead)

    record_disposition(talk, agent, DispositionCode.NOT_INTERESTED)

    assert db.session.scalars(select(Callback)).one().state == CallbackState.DONE


def test_who_asks_not_to_be_called_is_entered_like_anybody():
    called = make_called()
    attempt, agent = ring(called.number), make_calling_agent()

    record_disposition(attempt, agent, DispositionCode.DO_NOT_CALL)

    assert db.session.scalars(select(DoNotCallEntry)).one().number == called.number


def test_a_withheld_number_is_put_on_no_list():
    make_dialing_campaign()
    attempt, agent = ring(""), make_calling_agent()

    record_disposition(attempt, agent, DispositionCode.DO_NOT_CALL)

    assert count(DoNotCallEntry) == 0


def test_people_who_ring_us_are_in_no_abandonment_figure():
    attempt = ring(make_called().number)
    attempt.connected_at = clock.now()
    end(attempt, "talked")

    assert answered_by_slot(attempt.campaign_id, clock.now() - timedelta(days=1)) == {}


def test_a_floor_that_lost_the_call_is_told_of_it_as_one_that_came_in(app):
    attempt = ring(make_called().number)

    found = DatabaseCallLog(app).unsettled_attempts(attempt.campaign_id)

    assert [(attempt_id, state) for attempt_id, state, _since in found] == [(attempt.id, "came_in")]


def test_a_forgotten_call_is_settled_later():
    attempt = ring(make_called().number)
    attempt.state, attempt.result = "ended", "missed_inbound"
    attempt.ended_at = clock.now() - timedelta(minutes=5)
    db.session.commit()

    settle_forgotten_calls()

    assert count(Callback) == 1


def test_the_list_of_callers_is_the_clients_own():
    first = make_dialing_campaign(client=make_client(is_demo=True))
    first.state = "finished"
    second = make_dialing_campaign(client=make_client(is_demo=True))
    db.session.commit()

    ring(STRANGER)

    found = db.session.scalars(select(Lead).where(Lead.number == STRANGER)).one()
    assert found.client_id == second.client_id == db.session.get(LeadList, found.list_id).client_id


def test_a_call_keeps_the_moment_at_which_it_rang_in():
    called = make_called()
    call = RingingIn("simulated", "a", called.number, OURS, clock.now().timestamp())
    first = take(call)

    second = take(replace(call, at=call.at + 5))

    assert first.attempt_id == second.attempt_id
    assert first.at == second.at
