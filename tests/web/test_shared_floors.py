"""Sharing agents on pages: the form of a campaign, the floor page, the desk; and what other clients do not see."""

import json

import pytest

from dialer.live import SNAPSHOT_ENTRY, floor_key
from telesales.access.roles import Role
from telesales.campaigns import queries
from telesales.campaigns.models import Campaign, SharedFloor
from telesales.campaigns.states import CampaignState
from telesales.extensions import db, transaction
from telesales.tenancy.scope import every_client
from tests.actors import as_role, as_user
from tests.factories_calls import make_calling_agent, make_on_floor
from tests.factories_campaigns import make_campaign
from tests.web.test_campaigns import filled, stored


@pytest.fixture
def manager(client):
    return as_role(client, Role.MANAGER)


def made(floor: str = "", **overrides) -> int:
    with every_client(), transaction():
        campaign = make_campaign(**{"state": CampaignState.RUNNING, **overrides})
        if floor:
            found = db.session.query(SharedFloor).filter_by(name=floor).one_or_none()
            campaign.shared_floor = found or SharedFloor(name=floor)
        return campaign.id


def floor_of(campaign_id: int) -> tuple[str, int]:
    campaign = stored(campaign_id)
    return (campaign.shared_floor.name if campaign.shared_floor else "", campaign.priority)


def save(manager, campaign_id: int, **changes):
    return manager.post(f"/campaigns/{campaign_id}/edit", **filled(campaign_id, **changes))


def test_ready_agents_whom_the_dialer_counts_are_told_apart_from_those_who_are_here(manager):
    """On a shared floor it counts agents who are with other campaigns; the tile beside it does not."""
    alone, shared = (manager.get(f"/floor/{made(floor)}").text for floor in ("", "Morning crew"))

    assert '<dt>Ready</dt><dd class="number" data-estimate="idle">' in alone
    assert '<dt>Ready on the shared floor</dt><dd class="number" data-estimate="idle">' in shared


def test_in_chinese_no_space_parts_the_sentences_about_the_floor(client):
    campaign_id = made("Morning crew")
    made("Morning crew", name="Autumn")

    page = as_role(client, Role.MANAGER, locale="zh").get(f"/floor/{campaign_id}").text

    assert "优先级5。共用坐席的活动：" in page


def test_campaign_joins_a_floor_that_is_there_with_its_priority(manager):
    made("Morning crew")
    campaign_id = made()
    assert "Morning crew" in manager.get(f"/campaigns/{campaign_id}/edit").text

    assert save(manager, campaign_id, floor="Morning crew", priority="2").status_code == 303

    assert floor_of(campaign_id) == ("Morning crew", 2)


def test_new_floor_is_made_and_left_again(manager):
    campaign_id = made()
    save(manager, campaign_id, floor="+", new_floor="  Evening   crew ")
    assert floor_of(campaign_id) == ("Evening crew", 5)

    save(manager, campaign_id, floor="", new_floor="")

    assert floor_of(campaign_id) == ("", 5)


@pytest.mark.parametrize(
    ("sent", "says"),
    [
        ({"floor": "+", "new_floor": ""}, "Give the new floor a name."),
        ({"floor": "", "new_floor": "Evening"}, "Choose “A new floor” to use this name"),
        ({"floor": "+", "new_floor": "x" * 81}, "At most 80 characters."),
        ({"priority": "0"}, "1"),
        ({"priority": "ten"}, "whole number"),
    ],
)
def test_what_cannot_be_kept_is_said_at_its_field_and_stays_typed(manager, sent, says):
    campaign_id = made()

    answer = save(manager, campaign_id, **sent)

    assert answer.status_code == 422
    assert says in answer.text
    typed = [value for name, value in sent.items() if name != "floor" and value]
    assert all(f'value="{value}"' in answer.text for value in typed)
    assert floor_of(campaign_id) == ("", 5)


def test_form_without_these_fields_changes_nothing(manager):
    campaign_id = made("Morning crew", priority=2)

    save(manager, campaign_id, purpose="Other")

    assert floor_of(campaign_id) == ("Morning crew", 2)


def test_floor_page_says_with_whom_it_shares_agents(client, redis_server):
    supervisor = as_role(client, Role.SUPERVISOR)
    first, second = made("Morning crew", name="Spring"), made("Morning crew", name="Autumn", priority=7)
    made("Morning crew", name="Gone", state=CampaignState.FINISHED)

    page = supervisor.get(f"/floor/{first}").text

    assert "Shared floor: Morning crew. Priority 5." in page
    assert f'<a href="/floor/{second}">Autumn</a> (priority 7)' in page
    assert "Gone" not in page


def test_who_is_bound_to_a_client_learns_no_name_of_another_clients_campaign(client, redis_server):
    mine, other = made("Morning crew", name="Spring"), made("Morning crew", name="Secret plan")
    with every_client():
        client_id = db.session.get_one(Campaign, mine).client_id
    supervisor = as_role(client, Role.SUPERVISOR, client_id=client_id)
    picture = {
        "agents": [],
        "elsewhere": [{"id": 4, "state": "ready", "since": 1.0, "campaign_id": other}],
        "calls": {},
        "abandonment": {},
        "as_of": 1.0,
    }
    redis_server.hset(floor_key(mine), SNAPSHOT_ENTRY, json.dumps(picture))

    page = supervisor.get(f"/floor/{mine}").text

    assert "Shared floor: Morning crew" in page
    assert "You see no other campaign of it." in page
    assert "Secret plan" not in page
    assert supervisor.get(f"/floor/{other}").status_code == 404


def test_form_offers_no_floor_that_only_other_clients_have(client):
    mine, _other = made(), made("Quiet one")
    with every_client():
        client_id = db.session.get_one(Campaign, mine).client_id
    manager = as_role(client, Role.MANAGER, client_id=client_id)

    assert "Quiet one" not in manager.get(f"/campaigns/{mine}/edit").text
    answer = save(manager, mine, floor="Quiet one")

    assert answer.status_code == 422
    assert "This name is taken" in answer.text


def test_desk_of_a_lent_agent_waits_at_the_campaign_that_the_agent_signed_on_to(client):
    with transaction():
        person = make_calling_agent()
    home, other = (
        made("Morning crew", name="Spring", agents=[person]),
        made("Morning crew", name="Autumn", agents=[person]),
    )
    with every_client():
        make_on_floor(person, queries.get_campaign(other), home=home)

    page = as_user(client, person).get("/desk").text

    assert "<dd>Spring" in page
    assert "<dd>Autumn" not in page
