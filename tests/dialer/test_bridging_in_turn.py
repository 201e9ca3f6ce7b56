"""People who are given to another agent while they are joined with one; the node is played, so that it waits for us."""

from collections.abc import Callable

import pytest
import redis

from dialer import live
from dialer.carriers.asterisk import keys
from dialer.events import EventKind
from tests.dialer.served_node import AGENT, CAMPAIGN, Play, Scene, play

SECOND = 8
CALLER = "1700000000.1"
BRIDGE, OTHER_BRIDGE = f"bridges/agent-{AGENT:09d}", f"bridges/agent-{SECOND:09d}"


@pytest.fixture
def played(redis_url: str, redis_server: redis.Redis) -> Callable[[Play], None]:
    return lambda scene: play(redis_url, redis_server, scene)


async def waits(scene: Scene) -> None:
    """Somebody rang us; of two agents the floor knows the second."""
    scene.answered(1, channel=CALLER, wait=60, welcomed=1)
    await scene.seat(AGENT)
    await scene.seat(SECOND)
    scene.server.hset(live.ON_FLOOR_KEY, str(SECOND), CAMPAIGN)


def test_who_is_given_to_another_agent_while_the_first_one_leaves_is_with_the_other(played) -> None:
    async def test(scene: Scene) -> None:
        await waits(scene)
        async with scene.served():
            joins = scene.node.hold(f"{BRIDGE}/addChannel")
            scene.order("connect", 1, agent=AGENT)
            await scene.node.until_asked("POST", f"{BRIDGE}/addChannel", times=2)
            scene.order("connect", 1, agent=SECOND)
            joins.set()
            await scene.until_obeyed()

            told = [event for event in scene.events(1) if event.kind is EventKind.CALL_CONNECTED]
            assert [event.agent_id for event in told] == [AGENT, SECOND]
            asked = scene.node.asked
            left = asked.index(("POST", f"{BRIDGE}/removeChannel"))
            assert ("POST", f"{OTHER_BRIDGE}/addChannel") in asked[left:]
            assert scene.server.hget(keys.call_key(1), "agent") == str(SECOND)

    played(test)


def test_who_is_with_an_agent_of_the_floor_stays_there(played) -> None:
    """An order that was left over is read again after a loss."""

    async def test(scene: Scene) -> None:
        await waits(scene)
        scene.server.hset(live.ON_FLOOR_KEY, str(AGENT), CAMPAIGN)
        async with scene.served():
            scene.order("connect", 1, agent=AGENT)
            await scene.until_told(1, EventKind.CALL_CONNECTED)
            scene.order("connect", 1, agent=SECOND)
            await scene.until_obeyed()

            assert scene.server.hget(keys.call_key(1), "agent") == str(AGENT)
            assert scene.node.count("POST", f"{BRIDGE}/removeChannel") == 0

    played(test)
