"""The live engine on the simulated carrier, with agents who behave as those of the simulation do."""

import asyncio
import itertools
import json
import math
import random
import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import redis
from rq.job import Job

from bench.skipping import connect
from dialer import clock, jobs
from dialer.carriers import make_placer
from dialer.carriers.behaviour import draw_lognormal
from dialer.core.abandonment import Counts
from dialer.core.floor.agent import AgentState
from dialer.engine.outside import Outside
from dialer.events import Event, EventKind
from dialer.live import PRESENCE_KEY, PUSH_STREAM, post_event_async
from dialer.ports import CampaignSettings, DialingMode, PlaceOrder, Reservation
from dialer.queues import DIAL
from dialer.simulation import Shift

CAMPAIGN = 1
PRESENCE_SECONDS = 4.0
WORKERS = 2


class SkippingOutside(Outside):
    """The engine's connections on a loop that skips time."""

    def connect(self) -> "redis.asyncio.Redis":
        return connect(self.redis_url)


@dataclass
class Campaigns:
    """One campaign with leads without end."""

    shift: Shift

    def __post_init__(self) -> None:
        self._ids = itertools.count(self.shift.seed * 10_000_000 + 1)
        self._lock = threading.Lock()

    def list_floors(self) -> Sequence[tuple[int, ...]]:
        return [(CAMPAIGN,)]

    def settings(self, campaign_id: int) -> CampaignSettings:
        return CampaignSettings(
            campaign_id=campaign_id,
            client_id=1,
            name="Agreement",
            running=True,
            mode=DialingMode.PREDICTIVE,
            ring_seconds=int(self.shift.ring_seconds),
            wrap_up_seconds=600,
            abandonment_limit=self.shift.limit,
            max_lines=int(self.shift.lines_per_agent * self.shift.agents),
            carrier="simulated",
            message="This was a test.",
        )

    def reserve_leads(
        self, campaign_id: int, count: int, *, decision: Mapping[str, Any]
    ) -> Sequence[Reservation]:
        with self._lock:
            return [Reservation(attempt, attempt, "+12025550123") for attempt in self._take(count)]

    def _take(self, count: int) -> list[int]:
        return [next(self._ids) for _ in range(count)]

    def claim_attempt(self, attempt_id: int) -> PlaceOrder:
        profile = self.shift.profile.to_dict()
        ring = int(self.shift.ring_seconds)
        return PlaceOrder(attempt_id, CAMPAIGN, "+12025550123", "+12025550100", ring, profile)

    def list_similar(self, campaign_id: int) -> Sequence[int]:
        return []

    def release_attempt(self, attempt_id: int, *, reason: str) -> None:
        """There are leads enough."""


class CallLog:
    """Nothing was called before."""

    def answered_by_slot(self, campaign_id: int, since: float) -> Mapping[int, Counts]:
        return {}

    def unsettled_attempts(self, campaign_id: int) -> Iterable[tuple[int, str, float]]:
        return []


class Crew:
    """All agents. They hear what their desks are told and say what desks say."""

    def __init__(self, client: "redis.asyncio.Redis", shift: Shift) -> None:
        self._client, self._shift = client, shift
        self._rng = random.Random(f"crew:{shift.seed}")
        self._seen: dict[int, tuple[str, float]] = {}
        self._breaks: dict[int, float] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self.people = range(1, shift.agents + 1)

    async def work(self) -> None:
        """Sign on and work for ever."""
        began, shift = clock.now(), self._shift
        for agent in self.people:
            self._breaks[agent] = began + self._rng.uniform(0.3, 1.7) * shift.break_every
            self._later(self._rng.uniform(0, shift.arrival_seconds), agent, EventKind.AGENT_SIGNED_ON)
        async with asyncio.TaskGroup() as group:
            group.create_task(self._be_present())
            group.create_task(self._listen())

    async def _be_present(self) -> None:
        while True:
            await self._client.zadd(PRESENCE_KEY, {str(agent): clock.now() for agent in self.people})
            await asyncio.sleep(PRESENCE_SECONDS)

    async def _listen(self) -> None:
        last = "0"
        while True:
            answer: Any = await self._client.xread({PUSH_STREAM: last}, count=500, block=1_000)
            for _stream, entries in answer or ():
                for last, fields in entries:  # noqa: B007 the last one is where to go on
                    if fields["event"] == "state":
                        self._see(json.loads(fields["data"]))

    def _see(self, view: Mapping[str, Any]) -> None:
        agent, known = view["id"], (view["state"], view["since"])
        if self._seen.get(agent) == known:
            return
        is_new, self._seen[agent] = agent not in self._seen, known
        if view["state"] == AgentState.WRAP_UP:
            lasts = draw_lognormal(self._rng, self._shift.wrap_up_seconds, self._shift.wrap_up_deviation)
            self._later(lasts, agent, EventKind.AGENT_WRAPPED_UP, attempt=view["attempt_id"])
        elif view["state"] == AgentState.PAUSED:
            lasts = 0.0 if is_new else self._rng.uniform(0.6, 1.4) * self._shift.break_seconds
            self._later(lasts, agent, EventKind.AGENT_READY)

    def _later(self, seconds: float, agent: int, kind: EventKind, *, attempt: int | None = None) -> None:
        task = asyncio.create_task(self._do(seconds, agent, kind, attempt))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _do(self, seconds: float, agent: int, kind: EventKind, attempt: int | None) -> None:
        await asyncio.sleep(seconds)
        now = clock.now()
        if kind is EventKind.AGENT_WRAPPED_UP and now >= self._breaks[agent]:
            self._breaks[agent] = math.inf
            await self._say(EventKind.AGENT_PAUSED, agent, reason="break")
        elif kind is EventKind.AGENT_READY and self._breaks[agent] == math.inf:
            self._breaks[agent] = now + self._rng.uniform(0.5, 1.5) * self._shift.break_every
        await self._say(kind, agent, attempt=attempt)

    async def _say(self, kind: EventKind, agent: int, *, attempt: int | None = None, **data: str) -> None:
        event = Event(kind, clock.now(), CAMPAIGN, attempt_id=attempt, agent_id=agent, data=data)
        await post_event_async(self._client, event)


async def place_calls(client: "redis.asyncio.Redis", url: str, campaigns: Campaigns) -> None:
    """What worker processes do: take jobs from the queue of RQ and run them."""
    connection, loop = redis.Redis.from_url(url), asyncio.get_running_loop()
    words = redis.Redis.from_url(url, decode_responses=True)
    jobs.connect(jobs.World(campaigns, lambda carrier: make_placer(carrier, words), words))

    def perform(job_id: str) -> None:
        job = Job.fetch(job_id, connection=connection)
        job.perform()
        job.delete()

    async def work() -> None:
        while True:
            found = await client.blpop([f"rq:queue:{DIAL.name}"], timeout=1)
            if found:
                await loop.run_in_executor(None, perform, found[1])

    try:
        await asyncio.gather(*(work() for _ in range(WORKERS)))
    finally:
        connection.close()
        words.close()
