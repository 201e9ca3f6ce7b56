"""An agent's day: what it tells, and who may read it."""

import pytest
from flask.testing import FlaskClient

from telesales.access.roles import Role
from telesales.agents.models import AgentStateChange
from telesales.extensions import db, transaction
from telesales.tenancy.scope import every_client
from tests.actors import Actor, as_role, as_user
from tests.factories_calls import make_calling_agent
from tests.factories_desk import DeskScene, make_desk_call
from tests.factories_timelines import at, make_states, make_told_call, places_of


@pytest.fixture
def scene(app) -> DeskScene:
    with transaction():
        return make_told_call()


@pytest.fixture
def supervisor(client: FlaskClient, scene: DeskScene) -> Actor:
    return as_role(client, Role.SUPERVISOR, name="Kim Park")


def test_day_of_an_agent_tells_states_calls_and_who_sent_him_away(client, scene):
    reader = as_role(client, Role.SUPERVISOR, name="Kim Park", time_zone="UTC")
    make_states(
        scene,
        ("ready", 0, None),
        ("on_call", 60, None),
        ("wrap_up", 160, None),
        ("paused", 200, reader.user_id),
        ("offline", 1400, None),
    )

    page = reader.get(f"/timelines/agents/{scene.agent_id}?day=2026-11-20").text

    places_of(page, "In conversation", "Ann Lee", "Writes up", "Coaching", "by Kim Park", "Signed off")
    assert f"/timelines/calls/{scene.attempt_id}" in page
    assert "1:40" in page


def test_day_with_orders_says_what_was_ordered(client, scene):
    reader = as_role(client, Role.SUPERVISOR, name="Kim Park")
    reader.post(f"/supervision/agents/{scene.agent_id}/pause", reason="coaching", note="room 2")

    page = reader.get(f"/timelines/agents/{scene.agent_id}").text

    places_of(page, "Ordered: a pause", "room 2", "Kim Park")


def test_impossible_day_is_answered_with_today_and_a_sentence(supervisor, scene):
    for day in ("2026-13-40", "tomorrow", "2999-01-01"):
        answer = supervisor.get(f"/timelines/agents/{scene.agent_id}?day={day}")
        assert answer.status_code == 422
        assert "Choose a day up to today." in answer.text


def test_empty_day_says_so(supervisor, scene):
    page = supervisor.get(f"/timelines/agents/{scene.agent_id}?day=2020-01-01").text

    assert "Mei Lin was on no floor on this day." in page


def test_agents_read_their_own_day_only(client, scene):
    with transaction():
        other = make_calling_agent().id
    agent = as_user(client, scene.agent)

    assert agent.get(f"/timelines/agents/{scene.agent_id}").status_code == 200
    assert agent.get(f"/timelines/agents/{other}").status_code == 404


def test_day_shows_a_client_its_own_campaigns_only(client, scene):
    """The agent works for two clients; a reader of one of them sees that part of the day."""
    with every_client(), transaction():
        mine = make_desk_call(agent={"name": "Other"}, name="Mine")
        owner = mine.campaign.client_id
        db.session.add(
            AgentStateChange(
                source_id="mine",
                user_id=scene.agent_id,
                campaign_id=mine.campaign_id,
                state="ready",
                at=at(500),
            )
        )
    make_states(scene, ("on_call", 60, None))
    reader = as_role(client, Role.SUPERVISOR, client_id=owner, time_zone="UTC")

    page = reader.get(f"/timelines/agents/{scene.agent_id}?day=2026-11-20").text

    assert "Ready" in page
    assert "Ann Lee" not in page


def test_long_day_is_paged(client, scene):
    reader = as_role(client, Role.SUPERVISOR, time_zone="UTC")
    make_states(scene, *[("ready" if nth % 2 else "paused", float(nth), None) for nth in range(230)])
    url = f"/timelines/agents/{scene.agent_id}?day=2026-11-20"

    assert "Page 1 of 2" in reader.get(url).text
    assert "Page 2 of 2" in reader.get(f"{url}&page=2").text
    assert "Page 2 of 2" in reader.get(f"{url}&page=9").text


def test_nobody_but_agents_has_a_day(supervisor):
    assert supervisor.get(f"/timelines/agents/{supervisor.user_id}").status_code == 404
