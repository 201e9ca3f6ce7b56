"""Two campaigns that share agents, on engines in a test."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from dialer import clock
from dialer.events import Event, EventKind
from dialer.live import ON_FLOOR_KEY, PRESENCE_KEY, floor_key, lease_key, post_event
from dialer.ports import CampaignSettings, Reservation
from tests.dialer.engine_harness import SETTINGS, FloorScene, MemoryCampaigns

HIGH, LOW = 7, 8
BOTH = [HIGH, LOW]


class SharedCampaigns(MemoryCampaigns):
    """The application's side: which campaigns stand together is what the test says."""

    def __init__(self, *, leads: Mapping[int, int] | None = None) -> None:
        super().__init__()
        self.floors: list[tuple[int, ...]] = [(HIGH, LOW)]
        self.leads_of = {HIGH: 0, LOW: 0, **(leads or {})}
        self.campaign_of: dict[int, int] = {}
        self.changed: dict[int, dict[str, Any]] = {HIGH: {"priority": 1}, LOW: {"priority": 9}}

    def list_floors(self) -> Sequence[tuple[int, ...]]:
        return self.floors

    def settings(self, campaign_id: int) -> CampaignSettings | None:
        return replace(SETTINGS, campaign_id=campaign_id, **self.changed[campaign_id])

    def reserve_leads(
        self, campaign_id: int, count: int, *, decision: Mapping[str, Any]
    ) -> Sequence[Reservation]:
        self.leads = self.leads_of[campaign_id]
        found = super().reserve_leads(campaign_id, count, decision=decision)
        self.leads_of[campaign_id] = self.leads
        self.campaign_of |= {reservation.attempt_id: campaign_id for reservation in found}
        return found


class SharedScene(FloorScene):
    """What the test says is said on the stream of a campaign."""

    def __init__(self, url: str, **world: Any) -> None:
        super().__init__(url)
        self.shared = self.campaigns = SharedCampaigns(**world)

    def on(
        self,
        campaign: int,
        kind: EventKind,
        *,
        call: int | None = None,
        agent: int | None = None,
        **data: Any,
    ) -> None:
        event = Event(kind, clock.now(), campaign, attempt_id=call, agent_id=agent, data=data)
        post_event(self.redis, event)

    def sit(self, agent: int, *, on: int = HIGH, serves: Sequence[int] = BOTH) -> None:
        self.redis.zadd(PRESENCE_KEY, {str(agent): clock.now()})
        self.redis.hset(ON_FLOOR_KEY, str(agent), on)
        self.on(on, EventKind.AGENT_SIGNED_ON, agent=agent, serves=list(serves))
        self.on(on, EventKind.AGENT_READY, agent=agent)

    def ring(self, call: int, campaign: int) -> None:
        self.on(campaign, EventKind.CALL_RESERVED, call=call)
        self.on(campaign, EventKind.CALL_RINGING, call=call)

    def pick_up(self, call: int, campaign: int) -> None:
        self.on(campaign, EventKind.CALL_ANSWERED, call=call, answer="human")

    def regroup(self, *floors: tuple[int, ...]) -> None:
        self.shared.floors = list(floors)
        self.tell_engines()

    def stored(self, campaign: int, name: str) -> Any:
        value = self.redis.hget(floor_key(campaign), name)
        return None if value is None else json.loads(value)

    def place_of(self, agent: int) -> tuple[int, str] | None:
        """Where storage says the agent is, and what they do; in two places is a mistake."""
        with self.redis.pipeline() as both:  # in one transaction: an agent may move between two questions
            for campaign in BOTH:
                both.hget(floor_key(campaign), f"agent:{agent}")
            entries = zip(BOTH, both.execute(), strict=True)
        found = [(campaign, json.loads(entry)["state"]) for campaign, entry in entries if entry is not None]
        assert len(found) < 2
        return found[0] if found else None

    def on_floor(self, agent: int) -> int | None:
        value = self.redis.hget(ON_FLOOR_KEY, str(agent))
        return None if value is None else int(value)

    def leaders(self) -> list[str | None]:
        return [self.redis.get(lease_key(campaign)) for campaign in BOTH]
