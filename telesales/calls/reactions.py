"""What the floor does when people go, or work with others than before."""

import logging
from collections.abc import Callable, Collection
from typing import Any

import redis

from telesales.agents.models import User
from telesales.agents.signals import person_deactivated
from telesales.calls import floor
from telesales.calls.queries import has_placed_calls
from telesales.campaigns.models import Campaign
from telesales.campaigns.queries import campaigns_served
from telesales.campaigns.signals import staff_changed
from telesales.centre.signals import calls_asked
from telesales.committed import after_commit
from telesales.extensions import db

log = logging.getLogger(__name__)


def connect() -> None:
    """React from now on."""
    person_deactivated.connect(_leave_floor)
    staff_changed.connect(_serve_anew)
    calls_asked.connect(_has_called)


def _leave_floor(user: User, **_details: Any) -> None:
    """Nobody must be connected with somebody who cannot answer any more."""
    floor.sign_off(user.id)


def _has_called(_sender: object) -> bool:
    return has_placed_calls()


def _serve_anew(campaign_ids: Collection[int], **_details: Any) -> None:
    """Agents who are signed on take the calls of today's neighbours; who is with a campaign that went away goes home."""
    try:
        for agent_id, here in floor.signed_on().items():
            if here in campaign_ids:
                _serve(agent_id, here)
    except redis.RedisError:
        log.warning("agents serve whom they served before", exc_info=True)


def _serve(agent_id: int, here: int) -> None:
    known = floor.agent_state(agent_id) or {}
    home = known.get("home") or here
    agent, campaign = db.session.get(User, agent_id), db.session.get(Campaign, home)
    if agent is None or campaign is None:
        return
    serves = campaigns_served(agent, campaign)
    if here not in (home, *serves):
        after_commit(lambda: _try(lambda: floor.go_home(agent_id, here, home)))
    elif list(known.get("serves", ())) != serves:
        after_commit(lambda: _try(lambda: floor.serve(agent_id, here, home, serves)))


def _try(tell: Callable[[], None]) -> None:
    try:
        tell()
    except redis.RedisError:
        log.warning("an agent serves whom the agent served before", exc_info=True)
