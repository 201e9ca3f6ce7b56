"""What the conformance tests need to know of a carrier: one small class per carrier."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from typing import ClassVar, Protocol

import redis
import redis.asyncio

from dialer import live
from dialer.carriers import make_control, make_placer
from dialer.carriers import simulated_keys as keys
from dialer.events import Event, EventKind
from dialer.ports import CallControl, PlaceOrder
from tests.telephony.conformance import AsteriskHarness

CAMPAIGN = 7
WAIT_SECONDS = 20.0


class CarrierHarness(Protocol):
    """A carrier under test, and callees who do as they are told."""

    def start(self) -> None: ...

    def stop(self) -> None: ...

    def kill(self) -> None:
        """End the carrier (or our link to it) without a goodbye."""
        ...

    def order(self, attempt_id: int, fate: str) -> PlaceOrder:
        """Order a call that ends as `fate`: human, silent (an impatient human), talker (hangs up soon after the
        connection), machine, or a cause of failure."""
        ...

    def place(self, order: PlaceOrder) -> None: ...

    def command(self, ask: Callable[[CallControl], Awaitable[object]]) -> object: ...

    def wait_for(self, attempt_id: int, kind: EventKind) -> Event: ...

    def events(self, attempt_id: int) -> list[Event]: ...

    def count_dialed(self, attempt_id: int) -> int:
        """How often the network was really asked."""
        ...


class SimulatedHarness:
    """The simulated carrier in its own process, twenty times faster than life."""

    SPEED = 20
    FATES: ClassVar = {
        "human": {"human": 1.0},
        "silent": {"human": 1.0, "patience_seconds": 2.0},
        "talker": {"human": 1.0, "refuse_seconds": 5.0},
        "patient": {"human": 1.0, "ring_seconds": 900.0, "ring_deviation": 1.0},
    }

    def __init__(self, url: str) -> None:
        self.url = url
        self.redis = redis.Redis.from_url(url, decode_responses=True)
        self.placer = make_placer("simulated", self.redis)
        self.process: subprocess.Popen | None = None

    def start(self) -> None:
        self.redis.delete(live.alive_key("carrier", "simulated"))
        self.process = self.start_process()
        self.wait_until_alive()

    def start_process(self) -> subprocess.Popen:
        return subprocess.Popen(
            [sys.executable, "-m", "dialer.carriers.simulated"],
            env=os.environ | {"REDIS_URL": self.url},
            stderr=subprocess.DEVNULL,
        )

    def wait_until_alive(self) -> None:
        deadline = time.monotonic() + WAIT_SECONDS
        while not self.redis.exists(live.alive_key("carrier", "simulated")):
            assert time.monotonic() < deadline, "the carrier did not start"
            self.redis.blpop(["nothing"], timeout=0.02)

    def stop(self) -> None:
        self._end(signal.SIGTERM)
        self.redis.close()

    def kill(self) -> None:
        self._end(signal.SIGKILL)

    def _end(self, number: int) -> None:
        if self.process and self.process.poll() is None:
            self.process.send_signal(number)
            self.process.wait(WAIT_SECONDS)

    def order(self, attempt_id: int, fate: str) -> PlaceOrder:
        nothing = dict.fromkeys(("human", "machine", "busy", "invalid", "congestion"), 0.0)
        talk = {"refuse": 1.0, "listen": 0.0, "refuse_seconds": 9000.0, "sudden_hang_up": 0.0}
        wait = {"patience_seconds": 400.0, "message_hang_up": 0.0}
        chosen = self.FATES.get(fate) or ({fate: 1.0} if fate in nothing else {})
        profile = nothing | talk | wait | chosen | {"speed": self.SPEED, "seed": 1}
        ring_seconds = 2000 if fate == "patient" else 25
        return PlaceOrder(
            attempt_id, CAMPAIGN, f"+1202555{attempt_id:04d}", "+12025550100", ring_seconds, profile
        )

    def place(self, order: PlaceOrder) -> None:
        self.placer.place_call(order)

    def command(self, ask: Callable[[CallControl], Awaitable[object]]) -> object:
        async def run() -> object:
            client = redis.asyncio.Redis.from_url(self.url, decode_responses=True)
            try:
                return await ask(make_control("simulated", client))
            finally:
                await client.aclose()

        return asyncio.run(run())

    def wait_for(self, attempt_id: int, kind: EventKind) -> Event:
        deadline, last = time.monotonic() + WAIT_SECONDS, "0"
        while time.monotonic() < deadline:
            answer = self.redis.xread({live.events_stream(CAMPAIGN): last}, block=500)
            for last, fields in answer[0][1] if answer else ():
                event = Event.from_fields(fields, last)
                if (event.attempt_id, event.kind) == (attempt_id, kind):
                    return event
        raise AssertionError(f"no {kind} for {attempt_id}: {self.events(attempt_id)}")

    def events(self, attempt_id: int) -> list[Event]:
        entries = self.redis.xrange(live.events_stream(CAMPAIGN))
        events = [Event.from_fields(fields, entry) for entry, fields in entries]
        return [event for event in events if event.attempt_id == attempt_id]

    def count_dialed(self, attempt_id: int) -> int:
        entries = self.redis.xrange(keys.DIALED_STREAM)
        return sum(fields["attempt"] == str(attempt_id) for _, fields in entries)


HARNESSES: dict[str, Callable[[str], CarrierHarness]] = {
    "simulated": SimulatedHarness,
    "asterisk": AsteriskHarness,
}
