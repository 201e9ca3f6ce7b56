"""Pausing a recording: the agent who has the call, nobody else; every time is written down."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from dialer import live
from dialer.carriers.talks import dump
from dialer.ports import Talk
from telesales import clock
from telesales.access.roles import Role
from telesales.extensions import db, redis_client, transaction
from telesales.recordings.models import RecordingPause
from telesales.recordings.queries import as_pauses, pauses_of
from telesales.tenancy.scope import every_client
from tests.actors import Actor, as_role, as_user
from tests.factories_calls import make_calling_agent, make_on_floor
from tests.factories_desk import DeskScene, make_desk_call
from tests.web.conftest import DiskFullError


@pytest.fixture
def scene(app: Flask) -> DeskScene:
    with transaction():
        return make_desk_call()


@pytest.fixture
def agent(client: FlaskClient, scene: DeskScene) -> Actor:
    return as_user(client, scene.agent)


def tell(scene: DeskScene, recording: str, *, again_in: float = 0.0, is_alive: bool = True) -> None:
    """What the carrier says of the call."""
    again_at = clock.now().timestamp() + again_in if again_in else 0.0
    talk = Talk(
        scene.attempt_id,
        scene.campaign_id,
        scene.agent_id,
        recording=recording,
        recording_again_at=again_at,
    )
    redis_client().set(live.talk_key(scene.attempt_id), dump(talk))
    if is_alive:
        redis_client().set(live.alive_key("carrier", "simulated"), "1")


def asked() -> list[dict[str, str]]:
    """What the carrier was asked to do."""
    return [fields for _id, fields in redis_client().xrange(live.carrier_commands("simulated"))]


def notes() -> list[tuple[str, int, int]]:
    with every_client():
        rows = db.session.scalars(select(RecordingPause).order_by(RecordingPause.id))
        return [(row.kind, row.seconds, row.by_id) for row in rows]


def url(scene: DeskScene, verb: str) -> str:
    return f"/recordings/calls/{scene.attempt_id}/{verb}"


def test_a_pause_is_noted_asked_for_and_answered(agent: Actor, scene: DeskScene) -> None:
    tell(scene, "on")

    answer = agent.post(url(scene, "pause"))

    assert answer.status_code == 200
    assert (answer.json["state"], answer.json["seconds"]) == ("paused", 120)
    assert answer.json["again_at"] > clock.now().isoformat()
    assert notes() == [("paused", 120, scene.agent_id)]
    assert [(one["command"], one["attempt"], one["seconds"]) for one in asked()] == [
        ("pause_recording", str(scene.attempt_id), "120.0")
    ]


def test_taking_up_again_is_noted_once(agent: Actor, scene: DeskScene) -> None:
    tell(scene, "paused", again_in=60)
    assert agent.post(url(scene, "resume")).json == {"state": "on"}
    tell(scene, "on")
    assert agent.post(url(scene, "resume")).json == {"state": "on"}

    assert notes() == [("resumed", 0, scene.agent_id)]
    assert [one["command"] for one in asked()] == ["resume_recording"]


def test_a_pause_that_is_over_by_itself_needs_no_note(agent: Actor, scene: DeskScene) -> None:
    tell(scene, "paused", again_in=-1)

    agent.post(url(scene, "resume"))

    assert notes() == asked() == []


@pytest.mark.parametrize("recording", ["", None])
def test_what_is_not_recorded_cannot_be_paused(agent: Actor, scene: DeskScene, recording: str | None) -> None:
    if recording is not None:
        tell(scene, recording)

    answer = agent.post(url(scene, "pause"), headers={"Accept": "application/json"})

    assert (answer.status_code, answer.json["error"]) == (409, "not-recorded")
    assert notes() == asked() == []


def test_only_the_agent_in_the_call_may(client: FlaskClient, scene: DeskScene) -> None:
    tell(scene, "on")
    with transaction(), every_client():
        other = make_calling_agent()
        make_on_floor(other, scene.campaign, "ready")

    for actor in (as_user(client, other), as_role(client, Role.AGENT)):
        answer = actor.post(url(scene, "pause"), headers={"Accept": "application/json"})
        assert (answer.status_code, answer.json["error"]) == (409, "call-over")
    for role in (Role.MANAGER, Role.SUPERVISOR, Role.REVIEWER, Role.CLIENT):
        assert as_role(client, role).post(url(scene, "pause")).status_code == 403

    assert notes() == asked() == []


def test_after_the_call_it_is_over(agent: Actor, scene: DeskScene) -> None:
    tell(scene, "on")
    with every_client():
        make_on_floor(scene.agent, scene.campaign, "wrap_up", scene.attempt)

    assert agent.post(url(scene, "pause"), headers={"Accept": "application/json"}).status_code == 409
    assert notes() == []


def test_a_carrier_that_is_away_is_told_and_noted(agent: Actor, scene: DeskScene) -> None:
    tell(scene, "on", is_alive=False)

    answer = agent.post(url(scene, "pause"), headers={"Accept": "application/json"})

    assert (answer.status_code, answer.json["error"]) == (503, "telephone-away")
    assert notes() == [("paused", 120, scene.agent_id), ("failed", 0, scene.agent_id)]
    with every_client():
        assert as_pauses(pauses_of(scene.attempt_id)) == []


def test_nothing_falls_silent_that_could_not_be_noted(
    agent: Actor, scene: DeskScene, broken_commits: None
) -> None:
    tell(scene, "on")

    with pytest.raises(DiskFullError):
        agent.post(url(scene, "pause"))

    assert asked() == []


def test_the_desk_shows_that_a_call_is_recorded_and_for_how_long_it_is_not(
    agent: Actor, scene: DeskScene
) -> None:
    assert "Pause recording" not in agent.get("/desk").text

    tell(scene, "on")
    bar = agent.get("/desk/bar").text
    assert f'data-act="{url(scene, "pause")}"' in bar

    tell(scene, "paused", again_in=60)
    bar = agent.get("/desk/bar").text
    assert f'data-act="{url(scene, "resume")}"' in bar
    assert "data-recording-again=" in bar
