"""The agent's screen: what it shows, and who may see it."""

import json
from datetime import UTC, datetime

import pytest
from flask.testing import FlaskClient

from telesales.access.roles import Role
from telesales.calls import floor
from telesales.calls.service.dispositions import record_disposition
from telesales.calls.service.writing import add_note
from telesales.extensions import db, redis_client, transaction
from telesales.tenancy.scope import every_client
from tests.actors import Actor, as_role, as_user
from tests.factories_calls import make_attempt, make_calling_agent, make_calling_campaign, make_on_floor
from tests.factories_desk import DeskScene, make_desk_call


@pytest.fixture
def scene(app) -> DeskScene:
    with transaction():
        return make_desk_call()


@pytest.fixture
def agent(client: FlaskClient, scene: DeskScene) -> Actor:
    return as_user(client, scene.agent)


def path(scene: DeskScene, rest: str = "") -> str:
    return f"/desk/call/{scene.attempt_id}{rest}"


@pytest.mark.parametrize("role", [Role.MANAGER, Role.SUPERVISOR, Role.REVIEWER, Role.CLIENT])
def test_the_desk_is_for_agents(client: FlaskClient, role: Role) -> None:
    assert as_role(client, role).get("/desk").status_code == 403


def test_an_agent_without_a_campaign_is_told_what_to_do(client: FlaskClient) -> None:
    assert "A manager adds you" in as_role(client, Role.AGENT).get("/desk").text


def test_only_own_campaigns_can_be_chosen(client: FlaskClient, app) -> None:
    with transaction(), every_client():
        person, other = make_calling_agent(), make_calling_agent()
        make_calling_campaign(person, name="Mine")
        make_calling_campaign(other, name="Theirs")

    page = as_user(client, person).get("/desk").text

    assert "Mine" in page
    assert "Theirs" not in page


def test_the_call_shows_lead_history_and_first_step_in_one_answer(agent: Actor, scene: DeskScene) -> None:
    with transaction(), every_client():
        earlier = make_attempt(scene.agent, campaign=scene.campaign, lead=scene.attempt.lead)
        record_disposition(earlier, scene.agent, "no_conversation", "ask for the daughter")
        add_note(earlier, scene.agent, "has two dogs")
        now = make_attempt(scene.agent, campaign=scene.campaign, lead=scene.attempt.lead)
        make_on_floor(scene.agent, scene.campaign, "on_call", now)
        now_id = now.id

    fragment = agent.get(f"/desk/call/{now_id}").text

    assert "Ann Lee" in fragment
    assert "Hello <span" in fragment  # the name is merged into the greeting
    assert "No conversation" in fragment
    assert "ask for the daughter" in fragment
    assert "has two dogs" in fragment
    assert "<html" not in fragment


def test_a_reload_comes_back_to_the_call_and_its_step(agent: Actor, scene: DeskScene) -> None:
    agent.post(path(scene, "/answer"), choice="1", revision=0)

    page = agent.get("/desk").text

    assert "This call is recorded." in page
    assert f'data-attempt="{scene.attempt_id}"' in page
    assert 'data-revision="1"' in page


def test_markup_in_a_leads_name_is_shown_as_text(client: FlaskClient, app) -> None:
    with transaction():
        scene = make_desk_call(lead={"name": "<script>alert(1)</script>"})

    page = as_user(client, scene.agent).get("/desk").text

    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_a_call_of_somebody_else_is_not_shown(client: FlaskClient, scene: DeskScene) -> None:
    answer = as_role(client, Role.AGENT).get(path(scene))

    assert answer.status_code == 403


def test_the_pop_is_shown_before_the_records_know_whose_call_it_is(client: FlaskClient, app) -> None:
    with transaction(), every_client():
        scene = make_desk_call()
        scene.attempt.agent_id = None
        db.session.flush()

    assert as_user(client, scene.agent).get(path(scene)).status_code == 200


def test_a_waiting_agent_sees_the_last_result_and_no_call(agent: Actor, scene: DeskScene) -> None:
    with transaction(), every_client():
        record_disposition(scene.attempt, scene.agent, "not_interested", "has fibre")
        make_on_floor(scene.agent, scene.campaign, "ready")

    page = agent.get("/desk/screen").text

    assert 'data-kind="waiting"' in page
    assert "Waiting for a call" in page
    assert "Not interested" in page


def test_the_bar_names_state_campaign_caller_id_and_their_time(agent: Actor, scene: DeskScene) -> None:
    bar = agent.get("/desk/bar").text

    assert "On call" in bar
    assert "Campaign " in bar
    assert "+1 202-555-0100" in bar
    assert 'data-zone-clock="America/New_York"' in bar


def test_nothing_is_offered_that_does_not_work(agent: Actor) -> None:
    page = agent.get("/desk").text.lower()

    assert "transfer" in page
    assert "mute" not in page  # the simulated carrier carries no sound
    assert "microphone" not in page


