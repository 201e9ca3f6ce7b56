"""Decides how many calls to place, and sees to it that they are."""

import asyncio
import json
import logging
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from redis.asyncio import Redis

from dialer.core.abandonment import room_left
from dialer.core.floor.call import CallState
from dialer.core.floor.effects import Effect, Fact
from dialer.core.floor.floor import Floor
from dialer.core.floor.letting_go import let_go
from dialer.core.floor.snapshot import view_floor
from dialer.core.pacing import Decision, Reason, View, make_pacing
from dialer.core.pacing.inbound import InboundRate
from dialer.core.pacing.per_second import PlacedLately
from dialer.core.pacing.together import Part, decide_together
from dialer.engine.observing import observe, observe_step
from dialer.engine.remembering import find_shapes, pacing_entry, restore
from dialer.engine.reserving import Reserver
from dialer.engine.store import dump_fact
from dialer.events import Event, EventKind
from dialer.live import DECISION_FACT, FACTS_STREAM
from dialer.ports import Campaigns, CampaignSettings, DialingMode

log = logging.getLogger(__name__)
SHORTEST_SECONDS = 0.05  # between two decisions: events that come together are answered together
TICK_SECONDS = 0.5  # time alone changes the answer too
NO_LEADS_SECONDS = 2.0  # before the database is asked again
ARRIVAL_SECONDS = 3.0  # for reserved calls to appear on the floor
KEEP_SECONDS = 5.0  # between two savings of what the rule has learned
SAMPLE_SECONDS = 5.0  # while agents work, a decision is told at least so often though it places nothing
MOST_QUEUED = (
    20  # calls that wait for a worker: slow workers are not buried under calls that have become stale
)
HOUR = 3600.0
CAME_IN_FACT = EventKind.CALL_CAME_IN.value
INBOUND_ENTRY = pacing_entry("inbound")
LOOK_AGAIN = frozenset(
    {EventKind.LEADS_ADDED, EventKind.CAMPAIGN_STARTED, EventKind.CAMPAIGN_CHANGED, EventKind.CAMPAIGN_PAUSED}
)


class Pacer:
    """The pacing of one campaign. One reservation is under way at most."""

    def __init__(self, client: Redis, reserver: Reserver, floor: Floor, settings: CampaignSettings) -> None:
        self._client, self._reserver, self._floor, self.settings = client, reserver, floor, settings
        self.rule = make_pacing(settings.mode)
        self._inbound = InboundRate()
        self.last: dict[str, Any] = {}
        self._told = (0.0, "")  # when and why: the last decision that was told
        self._lately = PlacedLately()
        for reserved_at in sorted(call.reserved_at for call in floor.calls.values()):
            self._lately.add(reserved_at, 1)
        self._decided_at = self._kept_at = self._no_leads_until = 0.0
        self._task: asyncio.Task[None] | None = None
        self._expected: set[int] = set()
        self._expected_until = 0.0
        self._stirred = True
        self._learned: dict[str, dict[str, Any]] = {}  # what rules knew, by entry

    async def load(self, entries: Mapping[str, str], campaigns: Campaigns) -> None:
        """Continue with what was learned before; a campaign that knows nothing asks those like it."""
        self._learned = {
            name: json.loads(value) for name, value in entries.items() if name.startswith(pacing_entry(""))
        }
        ringing_us = self._learned.get(INBOUND_ENTRY, {})
        if ringing_us.get("world") == self.settings.world:
            self._inbound.load(ringing_us)
        if self._restore() or self.settings.mode is not DialingMode.PREDICTIVE:
            return
        alike = await asyncio.to_thread(campaigns.list_similar, self.settings.campaign_id)
        shapes = await find_shapes(self._client, alike, mode=self.settings.mode, world=self.settings.world)
        if shapes:
            self.rule.load(shapes)

    def _restore(self) -> bool:
        state = self._learned.get(pacing_entry(self.settings.mode))
        return state is not None and restore(self.rule, state, self.settings.world)

    def use(self, settings: CampaignSettings) -> None:
        """Take changed settings; another mode or world means another rule, with what it knew before."""
        before, self.settings, self._stirred = self.settings, settings, True
        if (settings.mode, settings.world) != (before.mode, before.world):
            self._learned[pacing_entry(before.mode)] = {**self.rule.dump(), "world": before.world}
            self.rule = make_pacing(settings.mode)
            self._restore()
        if settings.world != before.world:
            self._inbound = InboundRate()

    def hear(self, event: Event) -> None:
        """An event was applied that concerns this campaign."""
        if event.kind in LOOK_AGAIN:
            self._no_leads_until = 0.0
        observe_step(self.rule, event)
        if event.kind is EventKind.CALL_RESERVED and event.agent_id is not None:
            self._lately.add(event.at, 1)
        if event.attempt_id is not None:
            self._expected.discard(event.attempt_id)

    def stir(self) -> None:
        """Something happened on the floor: decide soon."""
        self._stirred = True

    def learn(self, effects: Iterable[Effect]) -> None:
        """An event or time alone had effects in this campaign."""
        effects = list(effects)
        observe(self.rule, effects)
        for effect in effects:
            if isinstance(effect, Fact) and effect.kind == CAME_IN_FACT:
                self._inbound.arrived(effect.at)

    def next_at(self) -> float:
        """When the next decision is due."""
        return self._decided_at + (SHORTEST_SECONDS if self._stirred else TICK_SECONDS)

    def kept(self, now: float) -> dict[str, Any]:
        """Return what is to be stored with the floor, now and then."""
        if now - self._kept_at < KEEP_SECONDS:
            return {}
        self._kept_at = now
        return self.learned()

    def learned(self) -> dict[str, Any]:
        """Return what the rule has learned, under the name of its entry."""
        world = {"world": self.settings.world}
        return {
            pacing_entry(self.settings.mode): {**self.rule.dump(), **world},
            INBOUND_ENTRY: {**self._inbound.dump(), **world},
        }

    def is_free(self, now: float) -> bool:
        """False while a reservation is under way, or its calls wait for workers: what is not seen is not decided about."""
        return self._queued() < MOST_QUEUED and not self._is_placing(now)

    def part(self, now: float) -> Part:
        """What a decision needs to know of this campaign."""
        view = view_floor(
            self._floor,
            self.settings.measure,
            at=now,
            lines=self.settings.max_lines,
            limit=self.settings.abandonment_limit,
            is_open=self.settings.running and self.settings.in_hours,
            has_leads=now >= self._no_leads_until,
            placeable=self._lately.room(now, self.settings.calls_per_second),
        )
        expected = self._inbound.rate(now)
        return Part(self.rule, replace(view, expected_inbound=expected), self.settings.priority)

    def follow(self, decision: Decision, view: View, now: float) -> bool:
        """Do what was decided; placing happens in the background. True when calls were let go: the floor changed."""
        self._decided_at, self._stirred = now, False
        calls = min(decision.calls, MOST_QUEUED - self._queued())
        self._lately.add(now, calls)
        self.last = show(decision, now, calls, view, inbound_waiting=len(self._floor.inbound_waiting))
        if self._is_news(self.last):
            self._task = asyncio.create_task(self._act(calls, self.last))
        return let_go(self._floor, decision.let_go, now) > 0

    def _queued(self) -> int:
        return sum(call.state is CallState.RESERVED for call in self._floor.calls.values())

    def _is_placing(self, now: float) -> bool:
        if self._task is not None and not self._task.done():
            return True
        return bool(self._expected) and now < self._expected_until

    def _is_news(self, record: dict[str, Any]) -> bool:
        told_at, told_reason = self._told
        is_due = record["at"] - told_at >= SAMPLE_SECONDS and record["estimates"].get("agents", 0) > 0
        is_news = bool(record["calls"] > 0 or record["reason"] != told_reason or is_due)
        if is_news:
            self._told = (record["at"], record["reason"])
        return is_news

    async def _act(self, calls: int, record: dict[str, Any]) -> None:
        """Tell first, then place: a call never lacks its decision, whoever dies in between."""
        try:
            await self._client.xadd(FACTS_STREAM, {"fact": tell(record, self.settings.campaign_id)})
            if calls > 0:
                await self._place(calls, record)
        except Exception:
            log.exception("placing failed", extra={"campaign": self.settings.campaign_id})
            self._no_leads_until = self._decided_at + NO_LEADS_SECONDS

    async def _place(self, count: int, record: dict[str, Any]) -> None:
        found = await asyncio.to_thread(self._reserver.reserve, count, dict(record))
        record["placed"] = len(found)
        if len(found) < count:
            record["reason"] = Reason.NO_LEADS.value
            self._no_leads_until = self._decided_at + NO_LEADS_SECONDS
        known = self._floor.calls.keys() | self._floor.ended.keys()
        self._expected = {reservation.attempt_id for reservation in found} - known
        self._expected_until = self._decided_at + ARRIVAL_SECONDS
        self._stirred = True

    async def finish(self) -> None:
        """Wait for the reservation that is under way."""
        if self._task is not None:
            await asyncio.gather(self._task, return_exceptions=True)


