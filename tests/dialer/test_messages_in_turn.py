"""Messages, and the key that says "never again", when the call ends in the same moment; the node is played, so that it waits for us."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
import redis

from dialer.carriers.asterisk import keys, messages
from dialer.carriers.talks import TalkFact
from dialer.events import EventKind
from tests.dialer.served_node import AGENT, Play, Scene, over, play, started

CALL = "call-000000000001"
THIRD = "third-000000000001"
APART = "bridges/apart-000000000001"
LEAVES = {"type": "ChannelHangupRequest", "channel": {"id": CALL, "state": "Up"}}


@pytest.fixture
def played(redis_url: str, redis_server: redis.Redis) -> Callable[[Play], None]:
    return lambda scene: play(redis_url, redis_server, scene)


def finished(name: str, state: str = "done") -> dict[str, Any]:
    return {"type": "PlaybackFinished", "playback": {"id": name, "state": state}}


def pressed(digit: str) -> dict[str, Any]:
    return {"type": "ChannelDtmfReceived", "channel": {"id": CALL, "state": "Up"}, "digit": digit}


async def hears_message(scene: Scene) -> str:
    """The message begins; return the name of the sound."""
    scene.order("play_message", 1, message="nobody is free")
    await scene.node.until_asked("POST", f"channels/{CALL}/play/message-1")
    path = next(path for _, path in scene.node.asked if f"{CALL}/play/" in path)
    return path.rpartition("/")[2]


@pytest.mark.parametrize("cut_off", [False, True])
def test_a_message_counts_as_heard_when_the_person_hangs_up_after_it_and_not_before(played, cut_off) -> None:
    async def test(scene: Scene) -> None:
        scene.answered(1)
        async with scene.served():
            begins = scene.node.hold(f"{CALL}/play")  # what follows waits for its turn
            sound = await hears_message(scene)
            told = [LEAVES, finished(sound)] if cut_off else [finished(sound), LEAVES]
            await scene.node.tell(*told, over(CALL))
            begins.set()
            await scene.until_told(1, EventKind.CALL_ENDED)

            assert (EventKind.CALL_MESSAGE_PLAYED in scene.kinds(1)) is not cut_off

    played(test)


def test_a_key_that_is_pressed_while_the_call_is_hung_up_is_not_lost(played) -> None:
    async def test(scene: Scene) -> None:
        scene.answered(1)
        async with scene.served():
            await hears_message(scene)
            await scene.until_obeyed()
            scene.node.missing.add(f"DELETE channels/{CALL}")
            gone = scene.node.hold(f"DELETE channels/{CALL}")
            scene.order("hang_up", 1)
            await scene.node.until_asked("DELETE", f"channels/{CALL}")
            await scene.node.tell(pressed("9"), over(CALL))
            gone.set()
            await scene.until_told(1, EventKind.CALL_ENDED)

            assert scene.kinds(1) == [EventKind.CALL_OPTED_OUT, EventKind.CALL_ENDED]

    played(test)


def test_another_key_at_the_end_of_a_call_is_no_wish(played) -> None:
    async def test(scene: Scene) -> None:
        scene.answered(1)
        async with scene.served():
            await hears_message(scene)
            await scene.node.tell(pressed("1"), over(CALL))
            await scene.until_told(1, EventKind.CALL_ENDED)

            assert scene.kinds(1) == [EventKind.CALL_ENDED]

    played(test)


def test_who_presses_the_key_after_the_message_hears_to_the_end_that_it_is_noted(played, monkeypatch) -> None:
    monkeypatch.setattr(messages, "KEY_SECONDS", 0.3)

    async def test(scene: Scene) -> None:
        scene.answered(1)
        async with scene.served():
            await scene.node.tell(finished(await hears_message(scene)), pressed("9"))
            await scene.until_told(1, EventKind.CALL_MESSAGE_PLAYED)
            await scene.node.until_asked("POST", f"channels/{CALL}/play/opted-out-1")
            await asyncio.sleep(2 * messages.KEY_SECONDS)  # the time for a key is over
            assert scene.node.count("DELETE", f"channels/{CALL}") == 0
            path = next(path for _, path in scene.node.asked if "opted-out-1" in path)
            await scene.node.tell(finished(path.rpartition("/")[2]))

            await scene.node.until_asked("DELETE", f"channels/{CALL}")

    played(test)


def test_a_third_person_who_is_gone_before_they_are_joined_is_apologized_for(played) -> None:
    async def test(scene: Scene) -> None:
        scene.answered(1, state=keys.APART, apart=TalkFact.TRANSFERRED.value)
        scene.has_channel(THIRD, "Ringing")
        async with scene.served():
            scene.node.there[APART] = {"channels": []}
            scene.node.refused.add(f"{APART}/addChannel")
            await scene.node.tell(started(THIRD, "third"), over(THIRD))
            await scene.node.until_asked("POST", f"channels/{CALL}/play/message-1")

            assert ("DELETE", f"channels/{CALL}") not in scene.node.asked
            assert TalkFact.TRANSFER_FAILED in scene.facts(1)

    played(test)


def test_a_person_who_hears_the_message_is_not_recorded_any_more(played) -> None:
    """The agent was lost in the moment in which the two were connected."""

    async def test(scene: Scene) -> None:
        scene.answered(1, recording='{"announcement": ""}')
        await scene.seat()
        async with scene.served():
            scene.order("connect", 1, agent=AGENT)
            await scene.until_told(1, EventKind.CALL_CONNECTED)
            await hears_message(scene)

            for side in ("callee", "agent", "mixed"):
                await scene.node.until_asked("DELETE", f"channels/rec{side}-000000000001")

    played(test)


@pytest.mark.parametrize("heard", [False, True])
def test_the_key_is_heard_in_the_message_after_a_transfer_that_failed(played, heard) -> None:
    """It is the same message with the same promise; the floor has let go of the call."""

    async def test(scene: Scene) -> None:
        scene.answered(1, state=keys.APART, apart=TalkFact.TRANSFERRED.value)
        scene.has_channel(THIRD, "Ringing")
        async with scene.served():
            await scene.node.tell(over(THIRD))
            await scene.node.until_asked("POST", f"channels/{CALL}/play/message-1")
            path = next(path for _, path in scene.node.asked if f"{CALL}/play/" in path)
            if heard:
                await scene.node.tell(finished(path.rpartition("/")[2]))
                scene.order("send_digits", 1, digits="1")  # waits for its turn after it
                await scene.until_obeyed()
            assert ("DELETE", f"channels/{CALL}") not in scene.node.asked
            await scene.node.tell(pressed("9"), pressed("9"))
            await scene.node.until_asked("POST", f"channels/{CALL}/play/opted-out-1")

            assert scene.facts(1).count(TalkFact.OPTED_OUT) == 1

    played(test)


def test_a_key_that_is_meant_for_a_third_person_is_no_wish(played) -> None:
    async def test(scene: Scene) -> None:
        scene.answered(1, state=keys.APART, apart=TalkFact.TRANSFERRED.value)
        scene.has_channel(THIRD, "Ringing")
        async with scene.served():
            await scene.node.tell(started(THIRD, "third"))
            await scene.until(lambda: TalkFact.TRANSFER_ANSWERED in scene.facts(1), "they talk")
            await scene.node.tell(pressed("9"), over(CALL))
            await scene.until(lambda: scene.state(1) == keys.ENDED, "it is over")

            assert TalkFact.OPTED_OUT not in scene.facts(1)

    played(test)


def test_the_key_is_heard_when_the_message_ended_while_nobody_listened(played) -> None:
    async def test(scene: Scene) -> None:
        scene.answered(1, state=keys.PLAYING, playing="message")
        async with scene.served():
            await scene.node.tell(pressed("9"))
            await scene.until_told(1, EventKind.CALL_OPTED_OUT)

            assert ("DELETE", f"channels/{CALL}") not in scene.node.asked

    played(test)


def test_who_hears_nothing_after_a_connection_is_hung_up(played, monkeypatch) -> None:
    monkeypatch.setattr(messages, "KEY_SECONDS", 0.1)

    async def test(scene: Scene) -> None:
        scene.answered(1, state=keys.PLAYING, playing="message")
        async with scene.served():
            await scene.node.until_asked("DELETE", f"channels/{CALL}")

    played(test)


def test_a_third_person_who_was_joined_with_nobody_is_joined_after_a_connection(played) -> None:
    async def test(scene: Scene) -> None:
        scene.answered(1, state=keys.APART, apart=TalkFact.TRANSFERRED.value)
        scene.has_channel(THIRD)
        scene.node.there[APART] = {"channels": []}
        async with scene.served():
            assert scene.node.count("POST", f"{APART}/addChannel") == 1

    played(test)