def test_signing_on_tells_the_floor(client: FlaskClient, app) -> None:
    with transaction(), every_client():
        person = make_calling_agent()
        campaign_id = make_calling_campaign(person).id

    answer = as_user(client, person).post("/desk/sign-on", campaign=campaign_id)

    assert answer.status_code == 303
    assert floor.campaign_of(person.id) == campaign_id


def test_a_campaign_of_others_cannot_be_joined(client: FlaskClient, scene: DeskScene) -> None:
    stranger = as_role(client, Role.AGENT)

    answer = stranger.post("/desk/sign-on", campaign=scene.campaign_id)

    assert answer.status_code == 303
    assert floor.campaign_of(stranger.user_id) is None
    assert "Choose another one" in stranger.get("/desk").text


def test_nobody_signs_off_from_an_open_call(agent: Actor, scene: DeskScene) -> None:
    agent.post("/desk/sign-off")

    assert floor.campaign_of(scene.agent_id) == scene.campaign_id
    assert "Finish the call first" in agent.get("/desk").text


def events(campaign_id: int) -> list[dict[str, str]]:
    return [fields for _id, fields in redis_client().xrange(f"ts:{{c{campaign_id}}}:events")]


def test_a_pause_that_was_asked_for_stands_in_the_bar_and_can_be_taken_back(
    agent: Actor, scene: DeskScene
) -> None:
    assert "pause after this call" not in agent.get("/desk").text
    with every_client():
        make_on_floor(scene.agent, scene.campaign, "on_call", scene.attempt, next_pause="lunch")

    page = agent.get("/desk").text

    assert "pause after this call" in page
    assert 'data-act="/desk/ready"' in page


def test_ready_pause_and_hang_up_are_events_of_the_floor(agent: Actor, scene: DeskScene) -> None:
    agent.post(path(scene, "/hang-up"))
    agent.post("/desk/pause", reason="lunch")
    agent.post("/desk/ready")

    told = events(scene.campaign_id)
    assert [event["kind"] for event in told] == ["agent.hang_up", "agent.paused", "agent.ready"]
    assert told[0]["attempt"] == str(scene.attempt_id)
    assert json.loads(told[1]["data"]) == {"reason": "lunch"}


def test_a_move_tells_the_floor_which_step_it_is(agent: Actor, scene: DeskScene) -> None:
    agent.post(path(scene, "/answer"), choice="1", revision=0)

    told = events(scene.campaign_id)
    assert [(event["kind"], json.loads(event["data"])) for event in told] == [("agent.step", {"step": 1})]


def test_other_windows_hear_of_a_move_and_who_made_it(agent: Actor, scene: DeskScene) -> None:
    agent.post(path(scene, "/answer"), choice="1", revision=0, headers={"X-Desk-Window": "left"})

    messages = [fields for _id, fields in redis_client().xrange("ts:push")]
    assert json.loads(messages[-1]["data"]) == {
        "attempt_id": scene.attempt_id,
        "revision": 1,
        "window": "left",
    }
    assert (messages[-1]["topic"], messages[-1]["event"]) == (f"desk:{scene.agent_id}", "step")


def test_a_move_from_an_old_page_changes_nothing(agent: Actor, scene: DeskScene) -> None:
    agent.post(path(scene, "/answer"), choice="1", revision=0)

    answer = agent.post(path(scene, "/answer"), choice="2", revision=0)

    assert answer.status_code == 409
    assert "This call is recorded." in agent.get(path(scene, "/script")).text


def test_a_field_is_kept_and_shown_again(agent: Actor, scene: DeskScene) -> None:
    agent.post(path(scene, "/answer"), choice="1", revision=0)
    agent.post(path(scene, "/answer"), choice="1", revision=1)

    answer = agent.post(path(scene, "/field"), field="people", value=" 4 ")

    assert answer.json == {"field": "people", "value": "4"}
    assert 'value="4"' in agent.get(path(scene, "/script")).text


def test_a_field_that_does_not_fit_says_why(agent: Actor, scene: DeskScene) -> None:
    answer = agent.post(path(scene, "/field"), field="people", value="many")

    assert answer.status_code == 422
    assert answer.json["error"] == "This is not a number."


def test_a_note_is_shown_at_once(agent: Actor, scene: DeskScene) -> None:
    assert "likes mornings" in agent.post(path(scene, "/note"), text="likes mornings").text


def test_the_desk_speaks_chinese_when_the_agent_does(client: FlaskClient, app) -> None:
    with transaction():
        scene = make_desk_call(agent={"locale": "zh"})

    assert 'lang="zh-Hans"' in as_user(client, scene.agent).get("/desk").text


def test_the_state_of_the_floor_is_shown_with_its_time(agent: Actor, scene: DeskScene) -> None:
    since = datetime(2026, 11, 20, 17, tzinfo=UTC)
    with every_client():
        make_on_floor(scene.agent, scene.campaign, "paused", since=since.timestamp(), pause_reason="lunch")

    page = agent.get("/desk").text

    assert "Paused" in page
    assert "Lunch" in page
    assert since.isoformat() in page
