"""Dialing by hand: who could be called next, and calling them."""

from collections.abc import Iterator

from sqlalchemy import ColumnElement, or_, select

from dialer.core.floor.agent import AgentState
from telesales import clock
from telesales.agents.models import User
from telesales.calls.models import CallAttempt
from telesales.calls.rules import PROMISE_KEPT_BY_AGENT
from telesales.calls.service.manual import dial_manually
from telesales.campaigns.models import Campaign, CampaignList
from telesales.campaigns.queries import get_campaign
from telesales.compliance.queries import forbidden_numbers
from telesales.compliance.rules import is_calling_hour, legal_hours
from telesales.desk.service.live import live_state
from telesales.errors import ConflictError, NotFoundError
from telesales.extensions import db
from telesales.leads.models import DialState, Lead
from telesales.telephony.credentials import check_connected

PAGE = 200
PAGES = 5
FREE = (AgentState.READY, AgentState.PAUSED)


def next_lead(user: User, campaign: Campaign, *, skip: int = 0) -> Lead | None:
    """The lead to offer an agent: own promises first. Agents beside each other begin at different leads."""
    found = list(_callable(user, campaign))
    own = [lead for lead in found if lead.callback_agent_id == user.id]
    others = [lead for lead in found if lead.callback_agent_id != user.id]
    start = user.id % min(10, len(others)) if others else 0
    offered = [*own, *others[start:], *others[:start]]
    return offered[skip % len(offered)] if offered else None


def _callable(user: User, campaign: Campaign) -> Iterator[Lead]:
    hours = legal_hours(campaign.calling_hours, is_demo=campaign.is_demo)
    now = clock.now()
    for page in range(PAGES):
        due = _due(user, campaign, page)
        numbers = [lead.number for lead in due]
        forbidden = forbidden_numbers(numbers, client_id=campaign.client_id, campaign_id=campaign.id)
        free = [lead for lead in due if lead.number not in forbidden]
        found = [lead for lead in free if is_calling_hour(now, lead.zone_key, hours)]
        yield from found
        if found or len(due) < PAGE:
            return


def _is_for(user: User) -> tuple[ColumnElement[bool], ...]:
    """What this agent may dial now: its time has come, and nobody else who promised it has still time to keep it."""
    now = clock.now()
    mine: ColumnElement[bool] = or_(
        Lead.callback_agent_id.is_(None),
        Lead.callback_agent_id == user.id,
        Lead.next_attempt_at <= now - PROMISE_KEPT_BY_AGENT,
    )
    return (Lead.dial_state == DialState.READY, Lead.next_attempt_at <= now, mine)


def _due(user: User, campaign: Campaign, page: int) -> list[Lead]:
    return list(
        db.session.scalars(
            select(Lead)
            .join(CampaignList, CampaignList.list_id == Lead.list_id)
            .where(
                CampaignList.campaign_id == campaign.id,
                *_is_for(user),
            )
            .order_by(CampaignList.priority, Lead.priority, Lead.next_attempt_at, Lead.id)
            .limit(PAGE)
            .offset(page * PAGE)
        )
    )


def dial(user: User, lead_id: int) -> CallAttempt:
    """Have a lead dialed, of the campaign that the agent signed on to. Every rule is checked again then.

    A page shows its lead for as long as nobody presses a key: meanwhile somebody else may have rung it.
    """
    here = live_state(user.id)
    if here.home_id is None or here.state not in FREE:
        raise ConflictError(code="not-free")
    campaign = get_campaign(here.home_id)
    check_connected(user, campaign.carrier)
    lead: Lead | None = db.session.scalar(
        select(Lead)
        .join(CampaignList, CampaignList.list_id == Lead.list_id)
        .where(CampaignList.campaign_id == campaign.id, Lead.id == lead_id)
    )
    if lead is None:
        raise NotFoundError
    if db.session.scalar(select(Lead.id).where(Lead.id == lead.id, *_is_for(user))) is None:
        raise ConflictError(code="lead-not-free")
    return dial_manually(user, lead, campaign)
