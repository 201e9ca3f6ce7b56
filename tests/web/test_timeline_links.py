"""Timelines are reached from everywhere that names a call, a lead or an agent."""

import pytest
from flask.testing import FlaskClient

from telesales.access.roles import Role
from telesales.calls.models import CallAttempt
from telesales.extensions import db, transaction
from telesales.tenancy.scope import every_client
from tests.actors import Actor, as_role, as_user
from tests.factories_calls import make_attempt, make_calling_agent, make_on_floor, make_recorded_sale
from tests.factories_desk import DeskScene, make_desk_call


@pytest.fixture
def scene(app) -> DeskScene:
    with transaction():
        return make_desk_call(agent={"name": "Mei Lin"})


@pytest.fixture
def supervisor(client: FlaskClient, scene: DeskScene) -> Actor:
    return as_role(client, Role.SUPERVISOR)


def lead_id(scene: DeskScene) -> int:
    with every_client():
        return db.session.get_one(CallAttempt, scene.attempt_id).lead_id


def of_call(scene: DeskScene) -> str:
    return f"/timelines/calls/{scene.attempt_id}"


def test_page_of_a_lead_leads_to_its_history_and_its_calls(supervisor, scene):
    number = lead_id(scene)

    assert f"/timelines/leads/{number}" in supervisor.get(f"/leads/{number}").text
    assert of_call(scene) in supervisor.get(f"/calls/of-lead/{number}").text


def test_sales_lead_to_their_calls(supervisor, scene):
    with every_client(), transaction():
        make_recorded_sale(db.session.get_one(CallAttempt, scene.attempt_id))

    assert of_call(scene) in supervisor.get("/sales").text


def test_page_of_rules_and_decision_leads_to_the_timeline(supervisor, scene):
    page = supervisor.get(f"/floor/{scene.campaign_id}/calls/{scene.attempt_id}").text

    assert of_call(scene) in page


def test_floor_leads_to_the_call_and_to_the_day_of_an_agent(supervisor, scene):
    page = supervisor.get(f"/supervision/agents/{scene.agent_id}").text

    assert of_call(scene) in page
    assert f"/timelines/agents/{scene.agent_id}" in page


def test_campaign_leads_to_its_decisions(client, scene):
    path = f"/campaigns/{scene.campaign_id}"

    assert f"/floor/{scene.campaign_id}/decisions" in as_role(client, Role.MANAGER).get(path).text


def test_desk_leads_to_the_agents_own_calls_only(client, scene):
    with every_client(), transaction():
        lead = db.session.get_one(CallAttempt, scene.attempt_id).lead
        other = make_calling_agent()
        own = make_attempt(scene.agent, campaign=scene.campaign, lead=lead).id
        foreign = make_attempt(other, campaign=scene.campaign, lead=lead).id
        now = make_attempt(scene.agent, campaign=scene.campaign, lead=lead)
        make_on_floor(scene.agent, scene.campaign, "on_call", now)

    page = as_user(client, scene.agent).get("/desk").text

    assert f"/timelines/calls/{own}" in page
    assert f"/timelines/calls/{foreign}" not in page


def test_waiting_desk_leads_to_the_last_call(client, scene):
    with every_client():
        make_on_floor(scene.agent, scene.campaign, "ready")

    assert of_call(scene) in as_user(client, scene.agent).get("/desk").text
