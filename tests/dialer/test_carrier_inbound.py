"""What every carrier must do with people who ring us."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
import redis

from dialer import clock
from dialer.carriers import simulated_keys as keys
from dialer.events import CallCause, EventKind
from dialer.ports import RingingIn
from tests.dialer.conftest import REAL
from tests.dialer.inbound_harness import INBOUND_HARNESSES, InboundHarness

AGENT = 3
SIMULATED = pytest.mark.parametrize("carrier", ["simulated"], indirect=True)  # others have real people
SPEED = {"speed": 200, "seed": 5}


@pytest.fixture(
    params=[pytest.param(name, marks=REAL if name == "asterisk" else []) for name in INBOUND_HARNESSES]
)
def carrier(
    request: pytest.FixtureRequest, redis_url: str, redis_server: redis.Redis
) -> Iterator[InboundHarness]:
    harness = INBOUND_HARNESSES[request.param](redis_url)
    harness.start()
    yield harness
    harness.stop()


def ring_and_take(carrier: InboundHarness, attempt: int, call_id: str = "a", **how: str) -> str:
    name = carrier.ring_in(call_id, **how)
    carrier.announced(name)
    carrier.take(carrier.order_to_take(attempt, name))
    return name


def kinds(carrier: InboundHarness, attempt: int) -> list[EventKind]:
    return [event.kind for event in carrier.events(attempt)]


def test_who_rings_is_announced_with_both_numbers(carrier):
    before = clock.now()
    name = carrier.ring_in("a")

    call = carrier.announced(name)

    assert call == RingingIn(carrier.NAME, name, carrier.THEIRS, carrier.OURS, call.at)
    assert before - 1 <= call.at <= clock.now() + 1


def test_a_call_that_was_taken_comes_in_and_is_connected_like_any_other(carrier):
    ring_and_take(carrier, 1)
    came_in = carrier.wait_for(1, EventKind.CALL_CAME_IN)
    carrier.command(lambda control: control.connect(1, AGENT))
    connected = carrier.wait_for(1, EventKind.CALL_CONNECTED)
    carrier.command(lambda control: control.hang_up(1))

    carrier.wait_for(1, EventKind.CALL_ENDED)

    assert came_in.data == {"lead_id": 10, "wait": 120.0}
    assert connected.agent_id == AGENT
    assert kinds(carrier, 1) == [EventKind.CALL_CAME_IN, EventKind.CALL_CONNECTED, EventKind.CALL_ENDED]


def test_a_call_taken_twice_comes_in_once(carrier):
    name = ring_and_take(carrier, 1)
    carrier.take(carrier.order_to_take(1, name))
    carrier.command(lambda control: control.hang_up(1))

    carrier.wait_for(1, EventKind.CALL_ENDED)

    assert kinds(carrier, 1) == [EventKind.CALL_CAME_IN, EventKind.CALL_ENDED]


def test_whoever_waits_too_long_hangs_up(carrier):
    ring_and_take(carrier, 1, patience="impatient")

    assert carrier.wait_for(1, EventKind.CALL_ENDED).data["cause"] == CallCause.CALLEE_HUNG_UP


def test_who_waits_in_vain_hears_the_message(carrier):
    ring_and_take(carrier, 1)
    carrier.command(lambda control: control.play_message(1, "We ring you back."))

    carrier.wait_for(1, EventKind.CALL_ENDED)

    assert kinds(carrier, 1)[1:] == [EventKind.CALL_MESSAGE_PLAYED, EventKind.CALL_ENDED]


def test_a_call_whose_announcement_was_lost_is_announced_again(carrier):
    name = carrier.ring_in("a")
    carrier.announced(name)

    carrier.forget_announcement(name)

    assert carrier.announced(name).call_id == name


def test_a_call_that_has_gone_before_it_was_taken_is_told_as_come_in_and_ended(carrier):
    carrier.take(carrier.order_to_take(1, "long gone"))

    assert kinds(carrier, 1) == [EventKind.CALL_CAME_IN, EventKind.CALL_ENDED]


def test_a_call_that_nobody_takes_is_hung_up(carrier):
    name = carrier.ring_in("a")
    carrier.announced(name)

    carrier.refuse(name)
    carrier.refuse(name)

    carrier.wait_until_over(name)


def test_a_call_goes_on_waiting_after_the_carrier_was_killed(carrier):
    ring_and_take(carrier, 1)
    carrier.kill()
    carrier.start()
    carrier.command(lambda control: control.connect(1, AGENT))

    carrier.wait_for(1, EventKind.CALL_CONNECTED)

    assert kinds(carrier, 1) == [EventKind.CALL_CAME_IN, EventKind.CALL_CONNECTED]


def test_a_call_taken_while_the_carrier_was_dead_is_not_lost(carrier):
    name = carrier.ring_in("a")
    carrier.announced(name)
    carrier.kill()
    carrier.take(carrier.order_to_take(1, name))
    carrier.start()
    carrier.command(lambda control: control.connect(1, AGENT))

    carrier.wait_for(1, EventKind.CALL_CONNECTED)


@SIMULATED
def test_a_person_who_missed_the_call_rings_the_number_that_we_showed(carrier):
    order = carrier.order(1, "no_answer")
    profile = {**order.profile, **SPEED, "ring_back": 1.0, "ring_back_seconds": 60.0}
    carrier.place(replace(order, profile=profile))
    carrier.wait_for(1, EventKind.CALL_ENDED)

    call = carrier.announced("back-1")

    assert (call.number, call.dialed) == (order.number, order.caller_id)


@SIMULATED
def test_a_person_who_talked_with_an_agent_does_not_ring_back(carrier):
    order = carrier.order(1, "human")
    carrier.place(replace(order, profile={**order.profile, "ring_back": 1.0, "ring_back_seconds": 0.0}))
    carrier.wait_for(1, EventKind.CALL_ANSWERED)
    carrier.command(lambda control: control.connect(1, AGENT))
    carrier.wait_for(1, EventKind.CALL_CONNECTED)
    carrier.command(lambda control: control.hang_up(1))

    carrier.wait_for(1, EventKind.CALL_ENDED)

    assert carrier.redis.zcard(keys.RING_BACKS) == 0


@SIMULATED
def test_a_ring_back_outlives_the_carrier_process(carrier):
    order = carrier.order(1, "no_answer")
    profile = {**order.profile, **SPEED, "ring_back": 1.0, "ring_back_seconds": 400.0}
    carrier.place(replace(order, profile=profile))
    carrier.wait_for(1, EventKind.CALL_ENDED)
    carrier.kill()
    carrier.start()

    assert carrier.announced("back-1").number == order.number
