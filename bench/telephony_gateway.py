"""Gateway and Asterisk alone: a small engine that bridges every answered call with the next free agent."""

import asyncio
import contextlib
import time
from collections import Counter, deque
from pathlib import Path
from typing import Any

import psutil

from bench.floor import percentiles
from bench.telephony_world import PASSWORD, People, run_world_and_node
from dialer.events import Event, EventKind
from dialer.live import events_stream
from dialer.ports import CarrierUnavailableError, LineState
from tests import servers
from tests.telephony.asterisk_server import AsteriskServer
from tests.telephony.gateway import CAMPAIGN, Floor, GatewayProcess, run_gateway

SPARE = 1.3  # agents for each call that is bridged at a time: calls end unevenly
RAMP_SECONDS = 5.0
LONGEST_SECONDS = 120.0  # until every telephone is connected
SAMPLE = 10


class Engine:
    """Places calls at a rate, bridges who answers, hangs up after a while."""

    def __init__(self, floor: Floor, agents: list[int], *, rate: float, hold: float) -> None:
        self.floor, self.rate, self.hold = floor, rate, hold
        self.free = deque(agents)
        self.answered: dict[int, float] = {}
        self.agent_of: dict[int, int] = {}
        self.bridged: dict[int, float] = {}
        self.placed: dict[int, float] = {}
        self.nobody = self.most = 0
        self.lost: Counter[str] = Counter()  # calls that ended without a conversation, by their cause
        self.talking: set[int] = set()

    async def work(self, seconds: float) -> None:
        reader = asyncio.create_task(self._hear())
        try:
            await self._place(seconds)
            await asyncio.sleep(5)  # for those who are still ringing
        finally:
            reader.cancel()
            await asyncio.gather(reader, return_exceptions=True)

    async def _place(self, seconds: float) -> None:
        began, count = time.monotonic(), 0
        while time.monotonic() - began < seconds:
            count += 1
            self.placed[count] = time.time()
            with contextlib.suppress(CarrierUnavailableError):  # it is not bridged, and counts so
                await asyncio.to_thread(self.floor.place, count, f"+1202555{count % 10_000:04d}")
            await asyncio.sleep(max(0.0, began + count / self.rate - time.monotonic()))

    async def _hear(self) -> None:
        last = "0"
        stream = events_stream(CAMPAIGN)
        while True:
            answer = await self.floor.client.xread({stream: last}, block=200, count=500)
            for last, fields in answer[0][1] if answer else ():
                await self._take(Event.from_fields(fields, last))

    async def _take(self, event: Event) -> None:
        attempt = event.attempt_id or 0
        if event.kind is EventKind.CALL_ANSWERED:
            self.answered[attempt] = event.at
            if not self.free:
                self.nobody += 1
                await self.floor.control.hang_up(attempt)
                return
            self.agent_of[attempt] = self.free.popleft()
            await self.floor.control.connect(attempt, self.agent_of[attempt])
        elif event.kind is EventKind.CALL_CONNECTED:
            self.bridged[attempt] = event.at
            self.talking.add(attempt)
            self.most = max(self.most, len(self.talking))
            asyncio.get_running_loop().call_later(self.hold, self._let_go, attempt)
        elif event.kind is EventKind.CALL_ENDED:
            self.talking.discard(attempt)
            if attempt not in self.bridged:
                self.lost[str(event.data.get("why") or event.data["cause"])] += 1
            if attempt in self.agent_of:
                self.free.append(self.agent_of.pop(attempt))

    def _let_go(self, attempt: int) -> None:
        self._last = asyncio.create_task(self.floor.control.hang_up(attempt))


def measure_gateway(*, rate: int, bridged: int, seconds: int, folder: Path) -> dict[str, Any]:
    """One step."""
    agents = list(range(1, int(bridged * SPARE) + 2))
    own = folder / f"redis-{rate}-{bridged}"
    own.mkdir()
    with (
        servers.run_redis(own) as url,
        run_world_and_node(agents, People()) as (world, node),
        run_gateway([node], url) as gateway,
    ):
        return asyncio.run(_measure(gateway, world, node, agents, rate, bridged, seconds))


async def _measure(
    gateway: GatewayProcess, world: AsteriskServer, node: AsteriskServer, agents: list[int],
    rate: int, bridged: int, seconds: int,
) -> dict[str, Any]:  # fmt: skip
    async with Floor(gateway) as floor:
        await connect_telephones(floor, agents)
        hold = bridged / rate
        engine = Engine(floor, agents, rate=rate, hold=hold)
        parts = {"gateway": gateway.process, "asterisk": node.process, "world": world.process}
        before = {name: cpu_seconds(process.pid) for name, process in parts.items() if process}
        began = time.monotonic()
        work = asyncio.create_task(engine.work(hold + RAMP_SECONDS + seconds))
        await asyncio.sleep(hold + RAMP_SECONDS + seconds / 2)
        losses = await asyncio.to_thread(lost_packets, node)
        await work
        took = time.monotonic() - began
        after = {name: cpu_seconds(process.pid) for name, process in parts.items() if process}
    since = min(engine.placed.values()) + RAMP_SECONDS
    counted = [attempt for attempt, at in engine.placed.items() if at >= since]
    times = [1000 * (engine.bridged[one] - engine.answered[one]) for one in counted if one in engine.bridged]
    return {
        "calls_per_second": round(len(engine.placed) / (hold + RAMP_SECONDS + seconds), 1),
        "asked_per_second": rate,
        "bridged_at_once": engine.most,
        "legs_with_sound": 2 * engine.most,
        "share_bridged": round(len(times) / max(1, len(counted)), 4),
        "nobody_free": engine.nobody,
        "ended_before": dict(engine.lost),
        "answered_to_bridged_ms": percentiles(times),
        "packets_lost_of_sample": losses,
        "cpu_percent_of_one_core": {
            name: round(100 * (after[name] - before[name]) / took, 1) for name in after
        },
    }


async def connect_telephones(floor: Floor, agents: list[int]) -> None:
    """Every agent's telephone is open, registered, and its leg is up."""
    for agent in agents:
        floor.telephone.open_agent(agent, PASSWORD, time.time() + 3600)
    await floor.until(
        lambda: all(floor.line(agent) is LineState.CONNECTED for agent in agents),
        "every telephone connected",
        LONGEST_SECONDS,
    )


def cpu_seconds(pid: int) -> float:
    """Of a process and its children."""
    whole = psutil.Process(pid)
    times = [one.cpu_times() for one in (whole, *whole.children(recursive=True))]
    return sum(one.user + one.system for one in times)


def lost_packets(node: AsteriskServer) -> dict[str, int]:
    """Packets that some channels of people heard, and that got lost on the way."""
    channels = [one["id"] for one in node.ari("GET", "channels") if one["id"].startswith("call-")]
    heard = lost = 0
    for channel in channels[:SAMPLE]:
        try:
            found = node.ari("GET", f"channels/{channel}/rtp_statistics")
        except OSError:  # it has ended meanwhile
            continue
        heard += found["rxcount"]
        lost += found["rxploss"]
    return {"heard": heard, "lost": lost}
