"""People who ring us, on engines with a real Redis: they are not lost, whoever leads."""

import json
from collections.abc import Iterator

import pytest
import redis

from dialer import clock
from dialer.core.pacing.inbound import InboundRate
from dialer.engine import watching
from dialer.engine.pacer import INBOUND_ENTRY
from dialer.events import EventKind
from dialer.live import SIMULATED_COMMANDS, floor_key
from dialer.ports import DialingMode
from tests.dialer.engine_harness import CAMPAIGN, FloorScene

WAIT = 120.0


@pytest.fixture
def scene(redis_url: str, redis_server: redis.Redis) -> Iterator[FloorScene]:
    scene = FloorScene(redis_url)
    scene.campaigns.change(inbound_message="We ring you back.", world="here")
    yield scene
    scene.close()


def ring_in(scene: FloorScene, call: int, wait: float = WAIT) -> None:
    scene.say(EventKind.CALL_CAME_IN, call=call, lead_id=5, wait=wait)


def busy_floor(scene: FloorScene) -> None:
    """One agent, who talks."""
    scene.seat(1)
    scene.say(EventKind.CALL_RESERVED, call=100)
    scene.answer(100)
    scene.wait_until(lambda: ("connect", 100) in scene.commands())
    scene.say(EventKind.CALL_CONNECTED, call=100, agent=1)


def finish_talk(scene: FloorScene) -> None:
    scene.say(EventKind.CALL_ENDED, call=100, cause="callee_hung_up")
    scene.say(EventKind.AGENT_WRAPPED_UP, call=100, agent=1)


def messages(scene: FloorScene) -> dict[str, str]:
    entries = scene.redis.xrange(SIMULATED_COMMANDS)
    played = (fields for _id, fields in entries if fields["command"] == "play_message")
    return {fields["attempt"]: fields["message"] for fields in played}


def test_who_rings_us_waits_for_the_agent_and_is_connected(scene):
    scene.start_engine()
    busy_floor(scene)
    ring_in(scene, 7)
    scene.wait_until(lambda: scene.entry("snapshot") and scene.entry("snapshot")["inbound"]["waiting"] == 1)

    finish_talk(scene)

    scene.wait_until(lambda: ("connect", 7) in scene.commands())
    assert scene.pushed("desk:1", "pop")[-1] == {
        "attempt_id": 7,
        "lead_id": 5,
        "manual": False,
        "inbound": True,
    }
    assert scene.facts("call.abandoned") == []


def test_who_waits_in_vain_hears_the_message_for_people_who_ring_us(scene):
    scene.start_engine()
    busy_floor(scene)

    ring_in(scene, 7, wait=0.3)

    scene.wait_until(lambda: messages(scene))
    assert messages(scene) == {"7": "We ring you back."}
    assert len(scene.facts("call.missed")) == 1


def test_without_a_message_of_its_own_the_campaign_plays_the_other_one(scene):
    scene.campaigns.change(inbound_message="")
    scene.start_engine()

    ring_in(scene, 7)  # nobody works

    scene.wait_until(lambda: messages(scene))
    assert messages(scene) == {"7": "This was a test."}


def test_another_engine_goes_on_with_people_who_wait(scene):
    scene.start_engine()
    first = scene.wait_until(scene.leader)
    busy_floor(scene)
    ring_in(scene, 7)
    scene.wait_until(lambda: scene.entry("call:7"))
    scene.engines[0].freeze()  # as a process that was killed: it says no goodbye
    scene.start_engine()
    scene.wait_until(lambda: scene.leader() not in (None, first))

    finish_talk(scene)

    scene.wait_until(lambda: ("connect", 7) in scene.commands())
    assert len(scene.facts("call.came_in")) == 1


def test_nobody_waits_longer_because_another_engine_leads(scene):
    scene.start_engine()
    busy_floor(scene)
    ring_in(scene, 7, wait=1.0)
    scene.wait_until(lambda: scene.entry("call:7"))
    scene.engines[0].stop()

    scene.start_engine()

    scene.wait_until(lambda: messages(scene))
    (missed,) = scene.facts("call.missed")
    assert missed["data"]["waited"] >= 1.0


def test_a_call_whose_event_was_lost_is_taken_in_as_one_that_came_in(scene, monkeypatch):
    monkeypatch.setattr(watching, "SWEEP_SECONDS", 0.1)
    scene.call_log.extra = [(7, "came_in", clock.now() - 60)]

    scene.start_engine()

    scene.wait_until(lambda: messages(scene))
    assert list(messages(scene)) == ["7"]
    assert scene.facts("call.came_in")


def test_the_engine_learns_how_often_people_ring_and_remembers_it(scene):
    scene.campaigns.change(mode=DialingMode.PREDICTIVE)
    scene.start_engine()
    busy_floor(scene)
    ring_in(scene, 7)
    ring_in(scene, 8)
    scene.wait_until(lambda: scene.entry("snapshot")["inbound"]["waiting"] == 2)
    scene.engines[0].stop()
    kept = scene.entry(INBOUND_ENTRY)
    scene.start_engine()

    seen = scene.wait_until(
        lambda: (
            (scene.entry("snapshot") or {}).get("decision", {}).get("estimates", {}).get("inbound_an_hour")
        )
    )

    assert kept["people"] == pytest.approx(2.0, abs=0.1)
    assert 1.0 < seen <= 8.0


def test_what_was_learned_in_another_world_is_forgotten(scene):
    rate = InboundRate()
    rate.arrived(clock.now())
    scene.redis.hset(floor_key(CAMPAIGN), INBOUND_ENTRY, json.dumps({**rate.dump(), "world": "there"}))

    scene.start_engine()
    scene.wait_until(lambda: scene.entry("snapshot"))
    scene.engines[0].stop()

    assert scene.entry(INBOUND_ENTRY)["people"] == 0.0
