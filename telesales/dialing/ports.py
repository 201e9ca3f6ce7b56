"""The dialer's ports, fulfilled from the database. Each call is one unit of work of its own."""

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from flask import Flask, has_app_context
from sqlalchemy import select

from dialer.core.abandonment import Counts
from dialer.live import ON_FLOOR_KEY
from dialer.ports import (
    CampaignSettings,
    DialingMode,
    PlaceOrder,
    Refusal,
    Reservation,
    RingingIn,
    TakeOrder,
)
from telesales.calls.models import CallAttempt, CallState
from telesales.campaigns.models import Campaign
from telesales.campaigns.states import LAUNCHED, CampaignState
from telesales.dialing import claiming, hopper, inbound
from telesales.dialing.counting import answered_by_slot, measure_of
from telesales.dialing.likeness import similar_campaigns, world_of
from telesales.extensions import db, read_only, redis_client, transaction
from telesales.tenancy.scope import every_client

MOST_LOOKS = 3
OPEN_STATES = (
    CallState.RESERVED,
    CallState.ORIGINATING,
    CallState.RINGING,
    CallState.ANSWERED,
    CallState.CONNECTED,
    CallState.CAME_IN,
)


class _Database:
    def __init__(self, app: Flask) -> None:
        self._app = app

    @contextlib.contextmanager
    def _writing(self) -> Iterator[None]:
        with self._inside(), every_client(), transaction():
            yield

    @contextlib.contextmanager
    def _reading(self) -> Iterator[None]:
        with self._inside(), every_client(), read_only():
            try:
                yield
            finally:
                db.session.rollback()  # what was read is over: a write that follows begins anew

    def _inside(self) -> contextlib.AbstractContextManager[object]:
        """Jobs are inside the application already, threads of the engine are not."""
        return contextlib.nullcontext() if has_app_context() else self._app.app_context()


class DatabaseCampaigns(_Database):
    """Campaigns, leads and attempts."""

    def list_floors(self) -> Sequence[tuple[int, ...]]:
        """Ids of campaigns that are launched, or still have agents or calls; those that share agents stand together."""
        with self._reading():
            launched = db.session.scalars(select(Campaign.id).where(Campaign.state.in_(LAUNCHED))).all()
            calling = db.session.scalars(
                select(CallAttempt.campaign_id).where(CallAttempt.state.in_(OPEN_STATES)).distinct()
            ).all()
            staffed = {int(campaign_id) for campaign_id in redis_client().hvals(ON_FLOOR_KEY)}
            return _grouped(sorted({*launched, *calling, *staffed}))

    def settings(self, campaign_id: int) -> CampaignSettings | None:
        """Return the current settings, None for an unknown campaign."""
        with self._reading():
            campaign = db.session.get(Campaign, campaign_id)
            return None if campaign is None else _settings_of(campaign)

    def list_similar(self, campaign_id: int) -> Sequence[int]:
        """Ids of campaigns whose calls may be like this one's, the most similar first."""
        with self._reading():
            campaign = db.session.get(Campaign, campaign_id)
            return [] if campaign is None else similar_campaigns(campaign)

    def reserve_leads(
        self, campaign_id: int, count: int, *, decision: Mapping[str, Any]
    ) -> Sequence[Reservation]:
        """Claim up to `count` callable leads and write their attempt rows in state `reserved`."""
        choice = self._choose(campaign_id, count)
        while choice is not None:
            with self._writing():
                found = hopper.reserve(choice, decision)
            if found or not choice.forbidden:
                return found
            choice = self._choose(campaign_id, count)  # all were forbidden and are gone now: look further
        return []

    def _choose(self, campaign_id: int, count: int) -> hopper.Choice | None:
        """The longest part of a reservation; it needs no lock."""
        with self._reading():
            campaign = db.session.get(Campaign, campaign_id)
            if campaign is None or campaign.state != CampaignState.RUNNING or count < 1:
                return None
            return hopper.choose(campaign, count)

    def claim_attempt(self, attempt_id: int) -> PlaceOrder | Refusal | None:
        """Move `reserved` to `originating` after every rule was checked again. None: someone else has it."""
        for _look in range(MOST_LOOKS):
            with self._reading():
                verdict = claiming.examine(attempt_id)
            if verdict is None:
                return None
            with self._writing():
                answer = claiming.claim(verdict)
            if answer is not None:
                return answer  # else something was said meanwhile: look again at what it means
        return None

    def release_attempt(self, attempt_id: int, *, reason: str) -> None:
        """The call was certainly never placed and never will be: the lead may be dialed again."""
        with self._writing():
            claiming.release(attempt_id, reason)


def _grouped(campaign_ids: Sequence[int]) -> list[tuple[int, ...]]:
    rows = db.session.execute(
        select(Campaign.id, Campaign.shared_floor_id).where(
            Campaign.id.in_(campaign_ids), Campaign.shared_floor_id.is_not(None)
        )
    )
    floor_of = {row.id: row.shared_floor_id for row in rows}
    together: dict[int, list[int]] = {}
    for campaign_id, floor_id in floor_of.items():
        together.setdefault(floor_id, []).append(campaign_id)
    alone = [(campaign_id,) for campaign_id in campaign_ids if campaign_id not in floor_of]
    return [*alone, *(tuple(sorted(group)) for group in together.values())]


def _settings_of(campaign: Campaign) -> CampaignSettings:
    return CampaignSettings(
        campaign_id=campaign.id,
        client_id=campaign.client_id,
        name=campaign.name,
        running=campaign.state == CampaignState.RUNNING,
        mode=DialingMode(campaign.mode),
        ring_seconds=campaign.ring_seconds,
        wrap_up_seconds=campaign.wrap_up_seconds,
        abandonment_limit=campaign.abandonment_limit_bp / 10_000,
        max_lines=campaign.max_lines,
        carrier=campaign.carrier,
        message=campaign.abandoned_message,
        inbound_message=campaign.inbound_message,
        measure=measure_of(campaign),
        world=world_of(campaign),
        calls_per_second=campaign.calls_per_second,
        priority=campaign.priority,
        in_hours=not hopper.is_too_late_or_early(campaign),
    )


class DatabaseInbound(_Database):
    """People who ring us."""

    def take(self, call: RingingIn) -> TakeOrder | None:
        """Write the attempt of a call, once for each call of a carrier. None: no campaign takes it."""
        with self._writing():
            return inbound.take(call)


class DatabaseCallLog(_Database):
    """Facts of past calls."""

    def answered_by_slot(self, campaign_id: int, since: float) -> Mapping[int, Counts]:
        """Count answered calls of a campaign by quarter of an hour (since 1970, UTC)."""
        with self._reading():
            return answered_by_slot(campaign_id, datetime.fromtimestamp(since, UTC))

    def unsettled_attempts(self, campaign_id: int) -> Sequence[tuple[int, str, float]]:
        """(attempt id, state, since) of attempts that are not ended, for recovery."""
        with self._reading():
            rows = db.session.execute(
                select(CallAttempt.id, CallAttempt.state, CallAttempt.reserved_at).where(
                    CallAttempt.campaign_id == campaign_id, CallAttempt.state.in_(OPEN_STATES)
                )
            )
            return [(attempt_id, str(state), since.timestamp()) for attempt_id, state, since in rows]
