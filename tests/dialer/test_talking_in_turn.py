"""What agents do in the same moment in which something else happens to the call; the node is played, so that it waits for us."""

from collections.abc import Callable

import pytest
import redis

from dialer import clock, live
from dialer.carriers.asterisk import keys
from dialer.carriers.talks import TalkFact, dump
from dialer.events import CallCause, EventKind
from dialer.ports import Consulted, Talk
from tests.dialer.served_node import AGENT, CAMPAIGN, Play, Scene, play

CALL, THIRD = "call-000000000001", "third-000000000001"


@pytest.fixture
def played(redis_url: str, redis_server: redis.Redis) -> Callable[[Play], None]:
    return lambda scene: play(redis_url, redis_server, scene)


async def talks(scene: Scene, **facts: object) -> None:
    """The person and the agent talk."""
    scene.answered(1, state=keys.CONNECTED, agent=AGENT, bridge=f"agent-{AGENT:09d}")
    await scene.seat()
    scene.server.set(live.talk_key(1), dump(Talk(1, CAMPAIGN, AGENT, **facts)))


def test_who_hangs_up_while_the_call_is_handed_on_does_not_hang_up_the_callee(played) -> None:
    async def test(scene: Scene) -> None:
        await talks(scene)
        async with scene.served():
            rings = scene.node.hold(f"POST channels/{THIRD}")
            scene.order("transfer", 1, number="+12125550177", until=clock.now() + 60)
            await scene.node.until_asked("POST", f"channels/{THIRD}")
            scene.order("hang_up", 1)
            rings.set()
            await scene.until_obeyed()

            assert (await scene.until_told(1, EventKind.CALL_ENDED)).data["cause"] == CallCause.TRANSFERRED
            assert TalkFact.TRANSFERRED in scene.facts(1)
            assert ("DELETE", f"channels/{CALL}") not in scene.node.asked

    played(test)


@pytest.mark.parametrize("there", [True, False])
def test_a_third_person_who_is_rung_since_the_channels_were_listed_is_not_gone(played, there) -> None:
    async def test(scene: Scene) -> None:
        await talks(scene, held=True, consulted=Consulted.RINGING, number="+12125550177")
        if there:
            scene.node.there[f"channels/{THIRD}"] = {"id": THIRD, "state": "Ringing"}
        async with scene.served():
            assert (TalkFact.CONSULT_ENDED in scene.facts(1)) is not there

    played(test)
