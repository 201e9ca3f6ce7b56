"""The desk of an agent who needs a telephone: what waits for it, closes it and may use it."""

from pathlib import Path

import pytest
from flask import Flask

from dialer.ports import LineState
from telesales.calls import floor
from telesales.extensions import redis_client, transaction
from telesales.tenancy.scope import every_client
from tests.actors import as_user
from tests.factories_calls import make_calling_campaign
from tests.factories_desk import make_desk_call
from tests.factories_telephony import make_line
from tests.telephones import JSON, asked, seated, use_asterisk


@pytest.fixture(autouse=True)
def telephony(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return use_asterisk(app, monkeypatch, tmp_path / "telephony.toml")


def test_signing_off_closes_the_telephone(client):
    agent = seated(client)
    make_line(redis_client(), agent.user_id)

    agent.post("/desk/sign-off")

    assert asked() == [{"command": "agent.close", "agent": str(agent.user_id)}]
    assert floor.campaign_of(agent.user_id) is None


@pytest.mark.parametrize(("carrier", "closed"), [("simulated", 1), ("asterisk", 0)])
def test_signing_on_where_no_telephone_is_needed_closes_it(client, carrier, closed):
    agent = seated(client)
    make_line(redis_client(), agent.user_id)
    with transaction(), every_client():
        other = make_calling_campaign(agent.user, carrier=carrier).id

    assert agent.post("/desk/sign-on", campaign=str(other)).status_code in (200, 204, 303)

    assert floor.campaign_of(agent.user_id) == other
    assert [command["command"] for command in asked()] == ["agent.close"] * closed


def test_signing_off_works_while_the_carrier_is_away(client):
    agent = seated(client)
    make_line(redis_client(), agent.user_id)
    redis_client().delete("ts:alive:carrier:asterisk")

    assert agent.post("/desk/sign-off").status_code == 303
    assert floor.campaign_of(agent.user_id) is None


def test_nobody_is_ready_before_the_telephone_is_connected(client):
    agent = seated(client)

    answer = agent.post("/desk/ready", headers=JSON)
    assert (answer.status_code, answer.json["error"]) == (409, "telephone-not-connected")
    make_line(redis_client(), agent.user_id, LineState.OPEN)
    assert agent.post("/desk/ready").status_code == 409
    make_line(redis_client(), agent.user_id)
    assert agent.post("/desk/ready").status_code == 204


def test_nobody_dials_by_hand_before_the_telephone_is_connected(client):
    agent = seated(client, mode="manual")

    assert agent.post("/desk/dial", headers=JSON, lead="1").json["error"] == "telephone-not-connected"


def test_only_the_desk_of_a_real_campaign_may_use_the_microphone_and_reach_the_node(client):
    agent = seated(client)

    desk, other = agent.get("/desk"), agent.get("/a-page-that-is-not-there")

    assert "microphone=(self)" in desk.headers["Permissions-Policy"]
    assert " wss://voice.example.com:8089;" in desk.headers["Content-Security-Policy"]
    assert "microphone=()" in other.headers["Permissions-Policy"]
    assert "voice.example.com" not in other.headers["Content-Security-Policy"]


def test_the_desk_of_a_simulated_campaign_has_no_microphone(client):
    desk = seated(client, "simulated").get("/desk")

    assert "microphone=()" in desk.headers["Permissions-Policy"]
    assert "voice.example.com" not in desk.headers["Content-Security-Policy"]


def test_a_telephony_file_with_mistakes_breaks_no_page(client, telephony):
    agent = seated(client)
    telephony.write_text("this is not TOML")

    assert agent.get("/desk").status_code == 200
    assert agent.get("/telephone", headers=JSON).status_code == 200


def test_a_simulated_campaign_needs_no_telephone(client, app):
    with transaction():
        scene = make_desk_call(state="paused")
    assert as_user(client, scene.agent).post("/desk/ready").status_code == 204
