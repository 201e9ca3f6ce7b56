"""Claiming leads for dialing."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from telesales import clock
from telesales.calls.models import CallAttempt
from telesales.campaigns.models import CampaignList
from telesales.campaigns.queries import agent_ids_of
from telesales.compliance.models import DoNotCallScope
from telesales.compliance.service import add_entry
from telesales.dialing.ports import DatabaseCampaigns
from telesales.extensions import db
from telesales.leads.models import Lead
from telesales.tenancy.scope import every_client
from tests.factories_agents import make_client
from tests.factories_dialing import make_dialing_campaign, make_waiting_lead
from tests.factories_leads import make_lead_list

NOON_IN_NEW_YORK = datetime(2026, 11, 18, 17, 0, tzinfo=UTC)
NINE_TO_FIVE = {day: [["09:00", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}


@pytest.fixture
def ports(app) -> Iterator[DatabaseCampaigns]:
    with every_client():
        yield DatabaseCampaigns(app)


def lead_ids(reservations) -> list[int]:
    return [reservation.lead_id for reservation in reservations]


def ids(*leads: Lead) -> list[int]:
    return [lead.id for lead in leads]


def test_reserved_leads_have_an_attempt_with_the_decision(ports):
    campaign = make_dialing_campaign(leads=2)

    found = ports.reserve_leads(campaign.id, 5, decision={"reason": "enough"})

    attempts = db.session.query(CallAttempt).order_by(CallAttempt.id).all()
    assert [(a.id, a.lead_id, a.number) for a in attempts] == [
        (r.attempt_id, r.lead_id, r.number) for r in found
    ]
    assert {(a.state, a.decision["reason"]) for a in attempts} == {("reserved", "enough")}
    assert len(found) == 2


def test_a_lead_is_reserved_once(ports):
    campaign = make_dialing_campaign(leads=3)

    first = ports.reserve_leads(campaign.id, 2, decision={})
    second = ports.reserve_leads(campaign.id, 2, decision={})

    assert (len(first), len(second)) == (2, 1)
    assert not set(lead_ids(first)) & set(lead_ids(second))


def test_lower_priority_numbers_first_then_those_that_wait_longest(ports):
    campaign = make_dialing_campaign(leads=0)
    now = clock.now()
    late = make_waiting_lead(campaign, next_attempt_at=now - timedelta(minutes=1))
    early = make_waiting_lead(campaign, next_attempt_at=now - timedelta(hours=1), zone_key="America/Chicago")
    promised = make_waiting_lead(campaign, priority=-10)
    make_waiting_lead(campaign, next_attempt_at=now + timedelta(minutes=1))
    expected = ids(promised, early, late)
    db.session.commit()

    assert lead_ids(ports.reserve_leads(campaign.id, 9, decision={})) == expected


def test_promised_call_of_the_second_list_comes_before_the_first_list(ports):
    client = make_client(is_demo=True)
    lists = [make_lead_list(client=client) for _ in range(2)]
    campaign = make_dialing_campaign(leads=0, client=client, lists=lists)
    for place, lead_list in enumerate(lists):
        link = db.session.query(CampaignList).filter_by(list_id=lead_list.id).one()
        link.priority = place
    first, second = lists
    plain = make_waiting_lead(campaign, list_id=first.id)
    promised = make_waiting_lead(campaign, list_id=second.id, priority=-10)
    expected = ids(promised, plain)
    db.session.commit()

    assert lead_ids(ports.reserve_leads(campaign.id, 9, decision={})) == expected


def test_only_leads_whose_zones_are_all_inside_the_hours(ports):
    campaign = make_dialing_campaign(leads=0, calling_hours=NINE_TO_FIVE)
    inside = make_waiting_lead(campaign, zone_key="America/Chicago|America/New_York").id
    make_waiting_lead(campaign, zone_key="America/New_York|Pacific/Honolulu")
    make_waiting_lead(campaign, zone_key="Asia/Shanghai")
    make_waiting_lead(campaign, zone_key="")
    db.session.commit()

    with clock.freeze(NOON_IN_NEW_YORK):
        db.session.query(Lead).update({"next_attempt_at": clock.now()})
        db.session.commit()
        assert lead_ids(ports.reserve_leads(campaign.id, 9, decision={})) == [inside]


def test_outside_everybodys_hours_the_campaign_is_closed_not_out_of_leads(ports):
    campaign = make_dialing_campaign(leads=0, calling_hours=NINE_TO_FIVE)
    with clock.freeze(NOON_IN_NEW_YORK):
        assert ports.settings(campaign.id).in_hours  # nobody waits
        make_waiting_lead(campaign, zone_key="Asia/Shanghai")
        db.session.commit()
        assert not ports.settings(campaign.id).in_hours
        make_waiting_lead(campaign, zone_key="America/New_York")
        db.session.commit()
        assert ports.settings(campaign.id).in_hours


def test_number_on_a_do_not_call_list_ends_for_good_and_another_takes_its_place(ports):
    campaign = make_dialing_campaign(leads=0)
    listed = make_waiting_lead(campaign, priority=-1)
    allowed = make_waiting_lead(campaign)
    db.session.commit()
    add_entry(number=listed.number, scope=DoNotCallScope.COMPANY, source="letter")
    # An entry made by another path, without the signal that ends leads at once.
    db.session.query(Lead).filter_by(id=listed.id).update({"dial_state": "ready", "done_reason": ""})
    expected, ended = allowed.id, listed.id
    db.session.commit()

    assert lead_ids(ports.reserve_leads(campaign.id, 1, decision={})) == [expected]
    lead = db.session.get(Lead, ended)
    assert (lead.dial_state, lead.done_reason) == ("done", "do_not_call")


def test_promise_of_an_agent_is_left_to_the_agent_for_a_while(ports):
    campaign = make_dialing_campaign(leads=0)
    agent_id = agent_ids_of(campaign.id)[0]
    now = clock.now()
    make_waiting_lead(campaign, callback_agent_id=agent_id, next_attempt_at=now - timedelta(minutes=5))
    overdue = make_waiting_lead(
        campaign, callback_agent_id=agent_id, next_attempt_at=now - timedelta(minutes=16)
    ).id
    db.session.commit()

    assert lead_ids(ports.reserve_leads(campaign.id, 9, decision={})) == [overdue]


@pytest.mark.parametrize("state", ["paused", "finished", "ready"])
def test_campaign_that_does_not_run_reserves_nothing(ports, state):
    campaign = make_dialing_campaign(leads=1, state=state)

    assert ports.reserve_leads(campaign.id, 1, decision={}) == []


def test_claimers_at_the_same_time_never_get_the_same_lead(app, ports):
    campaign_id = make_dialing_campaign(leads=40).id
    db.session.remove()
    got: list[int] = []
    start = threading.Barrier(4)

    def claim() -> None:
        start.wait()
        for _round in range(60):  # a claimer that finds a lead locked comes back for it
            got.extend(lead_ids(ports.reserve_leads(campaign_id, 2, decision={})))

    threads = [threading.Thread(target=claim) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(got) == len(set(got)) == 40
