"""One campaign of a leadership: its floor, its pacing, its hands at the carrier, its picture for pages."""

import asyncio
import logging
from collections.abc import Mapping, Sequence
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
from dialer.engine.outside import Outside
from dialer.engine.pacer import Pacer
from dialer.engine.reserving import Reserver
from dialer.engine.store import Step
from dialer.live import SNAPSHOT_ENTRY, WORKING_ENTRY
from dialer.ports import CampaignSettings

log = logging.getLogger(__name__)
SHOW_SECONDS = 0.5  # between two pictures of the floor
SHOW_ANYWAY_SECONDS = 5.0


class UnknownCampaignError(Exception):
    """The application does not know the campaign."""


class Led:
    """A campaign that is led, alone or with others."""

    def __init__(self, outside: Outside, floor: Floor, pacer: Pacer, hands: Hands) -> None:
        self._outside = outside
        self.floor, self.pacer, self.hands = floor, pacer, hands
        self.is_dirty = True
        self._shown_at = 0.0

    @property
    def campaign_id(self) -> int:
        """Whose floor it is."""
        return self.floor.campaign_id

    @property
    def place(self) -> tuple[int, int]:
        """Who goes first when people of several campaigns want the same agent."""
        return self.pacer.settings.priority, self.campaign_id

    async def read_settings(self) -> bool:
        """Read the settings again; True when they changed. What cannot be read stays as it is."""
        try:
            settings = await _settings_of(self._outside, self.campaign_id)
        except Exception:
            log.exception("campaign %s: its settings could not be read", self.campaign_id)
            return False
        self.hands.use_messages(settings)
        if settings == self.pacer.settings:
            return False
        self.pacer.use(settings)
        self.is_dirty = True
        return True

    def show_at(self) -> float:
        """When the next picture is due."""
        return self._shown_at + (SHOW_SECONDS if self.is_dirty else SHOW_ANYWAY_SECONDS)

    def picture(self, now: float) -> dict[str, Any] | None:
        """The floor for pages, not more often than they can use it."""
        if now < self.show_at():
            return None
        self._shown_at, self.is_dirty = now, False
        settings = self.pacer.settings
        shown = show_floor(self.floor, settings.measure, limit=settings.abandonment_limit, at=now)
        return shown | {
            "decision": self.pacer.last,
            "mode": settings.mode.value,
            "running": settings.running,
            "priority": settings.priority,
        }

    def push(self, picture: Mapping[str, Any]) -> Effect:
        """A message with the picture for the pages that show this floor."""
        return Push(f"floor:{self.campaign_id}", "floor", picture)

    def step(self, picture: Mapping[str, Any] | None, kept: Mapping[str, Any]) -> Step:
        """What is to be stored."""
        extra = {**kept, WORKING_ENTRY: self.floor.count_working()}
        if picture is not None:
            extra[SNAPSHOT_ENTRY] = picture
        return Step(self.floor.take_changes(), self.floor.checkpoint, extra)

    async def finish(self) -> None:
        """Wait for what is under way."""
        await asyncio.gather(self.pacer.finish(), self.hands.finish())


async def take_over(
    outside: Outside,
    client: Redis,
    jobs: SyncRedis,
    entries: Mapping[str, str],
    *,
    campaign_id: int,
    fence: int,
) -> Led:
    """Continue with a campaign from its stored entries."""
    settings = await _settings_of(outside, campaign_id)
    floor = Floor.load(campaign_id, entries)
    if not any(name.startswith(TALLY) for name in entries):
        await _recall_tallies(outside, floor)
    reserver = Reserver(outside.campaigns, jobs, campaign_id=campaign_id, fence=fence)
    pacer = Pacer(client, reserver, floor, settings)
    await pacer.load(entries, outside.campaigns)
    control = make_control(settings.carrier, client)
    hands = Hands(client, control, outside.campaigns, reserver, campaign_id)
    hands.use_messages(settings)
    return Led(outside, floor, pacer, hands)


async def _settings_of(outside: Outside, campaign_id: int) -> CampaignSettings:
    settings = await asyncio.to_thread(outside.campaigns.settings, campaign_id)
    if settings is None:
        raise UnknownCampaignError(campaign_id)
    return settings


async def _recall_tallies(outside: Outside, floor: Floor) -> None:
    """Redis knows nothing of past days: the database does."""
    since = clock.now() - DAYS_KEPT * DAY_SECONDS
    slots = await asyncio.to_thread(outside.call_log.answered_by_slot, floor.campaign_id, since)
    for slot, counts in slots.items():
        floor.count(slot * SLOT_SECONDS, counts)


def in_order(led: Sequence[Led]) -> list[int]:
    """Campaigns by priority."""
    return [one.campaign_id for one in sorted(led, key=lambda one: one.place)]
