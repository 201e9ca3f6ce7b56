"""Leads campaigns that share agents, or one that shares none: events in, floors on, effects out."""

import asyncio
import logging
from collections.abc import Iterable, Mapping
from dataclasses import replace

from redis.asyncio import Redis
from redis.client import Redis as SyncRedis

from dialer import clock
from dialer.core.floor.effects import Effect
from dialer.core.floor.shared import Asked, SharedFloor
from dialer.engine.inbox import Inbox
from dialer.engine.lease import RENEW_SECONDS, Leases
from dialer.engine.led import Led, in_order, take_over
from dialer.engine.outside import Outside, pause
from dialer.engine.pacer import decide
from dialer.engine.store import FloorStore
from dialer.engine.watching import Watch
from dialer.events import Event, EventKind

log = logging.getLogger(__name__)
SETTINGS_SECONDS = 5.0  # between two readings; an event makes it at once
CHANGES_SETTINGS = frozenset(
    {
        EventKind.CAMPAIGN_STARTED,
        EventKind.CAMPAIGN_PAUSED,
        EventKind.CAMPAIGN_FINISHED,
        EventKind.CAMPAIGN_CHANGED,
    }
)


class Leader:
    """One leadership, from winning the leases to losing them."""

    def __init__(
        self, outside: Outside, client: Redis, jobs: SyncRedis, leases: Leases, *, fences: Mapping[int, int]
    ) -> None:
        self.fences = dict(fences)
        self._outside, self._client, self._jobs, self._leases = outside, client, jobs, leases
        self._store = FloorStore(client, fences)
        self._stopping, self._over = asyncio.Event(), asyncio.Event()
        self._settings_read_at = 0.0
        self._reading: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    @property
    def campaign_ids(self) -> tuple[int, ...]:
        """What is led."""
        return tuple(self.fences)

    @property
    def is_stopping(self) -> bool:
        """Told to lead no longer."""
        return self._stopping.is_set()

    def stop(self) -> None:
        """Lead no longer than the step that is under way."""
        self._stopping.set()

    async def lead(self) -> None:
        """Lead until told to stop, or until a lease or Redis is lost."""
        await self._take_over()
        watch = Watch(self._client, self._shared, self._outside.call_log)
        try:
            async with asyncio.TaskGroup() as group:
                helpers = [
                    group.create_task(help_until(self._over))
                    for help_until in (self._inbox.read_until, self._renew_until, watch.look_until)
                ]
                await self._work()
                for helper in helpers:
                    helper.cancel()
            await self._hear_the_rest()
        finally:
            await asyncio.gather(*(led.finish() for led in self._led.values()))
        await self._commit([], learned=True)
        await self._leases.release(self.campaign_ids)

    async def _take_over(self) -> None:
        self._settings_read_at = clock.now()
        led = [await self._take(campaign_id) for campaign_id in self.fences]
        self._led = {one.campaign_id: one for one in led}
        self._shared = SharedFloor(one.floor for one in sorted(led, key=lambda one: one.place))
        self._inbox = Inbox(self._client, self._checkpoints())
        resumed = self._shared.resume(clock.now())
        await self._commit(resumed)
        self._learn(resumed)
        self._carry_out(resumed)
        log.info(
            "leads %s", ", ".join(f"campaign {key}, number {value}" for key, value in self.fences.items())
        )

    async def _take(self, campaign_id: int) -> Led:
        entries = await self._store.load(campaign_id)
        fence = self.fences[campaign_id]
        return await take_over(
            self._outside, self._client, self._jobs, entries, campaign_id=campaign_id, fence=fence
        )

    def _checkpoints(self) -> dict[int, str]:
        return {key: led.floor.checkpoint for key, led in self._led.items()}

    async def _renew_until(self, over: asyncio.Event) -> None:
        while not over.is_set():
            await self._leases.renew(self.fences)
            await pause(over, RENEW_SECONDS)

    async def _work(self) -> None:
        try:
            while not self._stopping.is_set():
                events = await self._inbox.take(self._wake_at() - clock.now())
                await self._step(events)
                if decide([led.pacer for led in self._led.values()], clock.now()):
                    await self._step([])
        finally:
            self._over.set()

    async def _hear_the_rest(self) -> None:
        """What was said to this leader is heard by it: the next one may lead these campaigns without each other."""
        await self._step(await self._inbox.read_rest(self._checkpoints()))

    def _wake_at(self) -> float:
        due = self._shared.next_due()
        times = [at for led in self._led.values() for at in (led.pacer.next_at(), led.show_at())]
        return min(times if due is None else [*times, due])

    async def _step(self, events: list[Event]) -> None:
        asked = self._apply(events)
        self._refresh_settings(events)
        await self._commit(asked, events)
        self._carry_out(asked)

    async def _commit(
        self, asked: list[Asked], events: Iterable[Event] = (), *, learned: bool = False
    ) -> None:
        now = clock.now()
        kept = {
            key: led.pacer.learned() if learned else led.pacer.kept(now) for key, led in self._led.items()
        }
        pictures = {key: led.picture(now) for key, led in self._led.items()}
        asked += [(key, self._led[key].push(shown)) for key, shown in pictures.items() if shown is not None]
        if asked or events or any(kept.values()):
            steps = {key: led.step(pictures[key], kept[key]) for key, led in self._led.items()}
            await self._store.commit(steps, asked)

    def _carry_out(self, asked: Iterable[Asked]) -> None:
        for key, effects in _by_campaign(asked).items():
            self._led[key].hands.carry_out(effects)

    def _apply(self, events: Iterable[Event]) -> list[Asked]:
        now, asked = clock.now(), []
        for event in events:
            happened = replace(event, at=min(event.at, now))  # another machine's clock may be ahead
            done = self._shared.apply(happened)
            self._learn(done)
            self._hear(happened)
            asked += done
        done = self._shared.due(clock.now())
        self._learn(done)
        return [*asked, *done]

    def _learn(self, done: Iterable[Asked]) -> None:
        for key, effects in _by_campaign(done).items():
            self._led[key].pacer.learn(effects)
            for led in self._led.values():
                led.is_dirty = True

    def _hear(self, event: Event) -> None:
        """An agent's words are about the campaign whose call the agent has; everybody looks at the floor again."""
        floor = None
        if event.kind is EventKind.AGENT_STEP and event.agent_id is not None:
            floor = self._shared.floor_of(event.agent_id)
        self._led[floor.campaign_id if floor else event.campaign_id].pacer.hear(event)
        for led in self._led.values():
            led.pacer.stir()

    def _refresh_settings(self, events: Iterable[Event]) -> None:
        """Read again beside the loop: the database may take its time, people on the line may not wait for it."""
        changed = any(event.kind in CHANGES_SETTINGS for event in events)
        if changed or clock.now() - self._settings_read_at > SETTINGS_SECONDS:
            self._settings_read_at = clock.now()
            self._reading.cancel()
            self._reading = asyncio.create_task(self._read_again())

    async def _read_again(self) -> None:
        for led in self._led.values():
            if await led.read_settings():
                self._shared.put_in_order(in_order(list(self._led.values())))
                self._inbox.nudge()


def _by_campaign(asked: Iterable[Asked]) -> dict[int, list[Effect]]:
    found: dict[int, list[Effect]] = {}
    for campaign_id, effect in asked:
        found.setdefault(campaign_id, []).append(effect)
    return found
