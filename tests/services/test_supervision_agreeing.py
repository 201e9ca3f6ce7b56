"""A process that dies after a step of listening was written down and before the carrier was told: both agree again."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import redis
from flask import Flask
from sqlalchemy import select

from dialer import clock as dialer_clock
from dialer.carriers import make_telephone
from dialer.live import PUSH_STREAM
from dialer.ports import SuperviseMode, Supervision
from telesales import clock
from telesales.access.roles import Role
from telesales.agents.models import User
from telesales.audit.models import AuditEntry
from telesales.config import Settings
from telesales.extensions import db, redis_client, transaction
from telesales.supervision.jobs import end_forgotten_listening
from telesales.supervision.models import SupervisionStep
from telesales.supervision.queries import find_standing
from telesales.supervision.service import listening
from telesales.tenancy.scope import every_client
from tests.crashing import see_die
from tests.dialer.carrier_harness import SimulatedHarness
from tests.factories_agents import make_user
from tests.factories_calls import make_attempt, make_calling_agent, make_on_floor
from tests.factories_desk import DeskScene, make_desk_call

URL = "/supervision/listening"
LISTEN, BARGE, STOP = SuperviseMode.LISTEN, SuperviseMode.BARGE, SuperviseMode.STOP
WAIT_SECONDS = 20.0


@pytest.fixture(autouse=True)
def carrier(app: Flask, redis_url: str, redis_server: redis.Redis) -> Iterator[SimulatedHarness]:
    harness = SimulatedHarness(redis_url)
    harness.start()
    yield harness
    harness.stop()


@pytest.fixture
def scene(app: Flask) -> DeskScene:
    with transaction():
        return make_desk_call()


@pytest.fixture
def supervisor_id(app: Flask) -> int:
    with transaction():
        return make_user(role=Role.SUPERVISOR).id


@pytest.fixture
def die_after_commit(settings: Settings, supervisor_id: int) -> Callable[..., None]:
    """Ask as the supervisor's browser would, of a server that is killed once the step is committed."""

    def ask(url: str, **form: str) -> None:
        see_die("crashing_listening", settings, supervisor_id, url, json.dumps(form))

    return ask


def take_part(supervisor_id: int, agent_id: int, mode: SuperviseMode) -> None:
    """What the page does when nobody dies."""
    with every_client():
        with transaction():
            supervisor = db.session.get_one(User, supervisor_id)
            news = listening.take_part(supervisor, find_standing(agent_id), mode)
        listening.tell_carrier(news)
    carrier_knows(supervisor_id, Supervision(supervisor_id, agent_id, mode))


def wait_until(met: Callable[[], bool], known: Callable[[], object]) -> None:
    deadline = dialer_clock.now() + WAIT_SECONDS
    while not met():
        assert dialer_clock.now() < deadline, known()
        redis_client().blpop(["nothing"], timeout=0.02)


def carrier_knows(supervisor_id: int, wanted: Supervision | None) -> None:
    """Wait until the carrier has it so."""
    telephone = make_telephone("simulated", redis_client())
    wait_until(
        lambda: telephone.find_supervision(supervisor_id) == wanted,
        lambda: telephone.find_supervision(supervisor_id),
    )


def told() -> list[tuple[str, int]]:
    """What the carrier did, and in whose calls."""
    entries = [fields for _id, fields in redis_client().xrange(PUSH_STREAM)]
    news = [json.loads(fields["data"]) for fields in entries if fields["event"] == "supervision"]
    return [(one["mode"], one["agent_id"]) for one in news]


def end_forgotten(*, after: int) -> None:
    with clock.freeze(clock.now() + timedelta(seconds=after)):
        end_forgotten_listening()


def modes() -> list[tuple[str, str]]:
    with every_client():
        steps = db.session.scalars(select(SupervisionStep).order_by(SupervisionStep.id))
        return [(step.mode, step.why) for step in steps]


def failures() -> int:
    with every_client():
        query = select(AuditEntry.id).where(AuditEntry.action == "call.supervision_failed")
        return len(db.session.scalars(query).all())


def test_listening_that_never_began_ends_once(scene, supervisor_id, die_after_commit):
    die_after_commit(URL, agent=str(scene.agent_id), mode="listen")
    assert modes() == [("listen", "asked")]

    end_forgotten(after=31)
    end_forgotten(after=62)

    assert modes() == [("listen", "asked"), ("stop", "carrier_away")]
    assert failures() == 1
    carrier_knows(supervisor_id, None)


def test_who_was_to_be_heard_and_was_not_is_not_heard_later(scene, supervisor_id, die_after_commit):
    take_part(supervisor_id, scene.agent_id, LISTEN)
    die_after_commit(URL, agent=str(scene.agent_id), mode="barge")

    end_forgotten(after=31)

    assert modes() == [("listen", "asked"), ("barge", "asked"), ("stop", "carrier_away")]
    carrier_knows(supervisor_id, None)


def test_who_stopped_is_heard_no_longer(scene, supervisor_id, die_after_commit):
    take_part(supervisor_id, scene.agent_id, BARGE)
    die_after_commit(f"{URL}/stop")
    assert make_telephone("simulated", redis_client()).find_supervision(supervisor_id) is not None

    end_forgotten(after=6)

    carrier_knows(supervisor_id, None)
    assert modes() == [("barge", "asked"), ("stop", "asked")]
    assert failures() == 0


def test_what_only_the_carrier_knows_ends_where_it_is(scene, supervisor_id, die_after_commit):
    with transaction(), every_client():
        other = make_calling_agent()
        attempt = make_attempt(other, campaign=scene.campaign)
        make_on_floor(other, scene.campaign, "on_call", attempt)
        other_id = other.id
    take_part(supervisor_id, scene.agent_id, LISTEN)
    die_after_commit(URL, agent=str(other_id), mode="listen")

    end_forgotten(after=31)

    assert modes()[1:] == [("stop", "replaced"), ("listen", "asked"), ("stop", "carrier_away")]
    carrier_knows(supervisor_id, None)
    wait_until(lambda: ("stop", scene.agent_id) in told(), told)


def test_a_carrier_has_time_to_begin(scene, supervisor_id, die_after_commit):
    die_after_commit(URL, agent=str(scene.agent_id), mode="listen")

    end_forgotten(after=20)

    assert modes() == [("listen", "asked")]


def test_what_both_know_goes_on(scene, supervisor_id):
    take_part(supervisor_id, scene.agent_id, LISTEN)

    end_forgotten(after=600)

    assert modes() == [("listen", "asked")]
    carrier_knows(supervisor_id, Supervision(supervisor_id, scene.agent_id, LISTEN))
