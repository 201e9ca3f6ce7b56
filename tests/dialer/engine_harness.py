"""Engines in a test: each in a thread of its own, on a real Redis; the test plays agents and carrier."""

import asyncio
import itertools
import json
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

import redis

from dialer import clock
from dialer.core.abandonment import Counts
from dialer.core.floor.tally import slot_of
from dialer.engine.engine import Engine
from dialer.engine.outside import Outside
from dialer.events import Event, EventKind
from dialer.live import (
    CONTROL_STREAM,
    FACTS_STREAM,
    PRESENCE_KEY,
    PUSH_STREAM,
    SIMULATED_COMMANDS,
    floor_key,
    lease_key,
    post_event,
)
from dialer.ports import CampaignSettings, DialingMode, PlaceOrder, Refusal, Reservation

T = TypeVar("T")
CAMPAIGN = 7
WAIT_SECONDS = 30.0
SETTINGS = CampaignSettings(
    campaign_id=CAMPAIGN,
    client_id=1,
    name="Spring",
    running=True,
    mode=DialingMode.PROGRESSIVE,
    ring_seconds=20,
    wrap_up_seconds=30,
    abandonment_limit=0.03,
    max_lines=50,
    carrier="simulated",
    message="This was a test.",
)


class MemoryCampaigns:
    """The application's side in memory: leads without end, or as many as the test says."""

    def __init__(self, *, leads: int = 0, profile: Mapping[str, Any] | None = None) -> None:
        self.current = SETTINGS
        self.leads = leads
        self.similar: list[int] = []
        self.profile = dict(profile or {})
        self.states: dict[int, str] = {}
        self.decisions: list[Mapping[str, Any]] = []
        self.refusals: dict[int, Refusal] = {}
        self._ids = itertools.count(1)
        self._lock = threading.Lock()

    def list_floors(self) -> Sequence[tuple[int, ...]]:
        return [(CAMPAIGN,)]

    def settings(self, campaign_id: int) -> CampaignSettings | None:
        return self.current

    def list_similar(self, campaign_id: int) -> Sequence[int]:
        return self.similar

    def reserve_leads(
        self, campaign_id: int, count: int, *, decision: Mapping[str, Any]
    ) -> Sequence[Reservation]:
        with self._lock:
            self.decisions.append(decision)
            number = min(count, self.leads)
            self.leads -= number
            ids = [next(self._ids) for _ in range(number)]
            self.states |= dict.fromkeys(ids, "reserved")
            return [Reservation(attempt, attempt * 10, f"+120255501{attempt % 100:02}") for attempt in ids]

    def claim_attempt(self, attempt_id: int) -> PlaceOrder | Refusal | None:
        with self._lock:
            if self.states.get(attempt_id) != "reserved":
                return None
            self.states[attempt_id] = "originating"
            if attempt_id in self.refusals:
                return self.refusals[attempt_id]
            return PlaceOrder(
                attempt_id, CAMPAIGN, f"+120255501{attempt_id % 100:02}", "+12025550100", 20, self.profile
            )

    def release_attempt(self, attempt_id: int, *, reason: str) -> None:
        with self._lock:
            self.states[attempt_id] = "released"
            self.leads += 1

    def change(self, **values: Any) -> None:
        self.current = replace(self.current, **values)


class MemoryCallLog:
    """What the database remembers."""

    def __init__(self, campaigns: MemoryCampaigns) -> None:
        self._campaigns = campaigns
        self.slots: dict[int, Counts] = {}
        self.extra: list[tuple[int, str, float]] = []

    def answered_by_slot(self, campaign_id: int, since: float) -> Mapping[int, Counts]:
        return {slot: counts for slot, counts in self.slots.items() if slot >= slot_of(since)}

    def unsettled_attempts(self, campaign_id: int) -> Iterable[tuple[int, str, float]]:
        return list(self.extra)


