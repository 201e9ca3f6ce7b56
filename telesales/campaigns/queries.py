"""Reading campaigns and who works on them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, or_, select

from telesales.access.roles import Role
from telesales.agents.models import Team, User
from telesales.campaigns.models import (
    Campaign,
    CampaignAgent,
    CampaignList,
    CampaignTeam,
    Product,
    SharedFloor,
)
from telesales.campaigns.states import LAUNCHED, UNFINISHED, CampaignState
from telesales.errors import NotFoundError
from telesales.extensions import db
from telesales.leads.models import DialState, Lead, LeadList


def get_campaign(campaign_id: int) -> Campaign:
    """Return a campaign that this person may see."""
    campaign = find_campaign(campaign_id)
    if campaign is None:
        raise NotFoundError
    return campaign


def find_campaign(campaign_id: int) -> Campaign | None:
    """Return a campaign in scope, or None."""
    return db.session.scalar(select(Campaign).where(Campaign.id == campaign_id))


def list_campaigns(states: Collection[CampaignState] = tuple(CampaignState)) -> Sequence[Campaign]:
    """Campaigns in scope; running ones first, then by name."""
    found = db.session.scalars(
        select(Campaign).where(Campaign.state.in_(states)).order_by(Campaign.name)
    ).all()
    order = {state: place for place, state in enumerate(_ORDER)}
    return sorted(found, key=lambda campaign: order[CampaignState(campaign.state)])


_ORDER = (
    CampaignState.RUNNING,
    CampaignState.PAUSED,
    CampaignState.READY,
    CampaignState.DRAFT,
    CampaignState.FINISHED,
)


def attached_lists(campaign_id: int) -> Sequence[LeadList]:
    """Lists of a campaign in the order in which they are dialed."""
    return db.session.scalars(
        select(LeadList)
        .join(CampaignList, CampaignList.list_id == LeadList.id)
        .where(CampaignList.campaign_id == campaign_id)
        .order_by(CampaignList.priority, LeadList.name)
    ).all()


def campaign_serving(list_id: int) -> Campaign | None:
    """The unfinished campaign that a list serves, if any."""
    return db.session.scalar(
        select(Campaign)
        .join(CampaignList, CampaignList.campaign_id == Campaign.id)
        .where(CampaignList.list_id == list_id, Campaign.state.in_(UNFINISHED))
    )


def free_lists(client_id: int, *, for_campaign: int | None) -> Sequence[LeadList]:
    """Lists of a client that a campaign may take: its own, and those that serve no unfinished campaign."""
    taken = (
        select(CampaignList.list_id)
        .join(Campaign, Campaign.id == CampaignList.campaign_id)
        .where(Campaign.state.in_(UNFINISHED), Campaign.id != (for_campaign or 0))
    )
    return db.session.scalars(
        select(LeadList)
        .where(LeadList.client_id == client_id, LeadList.id.not_in(taken))
        .order_by(LeadList.name)
    ).all()


@dataclass(frozen=True, slots=True)
class LeadCounts:
    """Leads of a campaign's lists by what they wait for."""

    total: int = 0
    waiting: int = 0  # ready or reserved
    attempted: int = 0

    @property
    def done(self) -> int:
        """Leads that are not dialed again."""
        return self.total - self.waiting


def lead_counts(campaign_ids: Collection[int]) -> dict[int, LeadCounts]:
    """Counts of each campaign's leads."""
    rows = db.session.execute(
        select(
            CampaignList.campaign_id,
            func.count(Lead.id),
            func.count(Lead.id).filter(Lead.dial_state != DialState.DONE),
            func.count(Lead.id).filter(Lead.attempts > 0),
        )
        .join(Lead, Lead.list_id == CampaignList.list_id)
        .where(CampaignList.campaign_id.in_(campaign_ids))
        .group_by(CampaignList.campaign_id)
    )
    return {campaign_id: LeadCounts(*counts) for campaign_id, *counts in rows}


def callable_leads(campaign_id: int) -> int:
    """Leads that may still be dialed: not done, and in a known time zone."""
    return (
        db.session.scalar(
            select(func.count(Lead.id))
            .join(CampaignList, CampaignList.list_id == Lead.list_id)
            .where(
                CampaignList.campaign_id == campaign_id,
                Lead.dial_state != DialState.DONE,
                Lead.zone_key != "",
            )
        )
        or 0
    )


def numbers_of(campaign_id: int) -> Sequence[str]:
    """Numbers of every lead of a campaign."""
    return db.session.scalars(
        select(Lead.number)
        .join(CampaignList, CampaignList.list_id == Lead.list_id)
        .where(CampaignList.campaign_id == campaign_id)
    ).all()


