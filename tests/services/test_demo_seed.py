import pytest
from sqlalchemy import func, select

from telesales.access.roles import Role
from telesales.agents.models import Team, User
from telesales.agents.queries import find_demo_person
from telesales.agents.service.links import use_link
from telesales.audit.models import AuditEntry
from telesales.calls.daily import DailyResult
from telesales.campaigns import queries
from telesales.campaigns.checks import open_checks
from telesales.campaigns.models import Campaign
from telesales.campaigns.states import CampaignState
from telesales.centre import service as centre
from telesales.demo import cast, doors
from telesales.demo.service import seed_demo
from telesales.extensions import db, transaction
from telesales.leads.models import Lead, LeadList
from telesales.phone import is_fictional
from telesales.tenancy.models import Client
from telesales.tenancy.scope import every_client
from telesales.whiteboard.models import Screen

COUNTED = (User, Team, Client, Campaign, LeadList, Lead, DailyResult, Screen, AuditEntry)


@pytest.fixture
def seeded(app):
    with transaction(), every_client():
        seed_demo()
    with every_client():
        yield app


def count(model) -> int:
    return db.session.scalar(select(func.count()).select_from(model))


def test_two_campaigns_run_with_everything_a_launch_needs(seeded):
    campaigns = queries.list_campaigns()

    assert [campaign.state for campaign in campaigns] == [CampaignState.RUNNING] * 2
    assert {campaign.script.language for campaign in campaigns} == {"en", "zh"}
    assert [open_checks(campaign) for campaign in campaigns] == [[], []]


def test_six_hundred_leads_have_numbers_reserved_for_fiction_and_a_known_time_zone(seeded):
    leads = db.session.scalars(select(Lead)).all()

    assert len(leads) == 600
    assert len({lead.number for lead in leads}) == 600
    assert all(is_fictional(lead.number) for lead in leads)
    assert all(lead.zone_key for lead in leads)
    assert {lead.country for lead in leads} == {"US", "GB"}


def test_chinese_leads_carry_the_reading_of_their_names(seeded):
    chinese = db.session.scalars(select(Lead).where(Lead.language == "zh")).all()

    assert len(chinese) == 300
    assert all(
        (ord(lead.name[0]) > 0x4E00 and lead.latin_name.isascii()) or "ü" in lead.latin_name
        for lead in chinese
    )


def test_twelve_simulated_agents_and_a_person_for_each_role(seeded):
    simulated = db.session.scalars(select(User).where(User.is_simulated)).all()

    assert len(simulated) == 12
    assert all(user.team.name == cast.TEAM and not user.password_hash for user in simulated)
    roles = (Role.ADMINISTRATOR, Role.MANAGER, Role.SUPERVISOR, Role.REVIEWER, Role.AGENT, Role.CLIENT)
    assert all(find_demo_person(role) is not None for role in roles)


def test_the_visitors_seat_may_work_on_both_campaigns(seeded):
    person = find_demo_person(Role.AGENT)

    assert len(queries.campaigns_of_agent(person)) == 2


def test_everything_is_marked_as_demo(seeded):
    for model in (Client, Campaign, LeadList, User, Team, Screen):
        assert all(row.is_demo for row in db.session.scalars(select(model))), model


def test_past_days_give_arrows_something_to_compare(seeded):
    days = db.session.scalars(select(DailyResult)).all()

    assert {row.user_id for row in days} == {
        user.id for user in db.session.scalars(select(User).where(User.is_simulated))
    }
    assert len({row.day for row in days}) >= 15
    assert all(0 <= row.sales <= row.calls for row in days)


def test_seeding_again_changes_nothing(seeded):
    before = {model: count(model) for model in COUNTED}

    with transaction(), every_client():
        seed_demo()

    assert {model: count(model) for model in COUNTED} == before


def test_a_campaign_that_a_visitor_paused_stays_paused(seeded):
    with transaction():
        campaign = queries.list_campaigns()[0]
        campaign.state = CampaignState.PAUSED

    with transaction():
        seed_demo()

    assert queries.get_campaign(campaign.id).state == CampaignState.PAUSED


def test_a_centre_that_has_answered_its_questions_keeps_its_name(app):
    with transaction(), every_client():
        facts = centre.CentreFacts(name="Ours", locale="zh", time_zone="Asia/Shanghai", currency="CNY")
        centre.set_up(facts)
        seed_demo()

    assert centre.settings().name == "Ours"


def test_each_link_signs_its_person_in_once(seeded):
    with transaction():
        links = {door.label: door.path for door in doors.links()}

    roles = [use_link(path.rpartition("/")[2]).role for label, path in links.items() if label != "Whiteboard"]

    assert sorted(roles) == ["administrator", "agent", "client", "manager", "reviewer", "supervisor"]


def test_the_whiteboard_keeps_its_link_so_that_a_television_stays_on(seeded):
    paths = []
    for _start in range(2):
        with transaction():
            paths.append(doors.links()[-1].path)

    assert paths[0] == paths[1]
    assert seeded.test_client().get(paths[0]).status_code == 200