def decide(pacers: Sequence[Pacer], now: float) -> bool:
    """Decide for campaigns that share agents, if it is time to. True when calls were let go."""
    if now < min(pacer.next_at() for pacer in pacers) or not all(pacer.is_free(now) for pacer in pacers):
        return False
    parts = [pacer.part(now) for pacer in pacers]
    decisions = zip(pacers, decide_together(now, parts), parts, strict=True)
    let_go_any = [pacer.follow(decision, part.view, now) for pacer, decision, part in decisions]
    return any(let_go_any)


def show(
    decision: Decision, at: float, calls: int, view: View, *, inbound_waiting: int = 0
) -> dict[str, Any]:
    """Return the decision as JSON values, with what the rule saw beside what it says itself."""
    known = {**inputs(view), "let_go": decision.let_go, **decision.estimates}
    if view.expected_inbound > 0 or inbound_waiting:
        known |= {"inbound_waiting": inbound_waiting, "inbound_an_hour": view.expected_inbound * HOUR}
    if calls < decision.calls:
        known["wanted"] = decision.calls  # more would wait for workers than are sure to be placed in time
    return {
        "at": round(at, 3),
        "calls": calls,
        "reason": decision.reason.value,
        "estimates": {name: round(value, 4) for name, value in known.items() if math.isfinite(value)},
        "placed": 0,
    }


def inputs(view: View) -> dict[str, float]:
    """What every rule sees."""
    return {
        "talking": len(view.talking),
        "wrapping": len(view.wrapping),
        "paused": view.paused,
        "lines_cap": view.lines_cap,
        "limit": view.limit,
        "day_answered": view.day.answered,
        "day_abandoned": view.day.abandoned,
        "day_room": room_left(view.day, limit=view.limit),
        "window_answered": view.window.answered,
        "window_abandoned": view.window.abandoned,
        "window_room": room_left(view.window, limit=view.limit),
    }


def tell(record: Mapping[str, Any], campaign_id: int) -> str:
    """Return the fact of a decision. Its moment names it: a campaign decides one thing at a time."""
    at = record["at"]
    data = {name: record[name] for name in ("calls", "reason", "estimates")}
    return dump_fact(
        Fact(DECISION_FACT, at, f"decision:{campaign_id}:{round(at * 1000)}", data=data), campaign_id
    )
