"""Credentials for telephones: who gets them, for how long, and where they are used."""

from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from dialer.carriers.asterisk.agents_book import agent_channel, digest_of
from dialer.carriers.asterisk.turn import turn_login
from dialer.ports import LineState
from telesales import clock
from telesales.access.limits import limiter
from telesales.access.roles import Role
from telesales.extensions import redis_client
from telesales.telephony import credentials
from tests.actors import Actor, as_role
from tests.factories_telephony import TELEPHONY_FILE, make_line, pushed
from tests.telephones import JSON, asked, seated, use_asterisk


@pytest.fixture(autouse=True)
def telephony(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return use_asterisk(app, monkeypatch, tmp_path / "telephony.toml")


def opened(agent: Actor, window: str = "w1", **form):
    return agent.post("/telephone/open", headers={**JSON, "X-Desk-Window": window}, **form)


def test_an_agent_gets_short_lived_credentials_that_only_the_carrier_hears_of(client, caplog):
    caplog.set_level("DEBUG")
    agent = seated(client)

    first, second = opened(agent).json, opened(agent).json

    assert first["password"] != second["password"]
    assert len(first["password"]) >= 32
    assert first["seconds"] <= 300
    assert [command["browser"] for command in asked()] == [
        digest_of(agent_channel(agent.user_id), made["password"]) for made in (first, second)
    ]
    assert first["password"] not in str(asked())
    assert float(asked()[0]["expires"]) <= clock.now().timestamp() + 300
    assert first["password"] not in caplog.text
    assert first["password"] not in repr(credentials.Credentials(first["password"], 1))


@pytest.mark.parametrize("way", ["open", "own"])
def test_nobody_gets_credentials_without_end(client, way):
    agent = seated(client)
    limiter.enabled = True
    limiter.reset()
    try:
        answers = [agent.post(f"/telephone/{way}", headers=JSON).status_code for _ in range(31)]
    finally:
        limiter.enabled = False

    assert (answers[:30], answers[30]) == ([200] * 30, 429)
    assert len(asked()) == 30


def test_whoever_is_deactivated_loses_the_telephone_too(client):
    agent = seated(client)
    make_line(redis_client(), agent.user_id)
    manager = as_role(client, Role.MANAGER)

    assert manager.post(f"/people/{agent.user_id}/deactivate").status_code == 303

    assert [(command["command"], command["agent"]) for command in asked()] == [
        ("agent.close", str(agent.user_id))
    ]


def test_credentials_are_not_for_a_simulated_campaign(client):
    answer = opened(seated(client, "simulated"))

    assert (answer.status_code, answer.json["error"]) == (409, "no-telephone")
    assert asked() == []


def test_credentials_are_not_for_somebody_who_is_not_signed_on(client):
    assert opened(as_role(client, Role.AGENT)).status_code == 409
    assert asked() == []


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.CLIENT])
def test_credentials_are_not_for_people_who_do_not_speak(client, role):
    assert opened(as_role(client, role)).status_code == 403


def test_a_supervisor_may_have_a_telephone(client):
    assert opened(as_role(client, Role.SUPERVISOR)).status_code == 200


def test_without_asterisk_nobody_has_a_telephone(client, app, monkeypatch):
    settings = replace(app.config["TELESALES"], telephony_file="")
    monkeypatch.setitem(app.config, "TELESALES", settings)

    assert opened(as_role(client, Role.SUPERVISOR)).status_code == 409


def test_a_carrier_that_is_away_is_said(client):
    redis_client().delete("ts:alive:carrier:asterisk")

    answer = opened(seated(client))

    assert (answer.status_code, answer.json["error"]) == (503, "telephone-away")


def test_a_second_window_does_not_take_the_telephone_unasked(client):
    agent = seated(client)
    opened(agent, "w1")
    make_line(redis_client(), agent.user_id)

    answer = opened(agent, "w2")

    assert (answer.status_code, answer.json["error"]) == (409, "telephone-elsewhere")
    assert opened(agent, "w1").status_code == 200
    assert len(asked()) == 2


