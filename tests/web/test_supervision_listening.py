"""Listening, whispering and barging in: what is written down, and how it ends."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from dialer.core.floor.effects import Fact
from dialer.engine.store import dump_fact
from dialer.live import FACTS_STREAM, alive_key
from dialer.ports import SuperviseMode
from telesales import clock
from telesales.access.roles import Role
from telesales.audit.models import AuditEntry
from telesales.calls import floor
from telesales.dialing.recorder import GROUP, Recorder
from telesales.extensions import AppendOnlyError, db, transaction
from telesales.supervision.queries import find_standing, stretches_of
from telesales.supervision.service.listening import stop_if_over
from telesales.supervision.service.listening import take_part as take_part_in
from telesales.tenancy.scope import every_client
from tests.actors import Actor, as_role
from tests.factories_agents import make_user
from tests.factories_calls import make_attempt, make_calling_agent, make_on_floor
from tests.factories_desk import DeskScene, make_desk_call
from tests.listening import URL, commands, modes, steps, take_part
from tests.web.conftest import DiskFullError


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


def test_listening_is_written_down_with_who_whom_and_which_call(supervisor, scene):
    answer = take_part(supervisor, scene)

    assert answer.status_code == 200
    assert "You listen to Mei Lin: nobody hears you." in answer.text
    (step,) = steps()
    assert (step.supervisor_id, step.agent_id, step.attempt_id, step.mode) == (
        supervisor.user_id,
        scene.agent_id,
        scene.attempt_id,
        "listen",
    )
    assert commands() == [("listen", str(scene.agent_id))]
    assert db.session.scalar(select(AuditEntry.action).where(AuditEntry.action == "call.supervised"))


def test_simulated_network_says_that_there_is_no_sound(supervisor, scene):
    assert "There is no sound" in take_part(supervisor, scene).text


def test_mode_changes_inside_one_session(supervisor, scene):
    for mode in ("listen", "whisper", "whisper", "barge"):
        take_part(supervisor, scene, mode)
    supervisor.post(f"{URL}/stop")

    assert modes() == [("listen", "asked"), ("whisper", "asked"), ("barge", "asked"), ("stop", "asked")]
    assert len({step.session for step in steps()}) == 1
    assert [mode for mode, _agent in commands()] == ["listen", "whisper", "whisper", "barge", "stop"]


def test_stretches_say_from_when_until_when(supervisor, scene):
    take_part(supervisor, scene)
    take_part(supervisor, scene, "whisper")
    supervisor.post(f"{URL}/stop")

    with every_client():
        first, second = stretches_of(scene.attempt_id)
    assert (first.mode, first.until) == ("listen", second.since)
    assert (second.mode, second.why) == ("whisper", "asked")
    assert second.until is not None


def test_page_comes_back_to_what_goes_on(supervisor, scene):
    assert "hidden" in supervisor.get(URL).text

    take_part(supervisor, scene)

    assert "You listen to Mei Lin" in supervisor.get(URL).text


def test_bar_is_gone_when_the_call_is_though_the_end_is_not_written_yet(supervisor, scene):
    take_part(supervisor, scene)
    with every_client():
        make_on_floor(scene.agent, scene.campaign, "ready")

    assert "hidden" in supervisor.get(URL).text


def test_another_call_replaces_the_first(supervisor, scene):
    with transaction(), every_client():
        other = make_calling_agent(name="Bo Sun")
        attempt = make_attempt(other, campaign=scene.campaign)
        make_on_floor(other, scene.campaign, "on_call", attempt)
        other_id = other.id
    take_part(supervisor, scene)

    supervisor.post(URL, agent=str(other_id), mode="listen")

    assert modes() == [("listen", "asked"), ("stop", "replaced"), ("listen", "asked")]
    assert commands() == [
        ("listen", str(scene.agent_id)),
        ("stop", str(scene.agent_id)),
        ("listen", str(other_id)),
    ]


def test_two_supervisors_may_listen_to_the_same_call(client, supervisor, scene):
    take_part(supervisor, scene)
    second = as_role(client, Role.SUPERVISOR)

    assert take_part(second, scene).status_code == 200
    second.post(f"{URL}/stop")
    with every_client():
        first = stretches_of(scene.attempt_id)[0]

    assert first.until is None


@pytest.mark.parametrize("state", ["ready", "wrap_up", "paused"])
def test_without_a_call_there_is_nothing_to_hear(supervisor, scene, state):
    with every_client():
        make_on_floor(scene.agent, scene.campaign, state)

    answer = take_part(supervisor, scene)

    assert answer.status_code == 409
    assert "Mei Lin is not in a call any more." in answer.text
    assert steps() == []


def test_agent_who_has_gone_is_said(supervisor, scene):
    with every_client():
        floor.sign_off(scene.agent_id)

    answer = take_part(supervisor, scene)

    assert answer.status_code == 409
    assert "Mei Lin is on no floor any more." in answer.text


def audited() -> list[str]:
    query = select(AuditEntry.action).where(AuditEntry.action.startswith("call.supervis"))
    with every_client():
        return list(db.session.scalars(query.order_by(AuditEntry.id)))


def test_network_that_is_away_is_said_and_written_down(supervisor, scene, redis_server):
    redis_server.delete(alive_key("carrier", "simulated"))

    answer = take_part(supervisor, scene)

    assert answer.status_code == 503
    assert "does not answer" in answer.text
    assert modes() == [("listen", "asked"), ("stop", "carrier_away")]
    assert audited() == ["call.supervised", "call.supervision_failed"]
    assert commands() == []
    assert "hidden" in supervisor.get(URL).text


def test_network_that_goes_away_ends_the_listening_that_was(supervisor, scene, redis_server):
    take_part(supervisor, scene)
    redis_server.delete(alive_key("carrier", "simulated"))

    assert take_part(supervisor, scene, "barge").status_code == 503

    assert modes()[-2:] == [("barge", "asked"), ("stop", "carrier_away")]


def test_network_that_is_away_does_not_keep_anybody_listening(supervisor, scene, redis_server):
    take_part(supervisor, scene)
    redis_server.delete(alive_key("carrier", "simulated"))

    assert supervisor.post(f"{URL}/stop").status_code == 200

    assert modes()[-1] == ("stop", "asked")


def test_nobody_is_heard_without_a_record_of_it(supervisor, scene, broken_commits):
    with pytest.raises(DiskFullError):
        take_part(supervisor, scene)

    assert commands() == []


def test_unknown_mode_is_refused(supervisor, scene):
    assert take_part(supervisor, scene, "stop").status_code == 422
    assert take_part(supervisor, scene, "shout").status_code == 422


def test_stopping_twice_stops_once(supervisor, scene):
    take_part(supervisor, scene)
    supervisor.post(f"{URL}/stop", why="page_closed")
    supervisor.post(f"{URL}/stop")

    assert modes() == [("listen", "asked"), ("stop", "page_closed")]


def test_steps_cannot_be_edited(supervisor, scene):
    take_part(supervisor, scene)
    with every_client():
        (step,) = steps()
        step.mode = "barge"
        with pytest.raises(AppendOnlyError):
            db.session.flush()
        db.session.rollback()


def hear(app, redis_server, *facts: Fact, campaign_id: int) -> None:
    redis_server.xgroup_create(FACTS_STREAM, GROUP, id="0", mkstream=True)
    recorder = Recorder(app)
    recorder.record_batch()
    for fact in facts:
        redis_server.xadd(FACTS_STREAM, {"fact": dump_fact(fact, campaign_id)})
    recorder.record_batch()


@pytest.mark.parametrize("state", ["wrap_up", "offline"])
def test_listening_ends_with_the_call(app, redis_server, supervisor, scene, state):
    take_part(supervisor, scene, "whisper")
    at = clock.now().timestamp()
    data = {"state": state, "previous": "on_call", "since": at - 9}
    fact = Fact(
        "agent.state", at, f"agent:{scene.agent_id}:1:{state}", scene.attempt_id, scene.agent_id, data
    )

    hear(app, redis_server, fact, campaign_id=scene.campaign_id)

    assert modes() == [("whisper", "asked"), ("stop", "call_over")]
    assert commands()[-1] == ("stop", str(scene.agent_id))
    assert "hidden" in supervisor.get(URL).text


def test_call_that_ended_while_the_step_was_written_is_not_listened_on(scene):
    with transaction(), every_client():
        supervisor = make_user(role=Role.SUPERVISOR)
        take_part_in(supervisor, find_standing(scene.agent_id), SuperviseMode.LISTEN)
        next_call = make_attempt(scene.agent, campaign=scene.campaign)
        make_on_floor(scene.agent, scene.campaign, "on_call", next_call)

        stop_if_over(supervisor)

    assert modes() == [("listen", "asked"), ("stop", "call_over")]
