"""Lists, people and products of a campaign."""

from collections.abc import Collection, Iterable
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from telesales.access.roles import Role
from telesales.agents.models import Team, User
from telesales.campaigns import queries
from telesales.campaigns.models import Campaign, CampaignAgent, CampaignList, CampaignTeam, Product
from telesales.campaigns.service.sharing import check_floor, find_or_make_floor
from telesales.campaigns.values import CampaignValues, ProductValue
from telesales.extensions import db
from telesales.leads.models import LeadList


def check_attached(values: CampaignValues, *, client_id: int, campaign_id: int | None) -> dict[str, str]:
    """Field -> what is wrong with the lists, people and products that were chosen."""
    problems = {
        "list_ids": _check_lists(values.list_ids, client_id, campaign_id),
        "agent_ids": _check_agents(values.agent_ids, client_id),
        "team_ids": _check_teams(values.team_ids),
        "products": _check_products(values.products),
        "floor": check_floor(values, client_id=client_id, campaign_id=campaign_id),
    }
    return {name: text for name, text in problems.items() if text}


def _check_lists(list_ids: Collection[int], client_id: int, campaign_id: int | None) -> str:
    free = {lead_list.id for lead_list in queries.free_lists(client_id, for_campaign=campaign_id)}
    refused = [list_id for list_id in list_ids if list_id not in free]
    if not refused:
        return ""
    lead_list = db.session.scalar(select(LeadList).where(LeadList.id == refused[0]))
    if lead_list is None or lead_list.client_id != client_id:
        return str(_("One of these lists is not this client's."))
    serving = queries.campaign_serving(refused[0])
    taken: str = _(
        "“%(list)s” already serves “%(campaign)s”. A list serves one unfinished campaign at a time.",
        list=lead_list.name,
        campaign=serving.name if serving else "",
    )
    return taken


def _check_agents(agent_ids: Collection[int], client_id: int) -> str:
    agents = db.session.scalars(select(User).where(User.id.in_(agent_ids))).all()
    if len(agents) != len(set(agent_ids)) or any(agent.role != Role.AGENT for agent in agents):
        return str(_("Choose people who are agents."))
    if any(agent.client_id not in (None, client_id) for agent in agents):
        return str(_("One of these agents works for another client only."))
    return ""


def _check_teams(team_ids: Collection[int]) -> str:
    known = db.session.scalars(select(Team.id).where(Team.id.in_(team_ids))).all()
    return "" if len(known) == len(set(team_ids)) else _("One of these teams is not here any more.")


def _check_products(products: Collection[ProductValue]) -> str:
    names = [product.name.casefold() for product in products]
    return _("Two products have the same name.") if len(names) != len(set(names)) else ""


def attach(campaign: Campaign, values: CampaignValues) -> None:
    """Make the floor, lists, people and products what the values say."""
    campaign.shared_floor = find_or_make_floor(values.floor)
    _match(CampaignList, campaign, "list_id", values.list_ids)
    for place, list_id in enumerate(values.list_ids):
        _link_of(campaign, list_id).priority = place
    _match(CampaignAgent, campaign, "user_id", values.agent_ids)
    _match(CampaignTeam, campaign, "team_id", values.team_ids)
    _attach_products(campaign, values.products)


def _link_of(campaign: Campaign, list_id: int) -> CampaignList:
    return db.session.scalars(
        select(CampaignList).where(CampaignList.campaign_id == campaign.id, CampaignList.list_id == list_id)
    ).one()


def _match(link: type[Any], campaign: Campaign, column: str, wanted: Iterable[int]) -> None:
    """Remove the links that are not wanted, add those that are missing."""
    present = {
        getattr(row, column): row
        for row in db.session.scalars(select(link).where(link.campaign_id == campaign.id))
    }
    wanted = set(wanted)
    for key in present.keys() - wanted:
        db.session.delete(present[key])
    for key in wanted - present.keys():
        db.session.add(link(client_id=campaign.client_id, campaign_id=campaign.id, **{column: key}))
    db.session.flush()


def _attach_products(campaign: Campaign, products: Collection[ProductValue]) -> None:
    """Products that are not wanted any more stay in the books of past sales and are not offered."""
    known = db.session.scalars(select(Product).where(Product.campaign_id == campaign.id)).all()
    by_id = {row.id: row for row in known}
    by_name = {row.name.casefold(): row for row in known}
    kept = set()
    for product in products:
        row = by_id.get(product.id or 0) or by_name.get(product.name.casefold())
        row = row or Product(client_id=campaign.client_id, campaign_id=campaign.id)
        row.name, row.price_minor, row.is_active = product.name, product.price_minor, True
        db.session.add(row)
        kept.add(row)
    for row in set(known) - kept:
        row.is_active = False
    db.session.flush()
