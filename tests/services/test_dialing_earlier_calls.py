"""The moment of dialing: what other calls to the same number mean, whichever lead, list or campaign they belong to."""

import itertools
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
import redis
from flask import Flask

from dialer.ports import DialingMode, PlaceOrder, Refusal
from telesales import clock
from telesales.calls.models import CallAttempt, Callback
from telesales.calls.service.manual import dial_manually
from telesales.campaigns.models import Campaign, CampaignList
from telesales.dialing.checks import BUSY_FOR
from telesales.dialing.ports import DatabaseCampaigns
from telesales.extensions import db
from telesales.leads.models import Lead, LeadList
from telesales.tenancy.scope import every_client
from tests.factories_agents import make_client
from tests.factories_calls import make_calling_agent
from tests.factories_dialing import make_dialing_campaign, make_waiting_lead, put_agents_on_floor

NUMBER = "+12125550142"
_lists = itertools.count(1)


@pytest.fixture
def ports(app: Flask) -> Iterator[DatabaseCampaigns]:
    with every_client():
        yield DatabaseCampaigns(app)


@pytest.fixture
def campaign(ports: DatabaseCampaigns, redis_server: redis.Redis) -> Campaign:
    campaign = make_dialing_campaign(leads=0)
    put_agents_on_floor(redis_server, campaign)
    return campaign


def make_lead(campaign: Campaign, **columns) -> Lead:
    """A lead with the same number as all the others, in a list of its own."""
    lead_list = LeadList(client_id=campaign.client_id, name=f"Beside {next(_lists)}", region="US")
    db.session.add(lead_list)
    db.session.flush()
    link = CampaignList(client_id=campaign.client_id, campaign_id=campaign.id, list_id=lead_list.id)
    db.session.add(link)
    return make_waiting_lead(campaign, list_id=lead_list.id, number=NUMBER, **columns)


def reserve(ports: DatabaseCampaigns, campaign: Campaign, count: int = 1) -> list[CallAttempt]:
    db.session.commit()
    found = ports.reserve_leads(campaign.id, count, decision={})
    assert len(found) == count
    return [db.session.get_one(CallAttempt, reservation.attempt_id) for reservation in found]


def end(ports: DatabaseCampaigns, attempt: CallAttempt, result: str, *, at: datetime) -> None:
    """As if the attempt had been dialed and had come to this."""
    attempt.state, attempt.result, attempt.ended_at, attempt.settled_at = "ended", result, at, at
    attempt.lead.dial_state = "done"
    db.session.commit()


def test_number_that_is_in_two_lists_is_rung_once_at_a_time(ports, campaign):
    make_lead(campaign), make_lead(campaign)
    first, second = reserve(ports, campaign, 2)

    assert isinstance(ports.claim_attempt(first.id), PlaceOrder)
    refused = ports.claim_attempt(second.id)

    assert isinstance(refused, Refusal)
    assert refused.rule == "number_free"
    assert second.lead.dial_state == "ready"
    assert second.lead.next_attempt_at >= clock.now() + BUSY_FOR - timedelta(minutes=1)


def test_the_one_that_was_reserved_first_is_rung_whichever_job_is_faster(ports, campaign):
    make_lead(campaign), make_lead(campaign)
    first, second = reserve(ports, campaign, 2)

    assert isinstance(ports.claim_attempt(second.id), Refusal)
    assert isinstance(ports.claim_attempt(first.id), PlaceOrder)


@pytest.mark.parametrize("state", ["originating", "ringing", "answered", "connected", "came_in"])
def test_person_who_is_on_the_line_for_another_client_is_not_rung(ports, campaign, state):
    other = make_dialing_campaign(leads=0, client=make_client(is_demo=True))
    make_lead(other)
    (under_way,) = reserve(ports, other)
    under_way.state = state
    make_lead(campaign)
    (attempt,) = reserve(ports, campaign)

    refused = ports.claim_attempt(attempt.id)

    assert isinstance(refused, Refusal)
    assert refused.rule == "number_free"
    assert str(under_way.id) not in refused.reason.split()


def test_call_that_is_over_is_in_nobodys_way(ports, campaign):
    make_lead(campaign), make_lead(campaign)
    first, second = reserve(ports, campaign, 2)
    end(ports, first, "no_answer", at=clock.now())

    assert isinstance(ports.claim_attempt(second.id), PlaceOrder)


def test_lead_with_a_call_under_way_stays_with_that_call(ports, campaign):
    """A late word about yesterday's call made it ready while today's is under way."""
    lead = make_lead(campaign)
    (first,) = reserve(ports, campaign)
    first.state, lead.dial_state = "connected", "ready"
    (second,) = reserve(ports, campaign)

    assert isinstance(ports.claim_attempt(second.id), Refusal)
    assert lead.dial_state == "reserved"