class EngineThread:
    """An engine with its event loop; `freeze` stops the loop as a machine that hangs would."""

    def __init__(self, outside: Outside) -> None:
        self._outside = outside
        self._started = threading.Event()
        self._go_on = threading.Event()
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()
        assert self._started.wait(WAIT_SECONDS)

    def _run(self) -> None:
        asyncio.run(self._main())

    async def _main(self) -> None:
        self.loop = asyncio.get_running_loop()
        self.engine = Engine(self._outside)
        self._started.set()
        await self.engine.run()

    def freeze(self) -> None:
        frozen = threading.Event()

        def hang() -> None:
            frozen.set()
            self._go_on.wait()

        self.loop.call_soon_threadsafe(hang)
        assert frozen.wait(WAIT_SECONDS)

    def thaw(self) -> None:
        self._go_on.set()

    def stop(self) -> None:
        self._go_on.set()
        self.loop.call_soon_threadsafe(self.engine.stop)
        self.thread.join(WAIT_SECONDS)
        assert not self.thread.is_alive()


class FloorScene:
    """A floor with engines; what the test says is said by agents or by the carrier."""

    def __init__(self, url: str, **world: Any) -> None:
        self.url = url
        self.redis = redis.Redis.from_url(url, decode_responses=True)
        self.campaigns = MemoryCampaigns(**world)
        self.call_log = MemoryCallLog(self.campaigns)
        self.engines: list[EngineThread] = []

    def start_engine(self) -> EngineThread:
        engine = EngineThread(Outside(self.campaigns, self.call_log, self.url))
        self.engines.append(engine)
        return engine

    def close(self) -> None:
        for engine in self.engines:
            if engine.thread.is_alive():
                engine.stop()
        self.redis.close()

    def say(self, kind: EventKind, *, call: int | None = None, agent: int | None = None, **data: Any) -> None:
        event = Event(kind, clock.now(), CAMPAIGN, attempt_id=call, agent_id=agent, data=data)
        post_event(self.redis, event)

    def seat(self, *agents: int) -> None:
        for agent in agents:
            self.redis.zadd(PRESENCE_KEY, {str(agent): clock.now()})
            self.say(EventKind.AGENT_SIGNED_ON, agent=agent)
            self.say(EventKind.AGENT_READY, agent=agent)

    def answer(self, call: int) -> None:
        self.say(EventKind.CALL_ANSWERED, call=call, answer="human")

    def tell_engines(self) -> None:
        self.redis.xadd(CONTROL_STREAM, {"campaign": str(CAMPAIGN)})

    def entry(self, name: str) -> Any:
        value = self.redis.hget(floor_key(CAMPAIGN), name)
        return None if value is None else json.loads(value)

    def agent_state(self, agent: int) -> str:
        entry = self.entry(f"agent:{agent}")
        return entry["state"] if entry else "offline"

    def commands(self) -> list[tuple[str, int]]:
        entries = self.redis.xrange(SIMULATED_COMMANDS)
        return [(fields["command"], int(fields["attempt"])) for _id, fields in entries]

    def facts(self, kind: str = "") -> list[dict[str, Any]]:
        facts = [json.loads(fields["fact"]) for _id, fields in self.redis.xrange(FACTS_STREAM)]
        return [fact for fact in facts if kind in ("", fact["kind"])]

    def pushed(self, topic: str, event: str) -> list[dict[str, Any]]:
        entries = self.redis.xrange(PUSH_STREAM)
        return [
            json.loads(fields["data"])
            for _id, fields in entries
            if (fields["topic"], fields["event"]) == (topic, event)
        ]

    def leader(self) -> str | None:
        return self.redis.get(lease_key(CAMPAIGN))

    def wait_until(self, condition: Callable[[], T], seconds: float = WAIT_SECONDS) -> T:
        """Ask again and again; the pause between is Redis's, waiting for a list that stays empty."""
        deadline = time.monotonic() + seconds
        while not (found := condition()):
            assert time.monotonic() < deadline, "it did not happen"
            self.redis.blpop(["nothing"], timeout=0.01)
        return found