def test_a_second_window_takes_the_telephone_when_asked_and_the_first_hears_of_it(client):
    agent = seated(client)
    opened(agent, "w1")
    make_line(redis_client(), agent.user_id)

    assert opened(agent, "w2", take="1").status_code == 200
    assert pushed(redis_client(), "telephone") == [{"window": "w2"}]
    assert opened(agent, "w1").status_code == 409


def test_a_window_that_is_gone_holds_nothing(client):
    agent = seated(client)
    opened(agent, "w1")
    make_line(redis_client(), agent.user_id, LineState.LOST)

    assert opened(agent, "w2").status_code == 200


def test_the_page_reads_where_to_register(client):
    agent = seated(client)
    make_line(redis_client(), agent.user_id, LineState.OPEN)

    line = agent.get("/telephone", headers=JSON).json["line"]

    assert line["address"] == "wss://voice.example.com:8089/ws"
    assert line["state"] == "open"
    assert line["ice_servers"] == [{"urls": ["stun:stun.example.com:3478"]}]


TURN = '[turn]\nurls = ["turn:turn.example.com:3478", "turns:turn.example.com"]\nsecret_env = "TURN_SECRET"\n'


def test_the_page_gets_short_lived_credentials_for_the_turn_server(client, telephony, monkeypatch):
    telephony.write_text(TELEPHONY_FILE + TURN)
    monkeypatch.setenv("TURN_SECRET", "a shared secret")
    agent = seated(client)
    make_line(redis_client(), agent.user_id, LineState.OPEN)

    with clock.freeze(clock.now()):
        answer = agent.get("/telephone", headers=JSON)
        expires = int(clock.now().timestamp()) + 3600

    stun, turn = answer.json["line"]["ice_servers"]
    expected = turn_login("a shared secret", f"person-{agent.user_id}", expires)
    assert stun == {"urls": ["stun:stun.example.com:3478"]}
    assert turn == {
        "urls": ["turn:turn.example.com:3478", "turns:turn.example.com"],
        "username": expected.username,
        "credential": expected.credential,
    }
    assert "a shared secret" not in answer.text


def test_without_its_secret_there_is_no_turn_server_and_the_rest_goes_on(
    client, telephony, monkeypatch, caplog
):
    telephony.write_text(TELEPHONY_FILE + TURN)
    monkeypatch.delenv("TURN_SECRET", raising=False)
    agent = seated(client)
    make_line(redis_client(), agent.user_id, LineState.OPEN)

    line = agent.get("/telephone", headers=JSON).json["line"]

    assert line["ice_servers"] == [{"urls": ["stun:stun.example.com:3478"]}]
    assert "TURN_SECRET" in caplog.text


def test_nobody_is_sent_to_a_server_that_the_operator_did_not_name(client, telephony):
    telephony.write_text(TELEPHONY_FILE.replace('ice_servers = ["stun:stun.example.com:3478"]', ""))
    agent = seated(client)
    make_line(redis_client(), agent.user_id, LineState.OPEN)

    assert agent.get("/telephone", headers=JSON).json["line"]["ice_servers"] == []


def own(agent: Actor):
    return agent.post("/telephone/own", headers={**JSON, "X-Desk-Window": "w1"})


def test_a_telephone_on_the_desk_gets_credentials_for_the_day_that_can_be_typed(client):
    agent = seated(client)

    made = own(agent).json

    assert made["user"] == f"phone-{agent.user_id}"
    assert made["seconds"] == 12 * 3600
    assert len(made["password"]) == 16
    assert made["password"].isalnum()
    assert asked()[0]["phone"] == digest_of(made["user"], made["password"])
    assert made["password"] not in str(asked())
    make_line(redis_client(), agent.user_id)
    line = agent.get("/telephone", headers=JSON).json["line"]
    assert line["sip_server"] == "voice.example.com:5060"


def test_a_browser_does_not_take_the_line_of_a_telephone_on_the_desk_unasked(client):
    agent = seated(client)
    own(agent)
    make_line(redis_client(), agent.user_id)

    assert opened(agent, "w1").json["error"] == "telephone-elsewhere"
    assert opened(agent, "w1", take="1").status_code == 200


def test_a_telephone_on_the_desk_is_not_for_a_simulated_campaign(client):
    assert own(seated(client, "simulated")).status_code == 409
    assert asked() == []
