"""A floor for measuring: as many simulated agents as wanted, on one campaign of the demo's client."""

from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import select

from telesales.access.roles import Role
from telesales.agents.models import User
from telesales.agents.service import people
from telesales.campaigns.models import Campaign
from telesales.campaigns.service.editing import create_campaign
from telesales.campaigns.service.running import start_campaign
from telesales.campaigns.values import CampaignValues
from telesales.commissions.service.plans import publish_version
from telesales.demo import leads, seeding
from telesales.demo.cast import DOMAIN
from telesales.demo.service import acting_as_demo, seed_centre
from telesales.demo.stage import SHOWS
from telesales.extensions import db
from telesales.leads.models import LeadList
from telesales.leads.service import create_list
from telesales.tenancy.models import Client
from telesales.tenancy.scope import every_client

NAME = "Benchmark"


@dataclass(frozen=True, slots=True)
class Measured:
    """What a floor for measuring consists of."""

    campaign_id: int
    user_ids: list[int]


@dataclass(frozen=True, slots=True)
class FloorSize:
    """How large, and how its people behave."""

    agents: int = 60
    leads: int = 4_000
    max_lines: int = 400
    profile: dict[str, Any] = field(default_factory=dict)


def make_floor(size: FloorSize | None = None) -> Measured:
    """Seed a running campaign with its own agents and leads. The caller commits."""
    size = size or FloorSize()
    with acting_as_demo(), every_client():
        seed_centre()
        client = seeding.seed_client()
        users = [_agent(nth) for nth in range(1, size.agents + 1)]
        campaign = _campaign(client, users, size)
        return Measured(campaign.id, [user.id for user in users])


def _agent(nth: int) -> User:
    email = f"bench{nth}@{DOMAIN}"
    user = db.session.scalar(select(User).where(User.email == email))
    if user is None:
        user = people.add_person(people.PersonFacts(email=email, name=f"Bench {nth}", role=Role.AGENT))
        user.is_demo = user.is_simulated = True
        db.session.flush()
    return user


def _campaign(client: Client, users: list[User], size: FloorSize) -> Campaign:
    show = SHOWS[0]
    values = seeding.values_of(show, _list(client, size), [user.id for user in users])
    count = len(db.session.scalars(select(Campaign.id).where(Campaign.name.startswith(NAME))).all())
    campaign = create_campaign(client, _sized(values, f"{NAME} {count + 1}", size))
    publish_version(campaign, seeding.plan_of(show, campaign.currency))
    return start_campaign(campaign.id)


def _sized(values: CampaignValues, name: str, size: FloorSize) -> CampaignValues:
    profile = {**values.carrier_profile, "ring_back": 0.0, **size.profile}
    return replace(values, name=name, max_lines=size.max_lines, carrier_profile=profile)


def _list(client: Client, size: FloorSize) -> LeadList:
    count = len(db.session.scalars(select(LeadList.id).where(LeadList.name.startswith(NAME))).all())
    lead_list = create_list(
        client_id=client.id, name=f"{NAME} {count + 1}", region="US", source="invented", is_demo=True
    )
    leads.add_fresh(lead_list, language="en", count=size.leads)
    return lead_list
