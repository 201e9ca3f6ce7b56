"""The desk when somebody rings us."""

import pytest
from flask.testing import FlaskClient

from telesales.access.roles import Role
from telesales.calls.models import CallAttempt, CallDirection
from telesales.calls.service.dispositions import find_disposition
from telesales.compliance.models import DoNotCallScope
from telesales.compliance.service import add_entry
from telesales.extensions import db, transaction
from telesales.phone import WITHHELD
from telesales.tenancy.scope import every_client
from tests.actors import Actor, as_role, as_user
from tests.factories_calls import make_attempt, make_on_floor
from tests.factories_desk import DeskScene, make_desk_call


@pytest.fixture
def scene(app) -> DeskScene:
    with transaction(), every_client():
        scene = make_desk_call()
        scene.attempt.direction = CallDirection.INBOUND
        db.session.flush()
        return scene


@pytest.fixture
def agent(client: FlaskClient, scene: DeskScene) -> Actor:
    return as_user(client, scene.agent)


def shown(agent: Actor, scene: DeskScene) -> str:
    return agent.get(f"/desk/call/{scene.attempt_id}").text


def test_the_desk_says_that_they_ring_us_and_when_we_rang_last(agent, scene):
    with transaction(), every_client():
        called, lead = scene.campaign, scene.attempt.lead
        scene.attempt.direction = CallDirection.OUTBOUND
        now = make_attempt(scene.agent, campaign=called, lead=lead, direction=CallDirection.INBOUND)
        make_on_floor(scene.agent, called, "on_call", now)

    page = agent.get("/desk").text

    assert "rings in" in page
    assert "Rings us" in page
    assert "our last call" in page


def test_outbound_calls_say_nothing_of_it(client):
    with transaction():
        scene = make_desk_call()

    page = as_user(client, scene.agent).get("/desk").text

    assert "rings in" not in page
    assert "Rings us" not in page


def test_the_mark_of_the_do_not_call_list_is_seen_at_once(agent, scene):
    assert "do-not-call list" not in shown(agent, scene)
    with transaction(), every_client():
        attempt = db.session.get(CallAttempt, scene.attempt_id)
        add_entry(
            number=attempt.number,
            scope=DoNotCallScope.CLIENT,
            client_id=attempt.client_id,
            source="web",
        )

    assert "You may answer, and never ring this number." in shown(agent, scene)


def test_a_withheld_number_shows_no_history_of_other_people(agent, scene):
    with transaction(), every_client():
        make_attempt(scene.agent, campaign=scene.campaign, lead=scene.attempt.lead, id=scene.attempt_id + 1)
        attempt = db.session.get(CallAttempt, scene.attempt_id)
        attempt.number = attempt.lead.number = WITHHELD
        db.session.flush()

    page = shown(agent, scene)

    assert "number withheld" in page
    assert "We have not rung this person before." in page


def test_the_outcome_is_saved_as_in_any_call(agent, scene):
    answer = agent.post(f"/desk/call/{scene.attempt_id}/finish", code="not_interested", note="rang to ask")

    assert answer.status_code == 200
    with every_client():
        assert find_disposition(scene.attempt_id).note == "rang to ask"


def test_the_history_of_the_lead_says_who_rang_whom(client, scene):
    with every_client():
        lead_id = db.session.get(CallAttempt, scene.attempt_id).lead_id

    page = as_role(client, Role.MANAGER).get(f"/calls/of-lead/{lead_id}")

    assert page.status_code == 200
    assert "rang us" in page.text
