"""Who may listen to calls, and what the agent is told of it."""

import pytest
from flask.testing import FlaskClient

from dialer.live import alive_key
from telesales.access.roles import LEADERS, Role
from telesales.centre.service import CentreFacts, change_settings
from telesales.extensions import transaction
from tests.actors import Actor, as_role, as_user
from tests.factories_agents import make_client
from tests.factories_desk import DeskScene, make_desk_call
from tests.listening import URL, steps, take_part


@pytest.fixture
def scene(app) -> DeskScene:
    with transaction():
        return make_desk_call(agent={"name": "Mei Lin"}, name="Spring")


@pytest.fixture(autouse=True)
def carrier(redis_server) -> None:
    redis_server.set(alive_key("carrier", "simulated"), "1")


@pytest.fixture
def supervisor(client: FlaskClient, scene: DeskScene) -> Actor:
    return as_role(client, Role.SUPERVISOR, name="Kim Park")


def test_call_of_another_client_is_not_there(client, scene):
    with transaction():
        theirs = make_client()
    stranger = as_role(client, Role.SUPERVISOR, client_id=theirs.id)

    assert take_part(stranger, scene).status_code == 404
    assert steps() == []


@pytest.mark.parametrize("role", [Role.AGENT, Role.REVIEWER])
def test_others_may_not_listen(client, scene, role):
    assert take_part(as_role(client, role), scene).status_code == 403


@pytest.mark.parametrize("role", LEADERS)
def test_leaders_may_listen(client, scene, role):
    assert take_part(as_role(client, role), scene).status_code == 200


def test_listening_needs_the_pages_token(client, supervisor, scene):
    assert client.post(URL, data={"agent": scene.agent_id, "mode": "listen"}).status_code == 400


def notice(client: FlaskClient, scene: DeskScene) -> str:
    return as_user(client, scene.agent).get("/supervision/notice").text


def test_desk_shows_who_listens_until_it_is_over(client, supervisor, scene):
    take_part(supervisor, scene)
    listening = notice(client, scene)
    again = as_role(client, Role.SUPERVISOR, name="Lee Wu")
    take_part(again, scene, "whisper")

    assert "Kim Park listens." in listening
    assert "Lee Wu whispers: only you hear it." in notice(client, scene)


def test_desk_keeps_silent_about_listeners_when_the_centre_wants_it(client, supervisor, scene):
    with transaction():
        change_settings(
            CentreFacts(name="C", locale="en", time_zone="UTC", currency="USD", shows_listeners=False)
        )
    take_part(supervisor, scene)
    silent = notice(client, scene)
    supervisor = as_role(client, Role.SUPERVISOR, name="Lee Wu")
    take_part(supervisor, scene, "barge")

    assert "Kim Park" not in silent
    assert "Lee Wu is in the call: everybody hears it." in notice(client, scene)
