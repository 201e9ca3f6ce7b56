"""Leads one campaign: events in, floor on, effects out."""

import asyncio
import logging
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from redis.asyncio import Redis
from redis.client import Redis as SyncRedis

from dialer import clock
from dialer.carriers import make_control
from dialer.core.floor.effects import Effect, Push
from dialer.core.floor.floor import Floor
from dialer.core.floor.snapshot import show_floor
from dialer.core.floor.state import TALLY
from dialer.core.floor.tally import DAY_SECONDS, DAYS_KEPT, SLOT_SECONDS
from dialer.engine.carrying_out import Hands
from dialer.engine.inbox import Inbox
from dialer.engine.lease import RENEW_SECONDS, Leases
from dialer.engine.outside import Outside, pause
from dialer.engine.pacer import Pacer
from dialer.engine.reserving import Reserver
from dialer.engine.store import FloorStore
from dialer.engine.watching import Watch
from dialer.events import Event, EventKind
from dialer.live import SNAPSHOT_ENTRY, WORKING_ENTRY
from dialer.ports import CampaignSettings

log = logging.getLogger(__name__)
SETTINGS_SECONDS = 5.0  # between two readings; an event makes it at once
SHOW_SECONDS = 0.5  # between two pictures of the floor
SHOW_ANYWAY_SECONDS = 5.0
CHANGES_SETTINGS = frozenset(
    {
        EventKind.CAMPAIGN_STARTED,
        EventKind.CAMPAIGN_PAUSED,
        EventKind.CAMPAIGN_FINISHED,
        EventKind.CAMPAIGN_CHANGED,
    }
)


class UnknownCampaignError(Exception):
    """The application does not know the campaign."""


