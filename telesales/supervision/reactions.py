"""What supervision makes of the facts of a floor: who was moved signs on elsewhere, and nobody listens longer than a call."""

from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Any

from telesales import clock
from telesales.agents.models import User
from telesales.audit.service import record
from telesales.calls import floor
from telesales.campaigns.queries import campaigns_served, find_campaign, may_work_on
from telesales.campaigns.states import LAUNCHED
from telesales.dialing.facts import Fact
from telesales.dialing.signals import facts_recorded
from telesales.extensions import db, read_only, transaction
from telesales.supervision.queries import open_steps_of
from telesales.supervision.service.listening import end_with_calls, tell_carrier
from telesales.telephony.credentials import close_unused_line

STILL_THERE = timedelta(seconds=60)  # after a longer outage nobody is set before another campaign


def connect() -> None:
    """React from now on."""
    facts_recorded.connect(_hear)


def _hear(facts: Sequence[Fact], **_details: Any) -> None:
    over = {fact.attempt_id for fact in facts if fact.attempt_id is not None and _ends_a_talk(fact)}
    if over and _is_supervised(over):
        with transaction():
            news = end_with_calls(over)
        tell_carrier(news)
    for fact in facts:
        if fact.kind == "agent.state" and fact.data["state"] == "offline" and "to" in fact.data:
            _sign_on_there(fact)


def _is_supervised(attempt_ids: Collection[int]) -> bool:
    """Nearly always nobody listens: then no writer is held up."""
    with read_only():
        try:
            return bool(open_steps_of(attempt_ids))
        finally:
            db.session.rollback()


def _ends_a_talk(fact: Fact) -> bool:
    return fact.kind == "call.ended" or (fact.kind == "agent.state" and fact.data["previous"] == "on_call")


def _sign_on_there(fact: Fact) -> None:
    """Told twice, it happens once: by then the agent is on a floor."""
    agent_id, campaign_id = fact.agent_id or 0, fact.data["to"]
    if floor.campaign_of(agent_id) is not None or fact.at < clock.now() - STILL_THERE:
        return
    with transaction():
        agent, campaign = db.session.get(User, agent_id), find_campaign(campaign_id)
        if agent is None or campaign is None or campaign.state not in LAUNCHED:
            return
        if may_work_on(agent, campaign):
            floor.sign_on(agent.id, campaign.id, campaigns_served(agent, campaign))
            close_unused_line(agent, campaign.carrier)
            record("agent.signed_on", agent, campaign_id=campaign.id, moved_by=fact.data.get("by"))
