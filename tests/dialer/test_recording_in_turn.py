"""Recordings and pauses when things happen in the same moment; the node is played, so that it waits for us."""

import json
from collections.abc import Callable

import pytest
import redis

from dialer import clock, live
from dialer.carriers.asterisk import keys
from dialer.carriers.talks import TalkFact, dump, read_talk
from dialer.events import EventKind
from dialer.ports import Talk
from tests.dialer.served_node import AGENT, CAMPAIGN, NODE, Play, Scene, play, started

CALL = "call-000000000001"
SNOOP = "reccallee-000000000001"
BRIDGE = f"agent-{AGENT:09d}"
SOUND = "announcement-0-1"


@pytest.fixture
def played(redis_url: str, redis_server: redis.Redis) -> Callable[[Play], None]:
    return lambda scene: play(redis_url, redis_server, scene)


async def talks(scene: Scene, **facts: object) -> None:
    """The person and the agent talk, and it is recorded."""
    scene.answered(1, state=keys.CONNECTED, agent=AGENT, bridge=BRIDGE, **facts)
    await scene.seat()
    scene.server.set(live.talk_key(1), dump(Talk(1, CAMPAIGN, AGENT, recording="on")))


def talk(scene: Scene) -> Talk:
    found = read_talk(scene.server.get(live.talk_key(1)))
    assert found is not None
    return found


def test_a_pause_that_is_asked_for_as_one_ends_is_kept(played) -> None:
    name = "rec-1-callee-1700000000000"

    async def test(scene: Scene) -> None:
        await talks(scene, recordings=name)
        scene.node.there[f"recordings/live/{name}"] = {"name": name}
        async with scene.served():
            scene.order("pause_recording", 1, seconds=1.5)
            await scene.until(lambda: talk(scene).recording == "paused", "a pause")
            over_at = talk(scene).recording_again_at
            mutes = scene.node.hold(f"POST recordings/live/{name}/mute")
            scene.order("pause_recording", 1, seconds=60)
            await scene.node.until_asked("POST", f"recordings/live/{name}/mute", times=2)
            await scene.until(lambda: clock.now() > over_at + 0.1, "the first pause is over")
            mutes.set()
            scene.order("send_digits", 1, digits="1")
            await scene.until_obeyed()

            assert scene.node.count("DELETE", "mute") == 0
            assert talk(scene).recording == "paused"

    played(test)


def test_a_pause_that_is_over_is_over(played) -> None:
    name = "rec-1-callee-1700000000000"

    async def test(scene: Scene) -> None:
        await talks(scene, recordings=name)
        scene.node.there[f"recordings/live/{name}"] = {"name": name}
        async with scene.served():
            scene.order("pause_recording", 1, seconds=0.2)
            await scene.node.until_asked("DELETE", f"recordings/live/{name}/mute")
            await scene.until(lambda: TalkFact.RECORDING_RESUMED in scene.facts(1), "it is told")

    played(test)


def test_a_pause_silences_a_recording_of_whose_beginning_no_gateway_heard(played) -> None:
    async def test(scene: Scene) -> None:
        await talks(scene)
        async with scene.served():
            await scene.node.tell(started(SNOOP, "rec"))
            await scene.node.until_asked("POST", f"channels/{SNOOP}/record")
        name = scene.node.query("POST", f"channels/{SNOOP}/record")["name"]
        scene.node.there[f"recordings/live/{name}"] = {"name": name}
        async with scene.served():
            scene.order("pause_recording", 1, seconds=60)
            await scene.until_obeyed()

            assert scene.node.count("POST", f"recordings/live/{name}/mute") == 1

    played(test)


def test_who_was_on_hold_during_the_announcement_hears_it_before_anything_is_recorded(played) -> None:
    async def test(scene: Scene) -> None:
        scene.answered(1, recording=json.dumps({"announcement": "This call is recorded."}))
        await scene.seat()
        scene.node.there[f"playbacks/{SOUND}"] = {"id": SOUND}
        async with scene.served():
            scene.order("connect", 1, agent=AGENT)
            await scene.until_told(1, EventKind.CALL_CONNECTED)
            await scene.node.until_asked("GET", f"playbacks/{SOUND}")
            scene.order("hold", 1)
            await scene.until(lambda: talk(scene).held, "on hold")
            looks = scene.node.count("GET", f"playbacks/{SOUND}")
            del scene.node.there[f"playbacks/{SOUND}"]
            await scene.node.until_asked("GET", f"playbacks/{SOUND}", times=looks + 1)
            scene.order("resume", 1)
            await scene.until(lambda: not talk(scene).held, "talking again")
            scene.node.there[f"playbacks/{SOUND}"] = {"id": SOUND}
            await scene.node.until_asked("POST", f"bridges/{BRIDGE}/play/{SOUND}", times=2)
            looks = scene.node.count("GET", f"playbacks/{SOUND}")
            await scene.node.until_asked("GET", f"playbacks/{SOUND}", times=looks + 2)
            assert scene.node.count("POST", f"channels/{CALL}/snoop") == 0
            del scene.node.there[f"playbacks/{SOUND}"]

            await scene.node.until_asked("POST", f"channels/{CALL}/snoop", times=3)

    played(test)


def test_who_is_put_on_hold_before_the_announcement_begins_hears_it_afterwards(played) -> None:
    async def test(scene: Scene) -> None:
        scene.answered(1, recording=json.dumps({"announcement": "This call is recorded."}))
        await scene.seat()
        async with scene.served():
            joins = scene.node.hold(f"bridges/{BRIDGE}/addChannel")
            scene.order("connect", 1, agent=AGENT)
            await scene.node.until_asked("POST", f"bridges/{BRIDGE}/addChannel")
            scene.order("hold", 1)
            scene.order("hang_up", 99)  # of which nobody knows: once it is done the one before waits
            await scene.until(lambda: scene.server.xlen(keys.node_commands(NODE)) == 2, "both wait")
            joins.set()
            await scene.until_obeyed()
            scene.order("resume", 1)
            await scene.node.until_asked("POST", f"bridges/{BRIDGE}/play/{SOUND}")

            asked = scene.node.asked
            back = asked.index(("DELETE", f"channels/{CALL}/moh"))
            assert asked.index(("POST", f"bridges/{BRIDGE}/play/{SOUND}")) > back

    played(test)
