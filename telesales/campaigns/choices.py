"""What can be chosen for a campaign: scripts, lists, teams, agents."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import current_app
from sqlalchemy import or_, select

from telesales.access.roles import Role
from telesales.agents.models import Team, User
from telesales.campaigns import queries
from telesales.campaigns.models import Campaign
from telesales.extensions import db
from telesales.leads.models import LeadList
from telesales.money import CURRENCIES
from telesales.scripting.models import Script


@dataclass(frozen=True, slots=True)
class Choices:
    """Options of the campaign form."""

    scripts: Sequence[Script]
    lists: Sequence[LeadList]
    teams: Sequence[Team]
    agents: Sequence[User]
    carriers: Sequence[str]
    floors: Sequence[str]
    currencies: Sequence[str] = CURRENCIES


def choices_for(campaign: Campaign) -> Choices:
    """Options for a campaign. Scripts without a client are for everybody."""
    return Choices(
        scripts=db.session.scalars(
            select(Script)
            .where(or_(Script.client_id.is_(None), Script.client_id == campaign.client_id))
            .order_by(Script.name)
        ).all(),
        lists=_attached_first(campaign),
        carriers=_carriers(campaign),
        floors=[floor.name for floor in queries.floors_in_sight(campaign)],
        teams=db.session.scalars(select(Team).order_by(Team.name)).all(),
        agents=db.session.scalars(
            select(User)
            .where(
                User.role == Role.AGENT,
                User.is_active,
                or_(User.client_id.is_(None), User.client_id == campaign.client_id),
            )
            .order_by(User.name)
        ).all(),
    )


def _carriers(campaign: Campaign) -> Sequence[str]:
    """Those that are set up; the one it has stays in sight. A demo calls nobody who exists."""
    if campaign.started_at or campaign.is_demo:
        return (campaign.carrier,)
    return tuple(dict.fromkeys((*current_app.config["TELESALES"].carriers, campaign.carrier)))


def _attached_first(campaign: Campaign) -> Sequence[LeadList]:
    attached = list(queries.attached_lists(campaign.id))
    known = {lead_list.id for lead_list in attached}
    free = queries.free_lists(campaign.client_id, for_campaign=campaign.id)
    return [*attached, *(lead_list for lead_list in free if lead_list.id not in known)]
