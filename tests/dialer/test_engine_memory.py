"""What an engine remembers of a campaign, and what it borrows from others."""

import json
from collections.abc import Iterator

import pytest
import redis

from dialer import clock
from dialer.core.pacing import Predictive
from dialer.events import EventKind
from dialer.live import floor_key
from dialer.ports import DialingMode
from tests.dialer.engine_harness import CAMPAIGN, FloorScene
from tests.unit.dialer.pacing_views import teach

ENTRY = "pacing:predictive"
OTHER = 8


@pytest.fixture
def scene(redis_url: str, redis_server: redis.Redis) -> Iterator[FloorScene]:
    scene = FloorScene(redis_url)
    scene.campaigns.change(mode=DialingMode.PREDICTIVE, world="here")
    yield scene
    scene.close()


def keep(scene: FloorScene, campaign_id: int, world: str) -> dict:
    rule = Predictive()
    teach(rule, until=clock.now())
    state = {**rule.dump(), "world": world}
    scene.redis.hset(floor_key(campaign_id), ENTRY, json.dumps(state))
    return state


def learned(scene: FloorScene) -> dict:
    """What the engine leaves behind."""
    scene.start_engine()
    scene.wait_until(lambda: scene.entry("snapshot"))
    scene.engines[0].stop()
    return scene.entry(ENTRY)


def test_a_campaign_goes_on_with_what_it_learned(scene):
    state = keep(scene, CAMPAIGN, "here")

    assert learned(scene) == state


def test_what_was_learned_at_another_speed_is_forgotten(scene):
    keep(scene, CAMPAIGN, "there")

    state = learned(scene)

    assert state["world"] == "here"
    assert state["talk"] == Predictive().dump()["talk"]
    assert state["recent"]["slots"]


def test_a_new_campaign_takes_shapes_from_the_most_similar_one_of_its_world(scene):
    keep(scene, OTHER, "there")
    state = keep(scene, OTHER + 1, "here")
    scene.campaigns.similar = [OTHER, OTHER + 1]

    taken = learned(scene)

    assert 0 < sum(taken["wrap"]["ends"]) < sum(state["wrap"]["ends"])
    assert taken["rate"] == Predictive().dump()["rate"]


def test_a_campaign_that_knows_something_asks_nobody(scene):
    state = keep(scene, CAMPAIGN, "here")
    keep(scene, OTHER, "here")
    scene.campaigns.similar = [OTHER]

    assert learned(scene) == state


def test_another_speed_while_it_runs_begins_anew(scene):
    keep(scene, CAMPAIGN, "here")
    scene.start_engine()
    scene.wait_until(lambda: scene.entry("snapshot"))
    scene.campaigns.change(world="there", name="Autumn")
    scene.say(EventKind.CAMPAIGN_CHANGED)
    scene.wait_until(lambda: (scene.entry(ENTRY) or {}).get("world") == "there")

    assert scene.entry(ENTRY)["talk"] == Predictive().dump()["talk"]
