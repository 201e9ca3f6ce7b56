"""Putting the demo into the database. Everything is looked for first: seeding twice changes nothing."""

import random
from collections.abc import Iterable
from datetime import date, timedelta

from sqlalchemy import select

from scripts.script import Product as ScriptProduct
from telesales.access.roles import Role
from telesales.agents.models import Team, User
from telesales.agents.service import people, teams
from telesales.agents.service.sign_in import find_user_by_email
from telesales.calls.daily import DailyResult
from telesales.campaigns.hours import ROUND_THE_CLOCK
from telesales.campaigns.models import Campaign
from telesales.campaigns.recording import RecordingPolicy, can_record
from telesales.campaigns.service.editing import create_campaign
from telesales.campaigns.service.running import start_campaign
from telesales.campaigns.values import CampaignValues, ProductValue
from telesales.centre import service as centre
from telesales.commissions.rules.terms import Band, Flat, Measure, Mode, Percent, Period, Terms, Tiers
from telesales.commissions.service.plans import NewVersion, publish_version, today_of_centre
from telesales.demo import cast, history, leads
from telesales.demo.cast import Member
from telesales.demo.stage import LEADS_EACH, PROFILE, RETRIES, SHOWS, Show
from telesales.extensions import db
from telesales.leads.models import LeadList
from telesales.leads.service import create_list
from telesales.money import digits_of
from telesales.scripting.models import Script
from telesales.scripting.service import current_version, find_script, load_library, read_version
from telesales.tenancy.models import Client

TIER_ABOVE = 5  # sales of a day
RECORDED_DAYS = 7


def seed_client() -> Client:
    """The company that the demo calls for."""
    client = db.session.scalar(select(Client).where(Client.name == cast.CLIENT))
    return client or centre.create_client(cast.CLIENT, is_demo=True)


def seed_people(client: Client) -> dict[str, User]:
    """Everybody of the demo by key, and the team of the agents."""
    team = _seed_team()
    members = {member.key: _seed_person(member, client, team) for member in cast.MEMBERS}
    if team.supervisor_id is None:
        leader = next(members[entry.key] for entry in cast.PERSONS if entry.role is Role.SUPERVISOR)
        teams.edit_team(team, name=team.name, supervisor_id=leader.id)
    return members


def _seed_team() -> Team:
    team = db.session.scalar(select(Team).where(Team.name == cast.TEAM))
    if team is None:
        team = teams.create_team(name=cast.TEAM)
        team.is_demo = True
        db.session.flush()
    return team


def _seed_person(member: Member, client: Client, team: Team) -> User:
    known = find_user_by_email(member.email)
    if known is not None:
        return known
    is_agent = member.role is Role.AGENT
    user = people.add_person(
        people.PersonFacts(
            email=member.email,
            name=member.name,
            latin_name=member.latin,
            role=member.role,
            team_id=team.id if is_agent else None,
            client_id=client.id if member.role is Role.CLIENT else None,
            locale=member.locale,
            hired_on=today_of_centre() - timedelta(days=random.Random(member.key).randrange(40, 1500)),
        )
    )
    user.is_demo, user.is_simulated = True, member in cast.SIMULATED
    db.session.flush()
    return user


def seed_show(show: Show, client: Client, members: dict[str, User]) -> Campaign:
    """One campaign, running, with its list, products, plan and the days before."""
    campaign: Campaign | None = db.session.scalar(
        select(Campaign).where(Campaign.client_id == client.id, Campaign.name == show.name)
    )
    if campaign is not None:
        return campaign
    agents = [members[entry.key].id for entry in agents_on(show)]
    campaign = create_campaign(client, values_of(show, _seed_list(show, client), agents))
    publish_version(campaign, plan_of(show, campaign.currency))
    _seed_history(show, campaign, members)
    return start_campaign(campaign.id)


def values_of(show: Show, lead_list: LeadList, agent_ids: Iterable[int]) -> CampaignValues:
    """Everything a campaign of the demo needs to run."""
    script, products = _script_of(show)
    currency = products[0].currency
    return CampaignValues(
        name=show.name,
        purpose=show.purpose,
        script_id=script.id,
        calling_hours=dict(ROUND_THE_CLOCK),
        wrap_up_seconds=25,
        abandoned_message=show.message,
        inbound_message=show.sorry,
        caller_id=show.caller_id,
        max_lines=60,
        max_attempts=12,
        retry_rules=dict(RETRIES),
        daily_goal=show.daily_goal,
        currency=currency,
        recording_policy=RecordingPolicy.ALWAYS if can_record() else RecordingPolicy.NEVER,
        recording_announcement=show.recorded,
        recording_days=RECORDED_DAYS,
        recording_heard_by_agents=True,
        carrier_profile=dict(PROFILE),
        list_ids=(lead_list.id,),
        agent_ids=tuple(sorted(agent_ids)),
        products=tuple(
            ProductValue(None, product.name, int(product.amount.scaleb(digits_of(currency))))
            for product in products
        ),
    )


def agents_on(show: Show) -> list[Member]:
    """Agents of a campaign, the visitor's seat included."""
    return [
        member for member in cast.MEMBERS if member.role is Role.AGENT and show.language in member.works_on
    ]


def _script_of(show: Show) -> tuple[Script, tuple[ScriptProduct, ...]]:
    script = find_script(show.script)
    if script is None:
        load_library()
        script = find_script(show.script)
    version = current_version(script.id) if script else None
    if script is None or version is None:
        raise LookupError(f"the script {show.script} is not in the library")
    return script, read_version(version).products


def _seed_list(show: Show, client: Client) -> LeadList:
    lead_list = db.session.scalar(
        select(LeadList).where(LeadList.client_id == client.id, LeadList.name == show.list_name)
    )
    if lead_list is None:
        lead_list = create_list(
            client_id=client.id, name=show.list_name, region="US", source="invented", is_demo=True
        )
        leads.add_fresh(lead_list, language=show.language, count=LEADS_EACH)
    return lead_list


def plan_of(show: Show, currency: str) -> NewVersion:
    """A share of each sale, and a little more for each sale after the fifth of a day."""
    extra = Tiers(
        Measure.SALES,
        Period.DAY,
        Mode.MARGINAL,
        (Band(0, Flat(0)), Band(TIER_ABOVE, Flat(show.tier_minor))),
    )
    terms = Terms((Percent(show.percent_ppm), extra))
    return NewVersion(terms, currency, today_of_centre() - timedelta(days=history.DAYS + 10))


def _seed_history(show: Show, campaign: Campaign, members: dict[str, User]) -> None:
    _script, products = _script_of(show)
    prices = [int(product.amount.scaleb(digits_of(campaign.currency))) for product in products]
    today = today_of_centre()
    for member in agents_on(show):
        user = members[member.key]
        if user.is_simulated:
            _seed_days(user, campaign, member, today=today, prices=prices)
    db.session.flush()


def _seed_days(user: User, campaign: Campaign, member: Member, *, today: date, prices: list[int]) -> None:
    for day in history.past_days(member.key, skill=member.skill, until=today, prices=prices):
        db.session.add(
            DailyResult(
                client_id=campaign.client_id,
                user_id=user.id,
                campaign_id=campaign.id,
                currency=campaign.currency,
                **{name: getattr(day, name) for name in history.FIGURES},
            )
        )


def seed_all(client: Client) -> list[Campaign]:
    """People and both campaigns."""
    members = seed_people(client)
    return [seed_show(show, client, members) for show in SHOWS]