@pytest.fixture
def pressed_twice(
    ports: DatabaseCampaigns, campaign: Campaign, redis_server: redis.Redis
) -> list[CallAttempt]:
    """An agent dialed two leads, for nothing happened at once."""
    agent = make_calling_agent()
    put_agents_on_floor(redis_server, campaign, agent.id)
    leads = [make_waiting_lead(campaign) for _ in range(2)]
    attempts = [dial_manually(agent, lead, campaign) for lead in leads]
    db.session.commit()
    return attempts


def test_agent_who_dials_twice_has_the_first_one(ports, pressed_twice):
    first, second = pressed_twice

    refused = ports.claim_attempt(second.id)

    assert isinstance(refused, Refusal)
    assert refused.rule == "agent_there"
    assert isinstance(ports.claim_attempt(first.id), PlaceOrder)


def test_agent_whose_first_call_is_over_dials_the_next_one(ports, pressed_twice):
    first, second = pressed_twice
    end(ports, first, "busy", at=clock.now())

    assert isinstance(ports.claim_attempt(second.id), PlaceOrder)


def test_call_that_nobody_has_ended_does_not_hold_its_agent_up_for_long(ports, pressed_twice):
    first, second = pressed_twice
    first.state, first.reserved_at = "connected", clock.now() - timedelta(seconds=31)
    db.session.commit()

    assert isinstance(ports.claim_attempt(second.id), PlaceOrder)


def british(campaign: Campaign, ports: DatabaseCampaigns, result: str, *, hours_ago: float) -> CallAttempt:
    """A call of one list ended like this; the number is about to be rung for another."""
    campaign.rule_pack = "uk"
    make_lead(campaign), make_lead(campaign)
    first, second = reserve(ports, campaign, 2)
    end(ports, first, result, at=clock.now() - timedelta(hours=hours_ago))
    return second


@pytest.mark.parametrize(("result", "hours"), [("abandoned", 72), ("machine", 24)])
def test_british_rules_let_a_number_rest_until_their_time_is_over(ports, campaign, result, hours):
    attempt = british(campaign, ports, result, hours_ago=hours - 0.1)

    refused = ports.claim_attempt(attempt.id)

    assert isinstance(refused, Refusal)
    assert refused.rule == "number_rests"
    assert attempt.lead.dial_state == "ready"
    wait = attempt.lead.next_attempt_at - clock.now()
    assert timedelta(minutes=5) < wait <= timedelta(minutes=6)


@pytest.mark.parametrize(("result", "hours"), [("abandoned", 72.1), ("machine", 24.1), ("no_answer", 0.1)])
def test_afterwards_it_is_rung(ports, campaign, result, hours):
    assert isinstance(ports.claim_attempt(british(campaign, ports, result, hours_ago=hours).id), PlaceOrder)


@pytest.mark.parametrize("pack", ["us", "ca"])
def test_other_rules_ask_for_no_rest(ports, campaign, pack):
    attempt = british(campaign, ports, "abandoned", hours_ago=1)
    campaign.rule_pack = pack
    db.session.commit()

    assert isinstance(ports.claim_attempt(attempt.id), PlaceOrder)


def test_agent_who_dials_is_there_for_a_person_who_was_abandoned(ports, campaign, redis_server):
    attempt = british(campaign, ports, "abandoned", hours_ago=1)
    attempt.mode = DialingMode.MANUAL
    db.session.commit()

    assert isinstance(ports.claim_attempt(attempt.id), PlaceOrder)


def promise(attempt: CallAttempt, *, at: datetime) -> None:
    db.session.add(
        Callback(
            client_id=attempt.client_id,
            lead_id=attempt.lead_id,
            campaign_id=attempt.campaign_id,
            scheduled_for=at,
            time_zone="America/New_York",
        )
    )
    db.session.commit()


def test_who_was_abandoned_and_rang_us_is_rung_back(ports, campaign):
    attempt = british(campaign, ports, "abandoned", hours_ago=1)
    promise(attempt, at=clock.now() - timedelta(minutes=1))

    assert isinstance(ports.claim_attempt(attempt.id), PlaceOrder)


def test_who_was_abandoned_when_the_promise_was_kept_rests_too(ports, campaign):
    attempt = british(campaign, ports, "abandoned", hours_ago=1)
    promise(attempt, at=clock.now() - timedelta(minutes=61))

    assert isinstance(ports.claim_attempt(attempt.id), Refusal)


@pytest.mark.parametrize(("minutes", "answer"), [(-1, PlaceOrder), (60, Refusal)])
def test_promise_is_kept_when_its_time_has_come_whatever_the_attempts(ports, campaign, minutes, answer):
    lead = make_lead(campaign, attempts=campaign.max_attempts)
    (attempt,) = reserve(ports, campaign)
    promise(attempt, at=clock.now() + timedelta(minutes=minutes))

    assert isinstance(ports.claim_attempt(attempt.id), answer)
    assert lead.dial_state == ("reserved" if answer is PlaceOrder else "done")
