"""The engine tells what it decided, before anybody is called."""

from collections.abc import Iterator

import pytest
import redis

from dialer.live import DECISION_FACT
from dialer.ports import DialingMode
from tests.dialer.engine_harness import CAMPAIGN, FloorScene


@pytest.fixture
def scene(redis_url: str, redis_server: redis.Redis) -> Iterator[FloorScene]:
    scene = FloorScene(redis_url)
    yield scene
    scene.close()


def test_a_decision_is_told_with_what_it_saw(scene):
    scene.campaigns.leads = 9
    scene.start_engine()
    scene.seat(1, 2)

    scene.wait_until(lambda: scene.entry("call:2"))

    (told,) = [fact for fact in scene.facts(DECISION_FACT) if fact["data"]["calls"] > 0]
    assert (told["campaign"], told["data"]["calls"], told["data"]["reason"]) == (CAMPAIGN, 2, "enough")
    assert (told["data"]["estimates"]["idle"], told["data"]["estimates"]["window_room"]) == (2, 6.0)
    assert told["at"] == scene.campaigns.decisions[0]["at"]
    assert told["source"] == f"decision:{CAMPAIGN}:{round(told['at'] * 1000)}"


def test_a_decision_is_told_though_placing_fails(scene, monkeypatch):
    """As when the engine dies in between: no call is ever without its decision."""
    monkeypatch.setattr(scene.campaigns, "reserve_leads", None)
    scene.start_engine()
    scene.seat(1)

    scene.wait_until(lambda: [fact for fact in scene.facts(DECISION_FACT) if fact["data"]["calls"] == 1])


def test_while_agents_work_a_decision_is_told_now_and_then(scene, monkeypatch):
    monkeypatch.setattr("dialer.engine.pacer.SAMPLE_SECONDS", 0.1)
    scene.campaigns.change(mode=DialingMode.MANUAL)
    scene.start_engine()
    scene.seat(1)

    told = scene.wait_until(
        lambda: [f for f in scene.facts(DECISION_FACT) if f["data"]["reason"] == "manual"][2:]
    )

    assert told[0]["data"]["estimates"]["agents"] == 1


def test_nobody_works_is_told_once(scene, monkeypatch):
    monkeypatch.setattr("dialer.engine.pacer.SAMPLE_SECONDS", 0.0)
    monkeypatch.setattr("dialer.engine.led.SHOW_ANYWAY_SECONDS", 0.1)
    scene.start_engine()

    scene.wait_until(
        lambda: (
            len({picture["decision"].get("at") for picture in scene.pushed(f"floor:{CAMPAIGN}", "floor")}) > 2
        )
    )

    assert [fact["data"]["reason"] for fact in scene.facts(DECISION_FACT)] == ["no_agents"]


def test_a_reason_that_changes_is_told_at_once(scene):
    scene.campaigns.leads = 1
    scene.start_engine()
    scene.seat(1, 2)

    scene.wait_until(lambda: [f for f in scene.facts(DECISION_FACT) if f["data"]["reason"] == "no_leads"])
