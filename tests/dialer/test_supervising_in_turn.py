"""A supervisor who changes their mind while the node is being asked; the node is played, so that it waits for us."""

from collections.abc import Callable

import pytest
import redis

from dialer import live
from dialer.carriers.asterisk import keys
from dialer.carriers.talks import dump
from dialer.carriers.telephone import TelephoneCommand
from dialer.ports import SuperviseMode, Supervision
from tests.dialer.served_node import AGENT, NODE, Play, Scene, play

BOSS = 9
SNOOP = f"snoop-{BOSS:09d}"
LISTEN = f"POST channels/agent-{AGENT:09d}/snoop"


@pytest.fixture
def played(redis_url: str, redis_server: redis.Redis) -> Callable[[Play], None]:
    return lambda scene: play(redis_url, redis_server, scene)


def order(scene: Scene, mode: SuperviseMode) -> None:
    words = {
        "command": TelephoneCommand.SUPERVISE,
        "supervisor": str(BOSS),
        "agent": str(AGENT),
        "mode": mode.value,
    }
    scene.server.xadd(keys.node_commands(NODE), words)


async def seated(scene: Scene) -> None:
    await scene.seat(AGENT)
    await scene.seat(BOSS)


def test_who_stops_while_the_node_is_asked_listens_to_nobody(played) -> None:
    async def test(scene: Scene) -> None:
        await seated(scene)
        async with scene.served():
            asked = scene.node.hold(LISTEN)
            order(scene, SuperviseMode.LISTEN)
            await scene.node.until_asked("POST", f"agent-{AGENT:09d}/snoop")
            order(scene, SuperviseMode.STOP)
            await scene.until(lambda: scene.server.xlen(keys.node_commands(NODE)) == 1, "it is stopped")
            stopped = scene.node.count("DELETE", f"channels/{SNOOP}")
            asked.set()
            await scene.until_obeyed()

            assert scene.node.count("DELETE", f"channels/{SNOOP}") == stopped + 1
            assert not scene.server.exists(live.supervision_key(BOSS))

    played(test)


def test_who_stops_while_it_is_looked_whether_they_listen_is_not_brought_in_again(played) -> None:
    async def test(scene: Scene) -> None:
        await seated(scene)
        scene.server.set(live.supervision_key(BOSS), dump(Supervision(BOSS, AGENT, SuperviseMode.LISTEN)))
        scene.node.there[f"channels/{SNOOP}"] = {"id": SNOOP}
        async with scene.served():
            scene.node.there.pop(f"channels/{SNOOP}")
            looks = scene.node.hold(f"GET channels/{SNOOP}")
            before = scene.node.count("GET", f"channels/{SNOOP}")
            order(scene, SuperviseMode.LISTEN)
            await scene.node.until_asked("GET", f"channels/{SNOOP}", times=before + 1)
            order(scene, SuperviseMode.STOP)
            await scene.until(lambda: scene.server.xlen(keys.node_commands(NODE)) == 1, "it is stopped")
            looks.set()
            await scene.until_obeyed()

            assert scene.node.count("POST", f"agent-{AGENT:09d}/snoop") == 0
            assert not scene.server.exists(live.supervision_key(BOSS))

    played(test)
