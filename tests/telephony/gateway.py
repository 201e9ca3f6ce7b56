"""The gateway in its own process, and what an engine would ask of it and hear from it."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import redis
import redis.asyncio

from dialer import clock, live
from dialer.carriers import make_control, make_placer, make_telephone
from dialer.carriers.asterisk import keys
from dialer.events import Event, EventKind
from dialer.ports import LineState, PlaceOrder, Talk
from tests.telephony.asterisk_server import CALLER_IDS, AsteriskServer, carrier_of
from tests.telephony.audio import write_tone
from tests.telephony.callee import Carrier, Phone
from tests.telephony.rtp import WAIT_SECONDS

CAMPAIGN = 7
PASSWORD = "a password of the tests"
MESSAGE_HERTZ = 1300
MESSAGE_SECONDS = 1.2
SOUNDS = {"abandoned": (MESSAGE_HERTZ, MESSAGE_SECONDS), "voicemail": (1500, 1.0), "opted-out": (900, 0.4)}


def write_sounds(folder: Path) -> Path:
    """Spoken messages that can be told apart."""
    folder.mkdir(exist_ok=True)
    for name, (hertz, seconds) in SOUNDS.items():
        write_tone(folder / f"{name}.wav", hertz, seconds)
    return folder


class GatewayProcess:
    """The process under test."""

    def __init__(
        self, servers: Iterable[AsteriskServer], redis_url: str, *, change: tuple[str, str] = ("", "")
    ) -> None:
        self._change = change  # of the telephony file, for the gateway alone
        self.servers, self.url = list(servers), redis_url
        self.redis = redis.Redis.from_url(redis_url, decode_responses=True)
        self.process: subprocess.Popen[bytes] | None = None
        self.log = self.servers[0].folder.parent / "gateway.log"
        self.data = self.servers[0].folder.parent / "data"

    def _environ(self) -> dict[str, str]:
        first = self.servers[0]
        folder = first.folder.parent
        path = folder / "gateway.toml"
        sounds = write_sounds(folder / "sounds")
        text = Path(first.environ["TELEPHONY_FILE"]).read_text()
        path.write_text(f'sounds_folder = "{sounds}"\n{text}'.replace(*self._change))
        return (
            os.environ
            | first.environ
            | {
                "REDIS_URL": self.url,
                "TELEPHONY_FILE": str(path),
                "DATA_DIR": str(self.data),
            }
        )

    def start(self) -> None:
        """Start it and wait until every node that lives is served."""
        for server in self.servers:
            self.redis.delete(keys.node_up(server.node.name))  # of a process that was killed
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "dialer.carriers.asterisk.gateway"],
                env=self._environ(), stderr=log, stdin=subprocess.DEVNULL,
            )  # fmt: skip
        for server in self.servers:
            if server.process is not None and server.process.poll() is None:
                self.wait_for_key(keys.node_up(server.node.name))
        self.wait_for_key(live.alive_key("carrier", "asterisk"))

    def wait_for_key(self, key: str, *, there: bool = True) -> None:
        self.wait_until(
            lambda: bool(self.redis.exists(key)) is there, f"{key} {'there' if there else 'gone'}"
        )

    def wait_until(self, met: Callable[[], object], what: str) -> None:
        deadline = time.monotonic() + WAIT_SECONDS
        while not met():
            assert time.monotonic() < deadline, f"not {what}\n{self.said()}"
            self.redis.blpop(["nothing"], timeout=0.02)

    def stop(self) -> None:
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        self._end(signal.SIGKILL)

    def _end(self, number: int) -> None:
        if self.process and self.process.poll() is None:
            self.process.send_signal(number)
            self.process.wait(WAIT_SECONDS)

    def said(self) -> str:
        return self.log.read_text(errors="replace")[-6000:] if self.log.exists() else ""


@contextmanager
def run_gateway(
    servers: Iterable[AsteriskServer], redis_url: str, *, change: tuple[str, str] = ("", "")
) -> Iterator[GatewayProcess]:
    gateway = GatewayProcess(servers, redis_url, change=change)
    try:
        gateway.start()
        yield gateway
    finally:
        gateway.stop()
        gateway.redis.close()


class Floor:
    """The engine's and the desk's side, for one campaign."""

    def __init__(self, gateway: GatewayProcess) -> None:
        self.began = clock.now()
        self.gateway = gateway
        self.redis = gateway.redis
        self.client = redis.asyncio.Redis.from_url(gateway.url, decode_responses=True)
        self.control = make_control("asterisk", self.client)
        self.placer = make_placer("asterisk", self.redis)
        self.telephone = make_telephone("asterisk", self.redis)

    async def __aenter__(self) -> "Floor":
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.client.aclose()

    def place(self, attempt: int, number: str = "", *, ring_seconds: int = 25, **profile: Any) -> str:
        """Ask for a call; the number that is rung."""
        number = number or f"+1202555{attempt:04d}"
        self.placer.place_call(
            PlaceOrder(attempt, CAMPAIGN, number, CALLER_IDS[0], ring_seconds, profile, carrier="asterisk")
        )
        return number

    async def hears(self, attempt: int, kind: EventKind, seconds: float = WAIT_SECONDS) -> Event:
        """Wait for an event of a call."""
        return await self.hears_where(
            lambda event: (event.attempt_id, event.kind) == (attempt, kind), f"{kind} of {attempt}", seconds
        )

    async def hears_where(
        self, is_it: Callable[[Event], bool], what: str, seconds: float = WAIT_SECONDS
    ) -> Event:
        last = "0"
        try:
            async with asyncio.timeout(seconds):
                while True:
                    answer = await self.client.xread({live.events_stream(CAMPAIGN): last}, block=200)
                    for last, fields in answer[0][1] if answer else ():
                        event = Event.from_fields(fields, last)
                        if is_it(event):
                            return event
        except TimeoutError:
            raise AssertionError(f"no {what}: {self.tells()}") from None

    async def plays(self, attempt: int, text: str = "We are sorry.") -> float:
        """Ask for the message of abandoned people; the time before it can have begun."""
        asked = clock.now()
        await self.control.play_message(attempt, text)
        return asked

    def events(self, attempt: int | None = None) -> list[Event]:
        entries = self.redis.xrange(live.events_stream(CAMPAIGN))
        events = [Event.from_fields(fields, entry) for entry, fields in entries]
        return [event for event in events if attempt is None or event.attempt_id == attempt]

    def kinds(self, attempt: int) -> list[EventKind]:
        return [event.kind for event in self.events(attempt)]

    def count_dialed(self, attempt: int) -> int:
        entries = self.redis.xrange(keys.DIALED_STREAM)
        return sum(fields["attempt"] == str(attempt) for _, fields in entries)

    async def until(self, met: Callable[[], object], what: str, seconds: float = WAIT_SECONDS) -> None:
        """Wait until something is so, looking each time that Redis has time."""
        try:
            async with asyncio.timeout(seconds):
                while not met():
                    await self.client.blpop(["nothing"], timeout=0.02)
        except TimeoutError:
            raise AssertionError(f"not {what}\n{self.tells()}") from None

    def tells(self) -> str:
        """What is known on the floor's side, for a failed test."""
        lines = {agent: self.line(int(agent)) for agent in self.redis.smembers(keys.AGENTS)}
        return f"lines {lines}, events {self.events()}\n{self.gateway.said()}"

    # agents
    async def seat(self, agent: int, phone: Phone, server: AsteriskServer) -> None:
        """The agent's telephone is registered and its leg is up; the agent is on the floor."""
        self.redis.hset(live.ON_FLOOR_KEY, str(agent), CAMPAIGN)
        await self.open(agent)
        assert await phone.sign_on(server.sip) == 200
        await self.until(lambda: self.line(agent) is LineState.CONNECTED, f"leg of agent {agent} up")

    async def open(self, agent: int) -> None:
        self.telephone.open_agent(agent, PASSWORD, time.time() + 3600)
        await self.until(lambda: self.line(agent) not in (None, LineState.OPENING), f"agent {agent} open")

    def line(self, agent: int) -> LineState | None:
        found = self.telephone.find_line(agent)
        return found and found.state

    def talk(self, attempt: int) -> Talk | None:
        return self.telephone.find_talk(attempt)

    async def talks(self, attempt: int, met: Callable[[Talk], bool], what: str) -> None:
        """Wait until the telephone does this with the call."""
        await self.until(lambda: (talk := self.talk(attempt)) is not None and met(talk), what)

    async def connect(self, attempt: int, agent: int) -> None:
        await self.hears(attempt, EventKind.CALL_ANSWERED)
        await self.control.connect(attempt, agent)
        await self.hears(attempt, EventKind.CALL_CONNECTED)

    async def command(self, asked: Awaitable[None]) -> None:
        await asked