class Leader:
    """One leadership of one campaign, from winning the lease to losing it."""

    def __init__(
        self,
        outside: Outside,
        client: Redis,
        jobs: SyncRedis,
        leases: Leases,
        *,
        campaign_id: int,
        fence: int,
    ) -> None:
        self.campaign_id, self.fence = campaign_id, fence
        self._outside, self._client, self._leases = outside, client, leases
        self._store = FloorStore(client, campaign_id, fence)
        self._reserver = Reserver(outside.campaigns, jobs, campaign_id=campaign_id, fence=fence)
        self._stopping, self._over = asyncio.Event(), asyncio.Event()
        self._settings_read_at = self._shown_at = 0.0
        self._is_dirty = True
        self._reading: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def stop(self) -> None:
        """Lead no longer than the step that is under way."""
        self._stopping.set()

    async def lead(self) -> None:
        """Lead until told to stop, or until the lease or Redis is lost."""
        await self._take_over()
        watch = Watch(self._client, self.floor, self._outside.call_log)
        try:
            async with asyncio.TaskGroup() as group:
                helpers = [
                    group.create_task(help_until(self._over))
                    for help_until in (self._inbox.read_until, self._renew_until, watch.look_until)
                ]
                await self._work()
                for helper in helpers:
                    helper.cancel()
        finally:
            await asyncio.gather(self._pacer.finish(), self._hands.finish())
        await self._commit([], self._pacer.learned())
        await self._leases.release(self.campaign_id)

    async def _take_over(self) -> None:
        settings = await self._read_settings()
        entries = await self._store.load()
        self.floor = Floor.load(self.campaign_id, entries)
        if not any(name.startswith(TALLY) for name in entries):
            await self._recall_tallies()
        self._pacer = Pacer(self._client, self._reserver, self.floor, settings)
        await self._pacer.load(entries, self._outside.campaigns)
        control = make_control(settings.carrier, self._client)
        self._hands = Hands(self._client, control, self._outside.campaigns, self._reserver, self.campaign_id)
        self._hands.message = settings.message
        self._inbox = Inbox(self._client, self.campaign_id, self.floor.checkpoint)
        self._hands.carry_out(self.floor.resume())
        log.info("leads campaign %s, number %s", self.campaign_id, self.fence)

    async def _recall_tallies(self) -> None:
        """Redis knows nothing of past days: the database does."""
        since = clock.now() - DAYS_KEPT * DAY_SECONDS
        slots = await asyncio.to_thread(self._outside.call_log.answered_by_slot, self.campaign_id, since)
        for slot, counts in slots.items():
            self.floor.count(slot * SLOT_SECONDS, counts)

    async def _read_settings(self) -> CampaignSettings:
        settings = await asyncio.to_thread(self._outside.campaigns.settings, self.campaign_id)
        if settings is None:
            raise UnknownCampaignError(self.campaign_id)
        self._settings_read_at = clock.now()
        return settings

    async def _renew_until(self, over: asyncio.Event) -> None:
        while not over.is_set():
            await self._leases.renew(self.campaign_id, self.fence)
            await pause(over, RENEW_SECONDS)

    async def _work(self) -> None:
        try:
            while not self._stopping.is_set():
                events = await self._inbox.take(self._wake_at() - clock.now())
                await self._step(events)
                if self._pacer.decide(clock.now()):
                    await self._step([])
        finally:
            self._over.set()

    def _wake_at(self) -> float:
        due = self.floor.next_due()
        show = self._shown_at + (SHOW_SECONDS if self._is_dirty else SHOW_ANYWAY_SECONDS)
        times = [self._pacer.next_at(), show]
        return min(times if due is None else [*times, due])

    async def _step(self, events: list[Event]) -> None:
        effects = self._apply(events)
        self._refresh_settings(events)
        now = clock.now()
        extra = self._pacer.kept(now) | self._picture(now, effects)
        if events or effects or extra:
            await self._commit(effects, extra)
            self._hands.carry_out(effects)

    async def _commit(self, effects: list[Effect], extra: Mapping[str, Any]) -> None:
        changes = self.floor.take_changes()
        extra = {**extra, WORKING_ENTRY: self.floor.count_working()}
        await self._store.commit(changes, effects, checkpoint=self.floor.checkpoint, extra=extra)

    def _apply(self, events: Iterable[Event]) -> list[Effect]:
        now, effects = clock.now(), []
        for event in events:
            happened = replace(event, at=min(event.at, now))  # another machine's clock may be ahead
            done = self.floor.apply(happened)
            self._pacer.take_in(happened, done)
            effects += done
        done = self.floor.due(clock.now())
        self._pacer.learn(done)
        effects += done
        self._is_dirty |= bool(effects)
        return effects

    def _refresh_settings(self, events: Iterable[Event]) -> None:
        """Read again beside the loop: the database may take its time, people on the line may not wait for it."""
        changed = any(event.kind in CHANGES_SETTINGS for event in events)
        if changed or clock.now() - self._settings_read_at > SETTINGS_SECONDS:
            self._settings_read_at = clock.now()
            self._reading.cancel()
            self._reading = asyncio.create_task(self._read_again())

    async def _read_again(self) -> None:
        try:
            settings = await self._read_settings()
        except Exception:
            log.exception("campaign %s: its settings could not be read", self.campaign_id)
            return
        self._hands.message = settings.message
        if settings != self._pacer.settings:
            self._pacer.use(settings)
            self._is_dirty = True
            self._inbox.nudge()

    def _picture(self, now: float, effects: list[Effect]) -> dict[str, Any]:
        """The floor for pages, not more often than they can use it."""
        wait = SHOW_SECONDS if self._is_dirty else SHOW_ANYWAY_SECONDS
        if now - self._shown_at < wait:
            return {}
        self._shown_at, self._is_dirty = now, False
        settings = self._pacer.settings
        picture = show_floor(self.floor, settings.measure, limit=settings.abandonment_limit, at=now)
        picture |= {"decision": self._pacer.last, "mode": settings.mode.value, "running": settings.running}
        effects.append(Push(f"floor:{self.campaign_id}", "floor", picture))
        return {SNAPSHOT_ENTRY: picture}
