"""Leaving the campaign's message on an answering machine: only where there is a message."""

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from telesales.extensions import redis_client, transaction
from tests.actors import Actor, as_user
from tests.factories_desk import DeskScene, make_desk_call
from tests.factories_telephony import TELEPHONY_FILE, commands, make_talk
from tests.telephones import JSON, use_asterisk


@pytest.fixture
def sounds(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the spoken messages."""
    folder = tmp_path / "sounds"
    folder.mkdir()
    text = f'sounds_folder = "{folder}"\n{TELEPHONY_FILE}'
    use_asterisk(app, monkeypatch, tmp_path / "telephony.toml", text)
    return folder


@pytest.fixture
def scene(app: Flask) -> DeskScene:
    with transaction():
        scene = make_desk_call(carrier="asterisk")
    make_talk(redis_client(), scene)
    return scene


@pytest.fixture
def agent(client: FlaskClient, scene: DeskScene) -> Actor:
    return as_user(client, scene.agent)


def leave(agent: Actor, scene: DeskScene):
    return agent.post(f"/telephone/call/{scene.attempt_id}/drop_voicemail", headers=JSON)


@pytest.mark.parametrize("name", ["voicemail.wav", "campaign-{id}-voicemail.wav"])
def test_the_message_is_left_where_there_is_one(agent, scene, sounds, name):
    (sounds / name.format(id=scene.campaign_id)).write_bytes(b"RIFF")

    assert 'data-phone-verb="drop_voicemail"' in agent.get("/desk").text
    assert leave(agent, scene).status_code == 204
    (asked,) = commands(redis_client(), "asterisk")
    assert asked == {"command": "drop_voicemail", "attempt": str(scene.attempt_id)}


@pytest.mark.parametrize("name", ["", "abandoned.wav", "campaign-99-voicemail.wav"])
def test_nothing_is_offered_or_done_without_a_message(agent, scene, sounds, name):
    if name:
        (sounds / name).write_bytes(b"RIFF")

    assert "drop_voicemail" not in agent.get("/desk").text
    answer = leave(agent, scene)
    assert (answer.status_code, answer.json["error"]) == (409, "no-message")
    assert commands(redis_client(), "asterisk") == []