def products_of(campaign_id: int) -> Sequence[Product]:
    """What is sold now."""
    return db.session.scalars(
        select(Product).where(Product.campaign_id == campaign_id, Product.is_active).order_by(Product.id)
    ).all()


def _works_here(campaign_id: int) -> ColumnElement[bool]:
    direct = select(CampaignAgent.user_id).where(CampaignAgent.campaign_id == campaign_id)
    teams = select(CampaignTeam.team_id).where(CampaignTeam.campaign_id == campaign_id)
    return or_(User.id.in_(direct), User.team_id.in_(teams))


def agents_of(campaign: Campaign) -> Sequence[User]:
    """Active agents who may work on a campaign: named themselves, or through their team."""
    return db.session.scalars(
        select(User)
        .where(User.role == Role.AGENT, User.is_active, _works_here(campaign.id))
        .order_by(User.name)
    ).all()


def may_work_on(user: User, campaign: Campaign) -> bool:
    """True when this agent may sign on to this campaign."""
    if not user.is_active or user.role != Role.AGENT:
        return False
    return bool(db.session.scalar(select(User.id).where(User.id == user.id, _works_here(campaign.id))))


def campaigns_of_agent(user: User, states: Collection[CampaignState] = LAUNCHED) -> Sequence[Campaign]:
    """Campaigns that an agent may sign on to, running ones first."""
    direct = select(CampaignAgent.campaign_id).where(CampaignAgent.user_id == user.id)
    team = select(CampaignTeam.campaign_id).where(CampaignTeam.team_id == (user.team_id or 0))
    found = db.session.scalars(
        select(Campaign)
        .where(Campaign.state.in_(states), or_(Campaign.id.in_(direct), Campaign.id.in_(team)))
        .order_by(Campaign.name)
    ).all()
    return sorted(found, key=lambda campaign: campaign.state != CampaignState.RUNNING)


def campaigns_served(user: User, campaign: Campaign) -> list[int]:
    """Campaigns whose calls an agent takes who signs on to this one; none are named when it shares its agents with none."""
    if campaign.shared_floor_id is None:
        return []
    direct = select(CampaignAgent.campaign_id).where(CampaignAgent.user_id == user.id)
    team = select(CampaignTeam.campaign_id).where(CampaignTeam.team_id == (user.team_id or 0))
    found = select(Campaign.id).where(
        Campaign.shared_floor_id == campaign.shared_floor_id,
        Campaign.state != CampaignState.FINISHED,
        or_(Campaign.id.in_(direct), Campaign.id.in_(team)),
    )
    if user.client_id is not None:
        found = found.where(Campaign.client_id == user.client_id)
    return sorted({*db.session.scalars(found), campaign.id})


def neighbours_of(campaign: Campaign) -> Sequence[Campaign]:
    """Other unfinished campaigns of its shared floor that this person may see, in the order in which they are dialed."""
    if campaign.shared_floor_id is None:
        return []
    return db.session.scalars(
        select(Campaign)
        .where(
            Campaign.shared_floor_id == campaign.shared_floor_id,
            Campaign.id != campaign.id,
            Campaign.state != CampaignState.FINISHED,
        )
        .order_by(Campaign.priority, Campaign.name)
    ).all()


def floors_in_sight(campaign: Campaign) -> Sequence[SharedFloor]:
    """Shared floors that a campaign may join: those with a campaign that this person may see, and its own."""
    seen = select(Campaign.shared_floor_id).where(
        Campaign.shared_floor_id.is_not(None),
        or_(Campaign.state != CampaignState.FINISHED, Campaign.id == campaign.id),
    )
    ids = set(db.session.scalars(seen))
    return db.session.scalars(
        select(SharedFloor).where(SharedFloor.id.in_(ids)).order_by(SharedFloor.name)
    ).all()


def teams_of(campaign_id: int) -> Sequence[Team]:
    """Teams that work on a campaign."""
    return db.session.scalars(
        select(Team)
        .join(CampaignTeam, CampaignTeam.team_id == Team.id)
        .where(CampaignTeam.campaign_id == campaign_id)
        .order_by(Team.name)
    ).all()


def agent_ids_of(campaign_id: int) -> Sequence[int]:
    """Ids of the agents who were named themselves."""
    return db.session.scalars(
        select(CampaignAgent.user_id)
        .where(CampaignAgent.campaign_id == campaign_id)
        .order_by(CampaignAgent.user_id)
    ).all()
