"""Calls whose next event comes while the one before is still being taken in; the node is played, so that it waits for us."""

from collections.abc import Callable

import pytest
import redis

from dialer.carriers.asterisk import keys
from dialer.events import CallCause, EventKind
from tests.dialer.served_node import NODE, OTHER, Play, Scene, over, play, started


@pytest.fixture
def played(redis_url: str, redis_server: redis.Redis) -> Callable[[Play], None]:
    return lambda scene: play(redis_url, redis_server, scene)


async def held_look(scene: Scene) -> None:
    """The look at what is there waits at call 1, which is to be hung up; the calls after it were read and not looked at."""
    scene.has_channel(scene.write_call(1, keys.RINGING, why=CallCause.HUNG_UP), "Ringing")
    scene.node.hold("DELETE channels/call-000000000001")


def test_an_order_to_dial_that_is_read_again_loses_no_call(played) -> None:
    """The gateway died after it had asked the node, before it took the order from the stream."""

    async def test(scene: Scene) -> None:
        channel = scene.write_call(1, keys.DIALING)
        scene.has_channel(channel, "Ring")
        scene.order("originate", 1)
        async with scene.served():
            await scene.until_obeyed()
            await scene.node.tell(started(channel, "call"))
            await scene.until_told(1, EventKind.CALL_ANSWERED)
            await scene.node.tell(over(channel))

            ended = await scene.until_told(1, EventKind.CALL_ENDED)
            assert ended.data["cause"] == CallCause.CALLEE_HUNG_UP
            assert scene.node.count("DELETE", channel) == 0

    played(test)


def test_a_person_who_answers_during_the_look_of_a_new_gateway_is_not_hung_up(played) -> None:
    async def test(scene: Scene) -> None:
        channel = scene.write_call(2, keys.RINGING)
        scene.has_channel(channel, "Ringing")
        await scene.seat()
        listed = scene.node.hold("GET channels")
        async with scene.served(wait=False) as service:
            await scene.node.until_asked("GET", "channels")
            await scene.node.tell(started(channel, "call"))
            await scene.until_told(2, EventKind.CALL_ANSWERED)
            listed.set()
            await scene.until_up(service)
            scene.order("connect", 2, agent=7)

            await scene.until_told(2, EventKind.CALL_CONNECTED)
            assert scene.node.count("DELETE", channel) == 0

    played(test)


def test_a_person_who_answers_during_the_look_after_a_lost_socket_can_be_connected(played) -> None:
    async def test(scene: Scene) -> None:
        await scene.seat()
        for attempt in (1, 2):
            scene.has_channel(scene.write_call(attempt, keys.RINGING), "Ringing")
        async with scene.served() as service:
            wait = scene.node.hold("DELETE channels/call-000000000001")
            scene.order("hang_up", 1)
            await scene.node.until_asked("DELETE", "channels/call-000000000001")
            await scene.node.cut()
            await scene.node.until_asked("DELETE", "channels/call-000000000001", times=2)
            await scene.node.tell(started("call-000000000002", "call"))
            await scene.until_told(2, EventKind.CALL_ANSWERED)
            wait.set()
            await scene.until_up(service)
            scene.order("connect", 2, agent=7)

            await scene.until_told(2, EventKind.CALL_CONNECTED)

    played(test)


def test_a_call_that_ends_during_the_look_of_a_new_gateway_is_told(played) -> None:
    async def test(scene: Scene) -> None:
        await held_look(scene)
        channel = scene.answered(2)
        async with scene.served(wait=False):
            await scene.node.until_asked("DELETE", "channels/call-000000000001")
            scene.has_no_channel(channel)
            await scene.node.tell(over(channel))

            ended = await scene.until_told(2, EventKind.CALL_ENDED)
            assert ended.data["cause"] == CallCause.CALLEE_HUNG_UP
            assert "lost" not in ended.data

    played(test)


def test_a_call_that_begins_to_ring_during_the_look_is_not_given_up(played) -> None:
    async def test(scene: Scene) -> None:
        await held_look(scene)
        channel = scene.write_call(2, keys.DIALING)
        async with scene.served(wait=False) as service:
            await scene.node.until_asked("DELETE", "channels/call-000000000001")
            scene.node.there[f"channels/{channel}"] = {"id": channel, "state": "Ringing"}
            await scene.node.tell({"type": "Dial", "peer": {"id": channel}, "dialstatus": "RINGING"})
            await scene.until_told(2, EventKind.CALL_RINGING)
            scene.node.held["DELETE channels/call-000000000001"].set()
            await scene.until_up(service)

            assert scene.state(2) == keys.RINGING
            assert EventKind.CALL_ENDED not in scene.kinds(2)

    played(test)


def test_a_call_that_was_given_back_while_it_was_to_be_hung_up_ends_where_it_waits(played) -> None:
    """Another node may dial it at once: nothing that this one says of its channel may end it there."""

    async def test(scene: Scene) -> None:
        channel = scene.write_call(1, keys.ASSIGNED)
        async with scene.served():
            asked = scene.node.hold(f"POST channels/{channel}")
            scene.order("originate", 1)
            await scene.node.until_asked("POST", f"channels/{channel}")
            scene.node.refused.add(f"POST channels/{channel}")
            scene.node.missing.add(f"DELETE channels/{channel}")
            scene.order("hang_up", 1)
            scene.order("hang_up", 99)  # of which nobody knows: once it is done the one before waits
            await scene.until(lambda: scene.server.xlen(keys.node_commands(NODE)) == 2, "both wait")
            asked.set()
            await scene.until_obeyed()

            assert scene.node.count("DELETE", channel) == 0
            assert scene.kinds(1) == [EventKind.CALL_ENDED]

    played(test)


def test_a_call_that_another_node_has_is_not_ended_here(played) -> None:
    async def test(scene: Scene) -> None:
        channel = scene.write_call(1, keys.ASSIGNED)
        scene.node.missing.add(f"DELETE channels/{channel}")
        async with scene.served():
            scene.server.hset(keys.call_key(1), mapping={"state": keys.DIALING, "node": OTHER})
            scene.order("hang_up", 1)
            await scene.until_obeyed()

            assert scene.state(1) == keys.DIALING
            assert scene.kinds(1) == []

    played(test)


def test_a_call_whose_end_was_written_when_redis_went_away_is_forgotten(played) -> None:
    async def test(scene: Scene) -> None:
        channel = scene.answered(1)
        async with scene.served() as service:
            assert 1 in service.calls.known
            scene.has_no_channel(channel)
            scene.server.hset(keys.call_key(1), "state", keys.ENDED)
            scene.server.srem(keys.node_calls(NODE), 1)
            await scene.node.cut()
            await scene.until(lambda: 1 not in service.calls.known, "it is forgotten")

            assert scene.kinds(1) == []

    played(test)


def test_a_person_whose_answer_was_written_when_redis_went_away_can_be_connected(played) -> None:
    async def test(scene: Scene) -> None:
        await scene.seat()
        channel = scene.write_call(1, keys.RINGING)
        scene.has_channel(channel)
        async with scene.served() as service:
            await scene.until_told(1, EventKind.CALL_ANSWERED)
            service.calls.known[1].state = keys.RINGING  # what it took it for when no answer came
            await scene.node.cut()
            await scene.until(lambda: service.calls.known[1].state == keys.ANSWERED, "it is read again")
            await scene.until_up(service)
            scene.order("connect", 1, agent=7)

            await scene.until_told(1, EventKind.CALL_CONNECTED)

    played(test)
