"""Somebody rings a number that we show: whose call it is."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import func, select

from dialer.ports import RecordingPlan, RingingIn
from telesales import clock
from telesales.calls.models import CallAttempt, Callback
from telesales.campaigns.models import CampaignList
from telesales.campaigns.queries import attached_lists
from telesales.compliance.models import DoNotCallScope
from telesales.compliance.service import add_entry
from telesales.dialing.inbound import take
from telesales.dialing.ports import DatabaseCallLog
from telesales.extensions import db
from telesales.leads.models import DialState, Lead, LeadList
from telesales.phone import WITHHELD
from telesales.tenancy.scope import every_client
from tests.factories_agents import make_client
from tests.factories_calls import make_attempt, make_calling_agent
from tests.factories_dialing import make_dialing_campaign, make_waiting_lead
from tests.factories_inbound import OURS, STRANGER, end_call, make_called, ring_in
from tests.factories_recordings import recording_keys


@pytest.fixture(autouse=True)
def everything(app: Flask) -> Iterator[None]:
    with every_client():
        yield


def count(model) -> int:
    return db.session.scalar(select(func.count()).select_from(model))


def test_somebody_whom_we_rang_is_known_by_the_number():
    called = make_called()

    attempt = ring_in(called.number)

    assert (attempt.campaign_id, attempt.lead_id) == (called.campaign_id, called.lead_id)
    assert (attempt.direction, attempt.state, attempt.answered_at) == ("inbound", "came_in", None)
    assert attempt.caller_id == OURS
    assert attempt.lead.dial_state == DialState.RESERVED


def test_somebody_who_was_shown_another_number_of_ours_reaches_the_same_campaign():
    """The campaign's own number rested that day."""
    rested = "+12025550109"
    called = make_called(caller_id=rested)

    attempt = ring_in(called.number, dialed=rested)

    assert (attempt.campaign_id, attempt.lead_id) == (called.campaign_id, called.lead_id)
    assert ring_in(STRANGER, "b", dialed=rested) is None


def test_a_call_announced_twice_is_written_once():
    called = make_called()

    first, second = ring_in(called.number), ring_in(called.number)

    assert first.id == second.id
    assert count(CallAttempt) == 2


def test_carriers_may_use_the_same_names_for_their_calls():
    simulated, real = make_called(), make_called(make_dialing_campaign(carrier="asterisk"))

    first, second = ring_in(simulated.number), ring_in(real.number, carrier="asterisk")

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

    attempt = ring_in(first.number)

    assert (attempt.campaign_id, attempt.lead_id) == (second.id, later.lead_id)


def test_a_number_shared_by_two_clients_stays_with_the_client_that_rang():
    ours = make_called(make_dialing_campaign(client=make_client(is_demo=True)))
    make_dialing_campaign(client=make_client(is_demo=True))

    attempt = ring_in(ours.number)

    assert attempt.client_id == ours.client_id == attempt.lead.client_id


def test_the_finished_campaign_hands_the_call_to_one_of_its_client_that_runs():
    called = make_called()
    called.campaign.state = "finished"
    called.lead.name = "Ann Lee"
    other = make_dialing_campaign(client=called.campaign.client)
    make_dialing_campaign(client=make_client(is_demo=True))
    db.session.commit()

    attempt = ring_in(called.number)

    assert (attempt.campaign_id, attempt.lead.name) == (other.id, "Ann Lee")
    end_call(attempt, "missed_inbound")
    assert attempt.lead.list_id in [row.id for row in attached_lists(other.id)]  # else nobody would ring back


def test_a_finished_campaign_without_another_one_takes_the_call_with_its_lead():
    called = make_called()
    called.campaign.state = "finished"
    db.session.commit()

    assert ring_in(called.number).lead_id == called.lead_id


def test_an_unknown_number_gets_a_lead_in_a_list_of_its_own():
    campaign = make_dialing_campaign()

    attempt, again = ring_in(STRANGER), ring_in(STRANGER, "b")

    assert (attempt.campaign_id, attempt.lead.number) == (campaign.id, STRANGER)
    assert attempt.lead_id == again.lead_id
    assert attempt.lead.zone_key == "America/New_York"
    assert attempt.lead.lead_list.name == f"{campaign.name}: people who rang us"
    links = select(CampaignList.campaign_id).where(CampaignList.list_id == attempt.lead.list_id)
    assert db.session.scalars(links).all() == [campaign.id]


def test_a_withheld_number_is_taken_too_and_never_rung_back():
    make_dialing_campaign()

    attempt = end_call(ring_in(""), "missed_inbound")

    assert attempt.number == attempt.lead.number == WITHHELD
    assert count(Callback) == 0


def test_a_number_without_its_country_is_one_of_the_country_that_was_dialed():
    make_dialing_campaign()

    assert ring_in("2125550177").number == "+12125550177"
    assert ring_in("12", "b").number == WITHHELD


def test_a_call_that_rings_in_is_recorded_as_the_campaign_wants(app: Flask):
    make_dialing_campaign(recording_policy="always", recording_announcement="This call is recorded.")
    call = RingingIn("simulated", "a", STRANGER, OURS, clock.now().timestamp())
    assert take(call).recording is None  # without a key nothing is

    with recording_keys(app):
        assert take(call).recording == RecordingPlan("This call is recorded.")


def test_a_number_that_nobody_shows_or_a_campaign_that_takes_no_calls_is_refused():
    called = make_called()

    assert ring_in(called.number, dialed="+12025550199") is None
    assert ring_in(called.number, dialed="anonymous") is None
    called.campaign.takes_inbound = False
    db.session.commit()
    assert ring_in(called.number) is None


def test_a_real_call_never_lands_in_a_simulated_campaign():
    assert ring_in(make_called().number, carrier="asterisk") is None


def test_somebody_on_the_do_not_call_list_may_ring_us():
    called = make_called()
    add_entry(number=called.number, scope=DoNotCallScope.CLIENT, client_id=called.client_id, source="web")
    db.session.commit()

    attempt = ring_in(called.number)

    assert attempt.lead_id == called.lead_id
    assert attempt.lead.dial_state == DialState.DONE


def test_a_floor_that_lost_the_call_is_told_of_it_as_one_that_came_in(app):
    attempt = ring_in(make_called().number)

    found = DatabaseCallLog(app).unsettled_attempts(attempt.campaign_id)

    assert [(attempt_id, state) for attempt_id, state, _since in found] == [(attempt.id, "came_in")]


def test_the_list_of_callers_is_the_clients_own():
    first = make_dialing_campaign(client=make_client(is_demo=True))
    first.state = "finished"
    second = make_dialing_campaign(client=make_client(is_demo=True))
    db.session.commit()

    ring_in(STRANGER)

    found = db.session.scalars(select(Lead).where(Lead.number == STRANGER)).one()
    assert found.client_id == second.client_id == db.session.get(LeadList, found.list_id).client_id


def test_a_call_keeps_the_moment_at_which_it_rang_in():
    called = make_called()
    call = RingingIn("simulated", "a", called.number, OURS, clock.now().timestamp())
    first = take(call)

    second = take(replace(call, at=call.at + 5))

    assert first.attempt_id == second.attempt_id
    assert first.at == second.at
