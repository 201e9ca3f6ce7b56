"""A campaign that could be started at once, and products."""

import itertools

from dialer.ports import DialingMode
from telesales.access.roles import Role
from telesales.agents.models import User
from telesales.campaigns.hours import ROUND_THE_CLOCK
from telesales.campaigns.models import Campaign, CampaignAgent, CampaignList, CampaignState, Product
from telesales.campaigns.values import DEFAULT_RETRIES
from telesales.extensions import db, transaction
from telesales.leads.models import Lead, LeadList
from telesales.scripting.models import Script
from telesales.tenancy.models import Client
from telesales.tenancy.scope import every_client
from tests.factories_scripting import make_published_script

_numbers = itertools.count(1)
FIRST_NUMBER = 12025550100


def make_campaign(
    *,
    client: Client | None = None,
    script: Script | None = None,
    lists: list[LeadList] | None = None,
    leads: int = 3,
    agents: list[User] | None = None,
    teams: list[int] | None = None,
    products: int = 1,
    **columns,
) -> Campaign:
    """Everything a launch needs; take one thing away to see what happens."""
    with every_client():
        nth = next(_numbers)
        client = client or _make_client(nth, is_demo=columns.get("is_demo", False))
        script = script if script is not None or "script_id" in columns else make_published_script()
        campaign = Campaign(client_id=client.id, **(_columns(nth, client, script) | columns))
        db.session.add(campaign)
        db.session.flush()
        for lead_list in lists if lists is not None else [_make_list(nth, client, leads)]:
            db.session.add(CampaignList(client_id=client.id, campaign_id=campaign.id, list_id=lead_list.id))
        for agent in agents if agents is not None else [_make_agent(nth)]:
            db.session.add(CampaignAgent(client_id=client.id, campaign_id=campaign.id, user_id=agent.id))
        for _product in range(products):
            make_product(campaign)
        db.session.flush()
        return campaign


def make_campaign_id(**campaign) -> int:
    """A campaign that is kept, with its number alone: for those who come with an address or a command."""
    with every_client(), transaction():
        return make_campaign(**campaign).id


def _columns(nth: int, client: Client, script: Script | None) -> dict:
    return {
        "name": f"Campaign {nth}",
        "purpose": "Find households that overpay",
        "state": CampaignState.READY,
        "script_id": script.id if script else None,
        "mode": DialingMode.PREDICTIVE,
        "calling_hours": ROUND_THE_CLOCK if client.is_demo else {"mon": [["08:00", "21:00"]]},
        "abandoned_message": f"This was {client.name}. Please ring us at +1 202 555 0100.",
        "caller_id": "+12025550100",
        "retry_rules": dict(DEFAULT_RETRIES),
        "daily_goal": 6,
        "is_demo": client.is_demo,
    }


def make_product(campaign: Campaign, *, name: str = "", price_minor: int = 4900) -> Product:
    with every_client():
        product = Product(
            client_id=campaign.client_id,
            campaign_id=campaign.id,
            name=name or f"Product {next(_numbers)}",
            price_minor=price_minor,
        )
        db.session.add(product)
        db.session.flush()
        return product


def _make_client(nth: int, *, is_demo: bool) -> Client:
    return _added(Client(name=f"Seller {nth}", is_demo=is_demo))


def _make_agent(nth: int) -> User:
    return _added(User(email=f"agent-of-campaign-{nth}@example.com", name=f"Agent {nth}", role=Role.AGENT))


def _make_list(nth: int, client: Client, leads: int) -> LeadList:
    lead_list = _added(LeadList(client_id=client.id, name=f"List {nth}", region="US"))
    for place in range(leads):
        _added(
            Lead(
                client_id=client.id,
                list_id=lead_list.id,
                number=f"+{FIRST_NUMBER + place}",
                name=f"Lead {place}",
                zone_key="America/New_York",
            )
        )
    return lead_list


def _added(row):
    db.session.add(row)
    db.session.flush()
    return row
