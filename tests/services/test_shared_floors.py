"""Campaigns that share their agents: who stands together, whom an agent serves, and what an edit changes at once."""

import json
from dataclasses import replace

import pytest

from dialer.live import ON_FLOOR_KEY, agent_entry, events_stream, floor_key, lease_key
from telesales.calls import floor
from telesales.calls.models import CallAttempt
from telesales.campaigns import queries
from telesales.campaigns.models import Campaign, SharedFloor
from telesales.campaigns.service import editing
from telesales.campaigns.states import CampaignState
from telesales.desk.service import shift
from telesales.desk.service.live import live_state
from telesales.dialing.ports import DatabaseCampaigns
from telesales.errors import InvalidInputError
from telesales.extensions import db, redis_client, transaction
from telesales.tenancy.models import Client
from telesales.tenancy.scope import client_scope, every_client
from tests.factories_calls import make_calling_agent, make_on_floor
from tests.factories_campaigns import make_campaign
from tests.factories_dialing import make_dialing_campaign, make_waiting_lead


@pytest.fixture(autouse=True)
def whole_centre(app):
    with app.test_request_context(), every_client():
        yield


def made(floor_name: str = "", **overrides) -> Campaign:
    with transaction():
        campaign = make_campaign(**{"state": CampaignState.RUNNING, **overrides})
        if floor_name:
            campaign.shared_floor = named(floor_name)
        return campaign


def named(name: str) -> SharedFloor:
    found = db.session.query(SharedFloor).filter_by(name=name).one_or_none()
    return found or SharedFloor(name=name)


def agent():
    with transaction():
        return make_calling_agent()


def edit(campaign: Campaign, **changes) -> Campaign:
    with transaction():
        values = replace(editing.values_of(campaign), **changes)
        return editing.edit_campaign(campaign.id, values, base_version=campaign.version)


def said(redis_server, campaign: Campaign) -> list[tuple[str, dict]]:
    entries = redis_server.xrange(events_stream(campaign.id))
    found = [(fields["kind"], json.loads(fields["data"])) for _id, fields in entries]
    return [(kind, data) for kind, data in found if kind.startswith("agent")]


def test_active_campaigns_of_a_floor_stand_together(app):
    first, second = made("Morning"), made("Morning", state=CampaignState.PAUSED)
    made("Morning", state=CampaignState.READY)
    alone, other = made(), made("Evening")

    groups = DatabaseCampaigns(app).list_floors()

    expected = [(alone.id,), (first.id, second.id), (other.id,)]
    assert sorted(groups) == sorted(expected)


def test_settings_tell_the_priority(app):
    campaign = made("Morning", priority=2)

    assert DatabaseCampaigns(app).settings(campaign.id).priority == 2


def test_agent_serves_the_campaigns_of_the_floor_on_which_the_agent_may_work(redis_server):
    person = agent()
    first, second = made("Morning", agents=[person]), made("Morning", agents=[person])
    made("Morning")
    made("Morning", agents=[person], state=CampaignState.FINISHED)

    shift.sign_on(person, first.id)

    assert said(redis_server, first) == [("agent.signed_on", {"serves": [first.id, second.id]})]


def test_agent_of_a_campaign_of_its_own_serves_it_alone(redis_server):
    person = agent()
    campaign = made(agents=[person])

    shift.sign_on(person, campaign.id)

    assert said(redis_server, campaign) == [("agent.signed_on", {})]


def test_agent_who_is_bound_to_a_client_serves_no_other_client():
    person = agent()
    first, second = made("Morning", agents=[person]), made("Morning", agents=[person])
    assert queries.campaigns_served(person, first) == [first.id, second.id]

    person.client_id = first.client_id

    assert queries.campaigns_served(person, first) == [first.id]