def assert_told_whole(played: Event, seconds: float, asked: float) -> None:
    """The fact says for how long a whole message was heard: not less than its sound, and not more than there was time.

    A slow machine stretches what there was time for, and never the sound.
    """
    assert seconds - 0.1 <= played.data["seconds"] <= played.at - asked + 0.001


def phone_of(agent: int, *, hertz: int = 440) -> Phone:
    """An ordinary SIP telephone of an agent."""
    return Phone(f"phone-{agent}", PASSWORD, hertz=hertz)


@asynccontextmanager
async def floor_of(gateway: GatewayProcess) -> AsyncIterator[tuple[Floor, Carrier]]:
    """What an engine would ask, and the people behind the numbers."""
    async with carrier_of(gateway.servers[0]) as carrier, Floor(gateway) as floor:
        for server in gateway.servers:
            if server.process is not None and server.process.poll() is None:
                await asyncio.to_thread(see_carrier, server)
        yield floor, carrier


def see_carrier(server: AsteriskServer) -> None:
    """The carrier was away between two tests: let the node see that it is back."""
    for endpoint in server.ari("GET", "endpoints/PJSIP"):
        name = endpoint["resource"]
        while name.endswith("-out") and server.ari("GET", f"endpoints/PJSIP/{name}")["state"] == "offline":
            server.cli(f"pjsip qualify {name}")


def run(test: Coroutine[Any, Any, None]) -> None:
    """Run a coroutine of a test to its end, in a thread of its own: another test's browser may have a loop in this one."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, test).result()
