"""A call that is to be recorded, on the simulated carrier: the order says so, the desk is told, pauses are kept."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
import redis

from dialer.carriers import make_telephone
from dialer.events import EventKind
from dialer.ports import RecordingPlan, Telephone
from tests.dialer.carrier_harness import SimulatedHarness
from tests.dialer.test_telephone import AGENT, CALL, facts, wait_for_news


@pytest.fixture
def simulated(redis_url: str, redis_server: redis.Redis) -> Iterator[SimulatedHarness]:
    harness = SimulatedHarness(redis_url)
    harness.start()
    yield harness
    harness.stop()


def connect(simulated: SimulatedHarness, plan: RecordingPlan | None) -> Telephone:
    simulated.place(replace(simulated.order(CALL, "human"), recording=plan))
    simulated.wait_for(CALL, EventKind.CALL_ANSWERED)
    simulated.command(lambda control: control.connect(CALL, AGENT))
    wait_for_news(simulated.redis, "talk_begun")
    return make_telephone("simulated", simulated.redis)


def test_a_call_is_recorded_when_its_order_says_so(simulated: SimulatedHarness) -> None:
    telephone = connect(simulated, RecordingPlan("This call is recorded."))
    wait_for_news(simulated.redis, "recording_started")

    assert telephone.find_talk(CALL).recording == "on"

    telephone.pause_recording(CALL, 60)
    wait_for_news(simulated.redis, "recording_paused")
    paused = telephone.find_talk(CALL)
    telephone.resume_recording(CALL)
    wait_for_news(simulated.redis, "recording_resumed")

    assert paused.recording == "paused"
    assert telephone.find_talk(CALL).recording == "on"
    kinds = [fact["kind"] for fact in facts(simulated.redis) if "recording" in fact["kind"]]
    assert kinds == ["call.recording_started", "call.recording_paused", "call.recording_resumed"]


def test_other_calls_are_not_recorded(simulated: SimulatedHarness) -> None:
    assert connect(simulated, None).find_talk(CALL).recording == ""