def test_joining_a_floor_counts_at_once_for_agents_who_are_signed_on(redis_server):
    person = agent()
    first, second = made("Morning", agents=[person]), made(agents=[person])
    make_on_floor(person, second, home=second.id)

    edit(second, floor="Morning")

    assert said(redis_server, second) == [
        ("agent.signed_on", {"home": second.id, "serves": [first.id, second.id]})
    ]


def test_lent_agent_goes_home_when_the_floor_is_parted(redis_server):
    person = agent()
    first, second = made("Morning", agents=[person]), made("Morning", agents=[person])
    make_on_floor(person, second, home=first.id, serves=(first.id, second.id))

    edit(second, floor="")

    assert said(redis_server, second) == [("agent.signed_off", {"after_call": True, "to": first.id})]


def test_edit_that_changes_no_staff_tells_nobody(redis_server):
    person = agent()
    campaign = made("Morning", agents=[person])
    make_on_floor(person, campaign, home=campaign.id)

    edit(campaign, priority=1)

    assert said(redis_server, campaign) == []


def test_another_carrier_cannot_join(app):
    made("Morning", carrier="asterisk")

    with pytest.raises(InvalidInputError) as refused:
        edit(made(), floor="Morning")

    assert "same carrier" in refused.value.fields["floor"]


def test_demo_shares_its_agents_with_demos_only():
    made("Morning", is_demo=True)

    with pytest.raises(InvalidInputError) as refused:
        edit(made(), floor="Morning")

    assert "demos only" in refused.value.fields["floor"]


def test_who_is_bound_to_a_client_does_not_join_a_floor_of_others():
    made("Morning")
    with transaction():
        mine = Client(name="Mine")
        db.session.add(mine)
    campaign = made(client=mine)

    with client_scope(mine.id), pytest.raises(InvalidInputError) as refused:
        edit(campaign, floor="Morning")

    assert "taken" in refused.value.fields["floor"]
    with client_scope(mine.id):
        assert queries.floors_in_sight(campaign) == []
        assert edit(campaign, floor="Ours").shared_floor.name == "Ours"


def test_history_names_the_floor_and_gives_it_back():
    campaign = made("Morning")
    version = campaign.version

    edit(campaign, floor="", priority=3)

    before = editing.values_at(campaign, version)
    assert (before.floor, before.priority) == ("Morning", 5)


def test_lent_agent_knows_where_home_is():
    person = agent()
    first, second = made("Morning", agents=[person]), made("Morning", agents=[person])
    make_on_floor(person, second, home=first.id)

    live = live_state(person.id)

    assert (live.campaign_id, live.home_id) == (second.id, first.id)


def test_agent_who_is_lent_between_two_reads_is_found(monkeypatch):
    person = agent()
    first, second = made("Morning", agents=[person]), made("Morning", agents=[person])
    make_on_floor(person, first)
    client = redis_client()
    read = client.hget

    def lend_after_reading(name: str, key: str):
        answer = read(name, key)
        if (name, answer) == (ON_FLOOR_KEY, str(first.id)):
            client.hdel(floor_key(first.id), agent_entry(person.id))
            make_on_floor(person, second)
        return answer

    monkeypatch.setattr(client, "hget", lend_after_reading)

    assert floor.agent_state(person.id)["campaign_id"] == second.id


def test_call_by_hand_is_allowed_for_an_agent_who_comes_over_for_it(app, redis_server):
    person = agent()
    ports = DatabaseCampaigns(app)
    campaign, other = make_dialing_campaign(leads=0), made()
    make_waiting_lead(campaign)
    db.session.commit()
    (reservation,) = ports.reserve_leads(campaign.id, 1, decision={})
    attempt = db.session.get(CallAttempt, reservation.attempt_id)
    attempt.agent_id = person.id
    db.session.commit()
    redis_server.set(lease_key(campaign.id), "test")
    make_on_floor(person, other, serves=(campaign.id, other.id))

    assert ports.claim_attempt(attempt.id).attempt_id == attempt.id
