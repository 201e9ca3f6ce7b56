"""A message of which nothing more is heard: nobody is kept on a silent line. The node is a list of what it was asked."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import pytest
import redis.asyncio

from dialer import clock
from dialer.carriers.asterisk import keys, messages
from dialer.carriers.asterisk.ari import AriRefusedError
from dialer.carriers.asterisk.book import Call
from dialer.carriers.asterisk.calls import Calls
from dialer.carriers.asterisk.messages import Messages
from dialer.carriers.asterisk.settings_file import parse_telephony
from dialer.carriers.asterisk.switch import Switch
from tests.factories_telephony import TELEPHONY_FILE

ATTEMPT = 7
RECORD = {
    "state": keys.ANSWERED,
    "campaign": "1",
    "number": "+12025550123",
    "caller_id": "+12025550100",
    "ring_seconds": "20",
    "profile": "{}",
    "since": "0",
    "node": "one",
    "trunk": "main",
}


class Node:
    """Takes every request but those that begin with `refuses`."""

    def __init__(self, refuses: str = "nothing") -> None:
        self.refuses, self.hung_up = refuses, asyncio.Event()

    async def ask(self, method: str, path: str, body: Any = None, **query: object) -> Any:
        if path.startswith(self.refuses):
            raise AriRefusedError(404, "refused")
        if method == "DELETE" and path.startswith("channels/call-"):
            self.hung_up.set()


Play = Callable[[Messages, Call], Awaitable[None]]


@pytest.fixture
def hangs_up(redis_server, redis_url: str) -> Callable[[Play, Node], None]:
    """Do something with an answered call; it is to be hung up."""

    async def test(play: Play, node: Node) -> None:
        client = redis.asyncio.Redis.from_url(redis_url, decode_responses=True)
        telephony = parse_telephony(TELEPHONY_FILE)
        switch = Switch(client, telephony, replace(telephony.nodes[0], sounds_folder="/sounds"), "token")
        switch.ari = node  # type: ignore[assignment]
        calls = Calls(switch)
        call = await switch.book.find(ATTEMPT)
        assert call is not None
        calls.known[ATTEMPT] = call
        try:
            await play(Messages(calls), call)
            async with asyncio.timeout(30):
                await node.hung_up.wait()
        finally:
            calls.unwatch(call)
            await switch.finish()
            await client.aclose()

    def run(play: Play, node: Node) -> None:
        redis_server.hset(keys.call_key(ATTEMPT), mapping=RECORD | {"since": repr(clock.now())})
        asyncio.run(test(play, node))

    return run


def test_a_message_whose_end_is_never_told_ends_with_the_call(hangs_up, monkeypatch):
    monkeypatch.setattr(messages, "LONGEST_SECONDS", 0.05)

    async def play(heard: Messages, call: Call) -> None:
        await heard.play(call, "We are sorry.")
        assert call.state == keys.PLAYING

    hangs_up(play, Node())


def test_who_pressed_the_key_is_hung_up_when_nothing_can_confirm_it(hangs_up):
    async def play(heard: Messages, call: Call) -> None:
        await heard.play(call, "We are sorry.")
        await heard.pressed(call, "9")
        assert call.facts["opted_out"] == "1"

    hangs_up(play, Node(refuses=f"channels/call-{ATTEMPT:012d}/play/opted-out"))
