"""The carrier `asterisk` for the conformance tests: a real node, its gateway, and callees who do as they are told."""

import asyncio
import atexit
import contextlib
import functools
import threading
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, ClassVar

import redis.asyncio

from dialer.carriers import make_control
from dialer.events import Event, EventKind
from dialer.ports import CallControl, PlaceOrder
from tests.telephony.agent import Call
from tests.telephony.asterisk_server import CALLER_IDS, AsteriskServer, run_asterisk
from tests.telephony.audio import talk, tone
from tests.telephony.callee import (
    CALLEE_HERTZ,
    Carrier,
    busy,
    congested,
    machine,
    picks_up,
    rings,
    says,
    unknown,
)
from tests.telephony.gateway import CAMPAIGN, Floor, GatewayProcess, phone_of
from tests.telephony.rtp import WAIT_SECONDS

AGENT = 3
LEAST_RING_SECONDS = 15


@functools.lru_cache(1)
def shared_server() -> AsteriskServer:
    """One node for all conformance tests of this process."""
    stack = contextlib.ExitStack()
    atexit.register(stack.close)
    return stack.enter_context(run_asterisk(trunk="check_seconds = 0"))


# Says hello, hears nobody, and puts the phone down.
impatient = says(lambda: talk((0.5, CALLEE_HERTZ)), then_hangs_up=True)


async def talker(call: Call) -> None:
    """Hangs up soon after somebody spoke."""
    call.ring()
    if await call.answer(tone(CALLEE_HERTZ)):
        await call.media.hears(440)
        await call.hang_up()


class AsteriskHarness:
    """Runs the callees and the agent's telephone in a loop of their own."""

    FATES: ClassVar = {
        "human": picks_up,
        "silent": impatient,
        "talker": talker,
        "machine": machine,
        "patient": rings,
        "no_answer": rings,
        "busy": busy,
        "invalid": unknown,
        "congestion": congested,
    }

    def __init__(self, url: str) -> None:
        self.url = url
        self.server = shared_server()
        self.gateway = GatewayProcess([self.server], url)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._stack = contextlib.AsyncExitStack()
        self._is_set = False

    def _run(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(2 * WAIT_SECONDS)

    def start(self) -> None:
        self.gateway.start()
        if not self._is_set:
            self._is_set = True
            self._thread.start()
            self._run(self._set_up())

    async def _set_up(self) -> None:
        self.carrier = await self._stack.enter_async_context(Carrier(*self.server.carrier))
        self.floor = await self._stack.enter_async_context(Floor(self.gateway))
        phone = await self._stack.enter_async_context(phone_of(AGENT))
        await self.floor.seat(AGENT, phone, self.server)

    def stop(self) -> None:
        self.gateway.stop()
        if not self._is_set:
            return
        self.gateway.redis.close()
        self._is_set = False
        self._run(self._tear_down())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()
        self.server.hang_up_all()

    async def _tear_down(self) -> None:
        await self._stack.aclose()
        for _ in range(5):  # sockets close at the loop's next turns
            await asyncio.sleep(0)

    def kill(self) -> None:
        self.gateway.kill()

    def order(self, attempt_id: int, fate: str) -> PlaceOrder:
        number = f"+1202555{attempt_id:04d}"
        self.carrier.behaves(number, self.FATES[fate])
        ring_seconds = 120 if fate == "patient" else LEAST_RING_SECONDS
        profile = {"detection": True} if fate == "machine" else {}
        return PlaceOrder(attempt_id, CAMPAIGN, number, CALLER_IDS[0], ring_seconds, profile, "asterisk")

    def place(self, order: PlaceOrder) -> None:
        self.floor.placer.place_call(order)

    def command(self, ask: Callable[[CallControl], Awaitable[object]]) -> object:
        async def run() -> object:
            client = redis.asyncio.Redis.from_url(self.url, decode_responses=True)
            try:
                return await ask(make_control("asterisk", client))
            finally:
                await client.aclose()

        return asyncio.run(run())

    def wait_for(self, attempt_id: int, kind: EventKind) -> Event:
        return self._run(self.floor.hears(attempt_id, kind))

    def events(self, attempt_id: int) -> list[Event]:
        return self.floor.events(attempt_id)

    def count_dialed(self, attempt_id: int) -> int:
        return sum(call.number == f"+1202555{attempt_id:04d}" for call in self.carrier.calls.values())
