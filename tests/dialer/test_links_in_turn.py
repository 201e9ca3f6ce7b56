"""Calls between two nodes that come and go while a callee is brought to an agent; the node is played, so that it waits for us."""

from collections.abc import Callable

import pytest
import redis

from dialer.carriers.asterisk import keys
from dialer.events import CallCause, EventKind
from tests.dialer.served_node import AGENT, OTHER, Play, Scene, over, play, started

LINK = "link-000000000001"
SECOND = 8


@pytest.fixture
def played(redis_url: str, redis_server: redis.Redis) -> Callable[[Play], None]:
    return lambda scene: play(redis_url, redis_server, scene)


async def called(scene: Scene, **facts: object) -> str:
    """The agent's node is being called for an answered person; return the person's channel."""
    await scene.seat(AGENT, OTHER)
    channel = scene.answered(1, **facts)
    scene.order("connect", 1, agent=AGENT)
    return channel


async def answers(scene: Scene, agent: int = AGENT) -> None:
    """The agent's node is there."""
    await scene.node.tell(started(LINK, "link", str(agent)))


def test_a_link_that_breaks_while_the_callee_joins_it_leaves_nobody_alone(played) -> None:
    async def test(scene: Scene) -> None:
        channel = await called(scene)
        async with scene.served():
            await scene.node.until_asked("POST", f"channels/{LINK}")
            joins = scene.node.hold(f"bridges/{LINK}/addChannel")
            await answers(scene)
            await scene.node.until_asked("POST", f"bridges/{LINK}/addChannel")
            await scene.node.tell(over(LINK))
            joins.set()

            await scene.until_told(1, EventKind.CALL_CONNECTED)
            await scene.node.until_asked("DELETE", f"channels/{channel}")

    played(test)


def test_a_link_that_answers_when_the_person_hears_the_message_is_hung_up(played) -> None:
    async def test(scene: Scene) -> None:
        await called(scene)
        async with scene.served():
            await scene.node.until_asked("POST", f"channels/{LINK}")
            scene.order("play_message", 1, message="nobody is free")
            await scene.until_obeyed()
            await answers(scene)
            await scene.node.until_asked("DELETE", f"channels/{LINK}")

            assert scene.node.count("POST", f"bridges/{LINK}") == 0

    played(test)


def test_a_link_to_an_agent_who_is_not_the_one_any_more_is_not_joined(played) -> None:
    async def test(scene: Scene) -> None:
        await called(scene, channel="1700000000.1", wait=60, welcomed=1)
        await scene.seat(SECOND, OTHER)
        async with scene.served():
            await scene.node.until_asked("POST", f"channels/{LINK}")
            scene.order("connect", 1, agent=SECOND)
            await scene.until_obeyed()
            await answers(scene)
            await scene.node.until_asked("DELETE", f"channels/{LINK}")
            await scene.node.tell(over(LINK))
            scene.order("connect", 1, agent=SECOND)
            await scene.until_obeyed()
            await answers(scene, SECOND)

            assert (await scene.until_told(1, EventKind.CALL_CONNECTED)).agent_id == SECOND
            assert scene.node.count("POST", f"bridges/{LINK}/addChannel") == 2

    played(test)


def test_a_link_that_is_joined_during_the_look_after_a_lost_socket_is_no_broken_one(played) -> None:
    async def test(scene: Scene) -> None:
        channel = await called(scene)
        held = scene.write_call(2, keys.RINGING, why=CallCause.HUNG_UP)
        scene.has_channel(held, "Ringing")
        async with scene.served() as service:
            await scene.until_obeyed()
            looks = scene.node.hold(f"DELETE channels/{held}")
            asked = scene.node.count("DELETE", f"channels/{held}")
            await scene.node.cut()
            await scene.node.until_asked("DELETE", f"channels/{held}", times=asked + 1)
            scene.node.there[f"channels/{LINK}"] = {"id": LINK, "state": "Up"}
            await answers(scene)
            await scene.until_told(1, EventKind.CALL_CONNECTED)
            looks.set()
            await scene.until_up(service)

            assert scene.node.count("DELETE", f"channels/{channel}") == 0
            assert scene.node.count("DELETE", f"channels/{LINK}") == 0

    played(test)


def test_a_link_whose_call_is_over_is_taken_down_after_a_connection(played) -> None:
    async def test(scene: Scene) -> None:
        scene.has_channel(LINK)
        async with scene.served():
            assert scene.node.count("DELETE", f"channels/{LINK}") == 1
            assert scene.node.count("DELETE", f"bridges/{LINK}") == 1

    played(test)


def test_a_link_that_answered_while_nobody_listened_is_made_anew(played) -> None:
    """Its answer was told to nobody: while it stands, no other one can be made."""

    async def test(scene: Scene) -> None:
        scene.answered(1)
        scene.has_channel(LINK)
        async with scene.served():
            assert scene.node.count("DELETE", f"channels/{LINK}") == 1

    played(test)
