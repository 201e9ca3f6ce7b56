import pytest
from sqlalchemy import select

from dialer.events import EventKind
from dialer.live import CONTROL_STREAM, events_stream
from telesales.access.roles import Role
from telesales.agents.models import Team, User
from telesales.audit.models import AuditEntry
from telesales.campaigns import queries
from telesales.campaigns.checks import launch_checks, open_checks
from telesales.campaigns.models import Campaign, CampaignAgent, CampaignTeam
from telesales.campaigns.service import running
from telesales.campaigns.states import CampaignState
from telesales.errors import ConflictError, NotFoundError
from telesales.extensions import db, transaction
from telesales.leads.models import DialState, Lead
from telesales.leads.signals import leads_added
from telesales.scripting.models import Script
from telesales.tenancy.scope import client_scope, every_client
from tests.factories_campaigns import make_campaign


@pytest.fixture(autouse=True)
def whole_centre(app):
    with app.test_request_context(), every_client():
        yield


def made(**overrides) -> int:
    with transaction():
        return make_campaign(**overrides).id


def move(verb, campaign_id) -> Campaign:
    with transaction():
        return verb(campaign_id)


def actions(campaign_id) -> list[str]:
    rows = select(AuditEntry.action).where(
        AuditEntry.subject_id == campaign_id, AuditEntry.subject_type == "Campaign"
    )
    return list(db.session.scalars(rows.order_by(AuditEntry.id)))


def posted(redis_server, campaign_id) -> list[str]:
    return [fields["kind"] for _id, fields in redis_server.xrange(events_stream(campaign_id))]


def test_the_whole_life_of_a_campaign_is_written_down_and_told_to_the_dialer(redis_server):
    campaign_id = made()

    for verb in (
        running.start_campaign,
        running.pause_campaign,
        running.resume_campaign,
        running.finish_campaign,
    ):
        move(verb, campaign_id)

    assert actions(campaign_id) == [
        "campaign.started",
        "campaign.paused",
        "campaign.resumed",
        "campaign.finished",
    ]
    assert posted(redis_server, campaign_id) == [
        EventKind.CAMPAIGN_STARTED,
        EventKind.CAMPAIGN_PAUSED,
        EventKind.CAMPAIGN_STARTED,
        EventKind.CAMPAIGN_FINISHED,
    ]
    assert len(redis_server.xrange(CONTROL_STREAM)) == 4


def test_the_dialer_hears_nothing_of_what_was_rolled_back(redis_server):
    campaign_id = made()

    running.start_campaign(campaign_id)
    db.session.rollback()
    with transaction():
        db.session.execute(select(Campaign.id))

    assert posted(redis_server, campaign_id) == []


def test_a_campaign_starts_even_when_the_dialer_cannot_be_told(app, redis_server, monkeypatch):
    campaign_id = made()
    broken = redis_server.__class__(host="127.0.0.1", port=1, decode_responses=True)
    monkeypatch.setitem(app.extensions, "redis", broken)

    move(running.start_campaign, campaign_id)

    assert queries.get_campaign(campaign_id).state == CampaignState.RUNNING


def test_the_first_start_is_remembered(app):
    campaign_id = made()

    started_at = move(running.start_campaign, campaign_id).started_at
    move(running.pause_campaign, campaign_id)
    resumed = move(running.resume_campaign, campaign_id)

    assert started_at is not None
    assert resumed.started_at == started_at


@pytest.mark.parametrize(
    ("missing", "key"),
    [
        ({"script_id": None}, "script"),
        ({"lists": []}, "leads"),
        ({"leads": 0}, "leads"),
        ({"agents": []}, "people"),
        ({"calling_hours": {}}, "hours"),
        ({"caller_id": None}, "caller_id"),
        ({"abandoned_message": ""}, "message"),
        ({"daily_goal": 0}, "goal"),
        ({"products": 0}, "products"),
    ],
)
def test_what_is_missing_refuses_the_start(missing, key):
    campaign_id = made(**missing)

    with pytest.raises(running.LaunchRefusedError) as error:
        move(running.start_campaign, campaign_id)

    assert [check.key for check in error.value.checks] == [key]
    assert queries.get_campaign(campaign_id).state == CampaignState.READY


def test_a_draft_whose_list_has_filled_meanwhile_starts():
    campaign_id = made(state=CampaignState.DRAFT)

    assert move(running.start_campaign, campaign_id).state == CampaignState.RUNNING


def test_pressing_start_twice_starts_once(redis_server):
    campaign_id = made()

    move(running.start_campaign, campaign_id)
    move(running.start_campaign, campaign_id)

    assert actions(campaign_id) == ["campaign.started"]
    assert len(posted(redis_server, campaign_id)) == 1


def test_a_finished_campaign_cannot_be_started_again():
    campaign_id = made(state=CampaignState.FINISHED)

    with pytest.raises(ConflictError):
        move(running.start_campaign, campaign_id)


def test_leads_without_a_time_zone_or_done_do_not_count_as_callable():
    campaign = db.session.get(Campaign, made(leads=3))
    first, second, _third = db.session.scalars(select(Lead)).all()
    with transaction():
        first.zone_key = ""
        second.dial_state = DialState.DONE

    assert queries.callable_leads(campaign.id) == 1
    assert queries.lead_counts([campaign.id])[campaign.id].done == 1


def test_a_demo_with_one_real_number_is_refused():
    campaign_id = made(is_demo=True)
    with transaction():
        db.session.scalars(select(Lead)).first().number = "+12024561111"

    with pytest.raises(running.LaunchRefusedError) as error:
        move(running.start_campaign, campaign_id)

    assert [check.key for check in error.value.checks] == ["demo"]


def test_every_check_says_where_it_is_mended():
    campaign = queries.get_campaign(made())

    checks = launch_checks(campaign)

    assert open_checks(campaign) == []
    assert all(check.text and check.label and check.endpoint for check in checks)


def agent(name, **columns) -> User:
    user = User(email=f"{name}@example.com", name=name, role=columns.pop("role", Role.AGENT), **columns)
    db.session.add(user)
    db.session.flush()
    return user


def test_agents_come_from_the_campaign_and_from_its_teams():
    with transaction():
        team = Team(name="Morning")
        db.session.add(team)
        db.session.flush()
        direct, member = agent("direct"), agent("member", team_id=team.id)
        agent("stranger")
        agent("gone", team_id=team.id, is_active=False)
        agent("boss", team_id=team.id, role=Role.SUPERVISOR)
        campaign = make_campaign(agents=[direct])
        db.session.add(CampaignTeam(client_id=campaign.client_id, campaign_id=campaign.id, team_id=team.id))

    assert [user.name for user in queries.agents_of(campaign)] == ["direct", "member"]
    assert queries.may_work_on(member, campaign)


def test_an_agent_sees_launched_campaigns_running_ones_first():
    with transaction():
        person = agent("ana")
        names = [
            make_campaign(agents=[person], name=name, state=state).name
            for name, state in (
                ("A", CampaignState.PAUSED),
                ("B", CampaignState.RUNNING),
                ("C", CampaignState.READY),
                ("D", CampaignState.FINISHED),
            )
        ]
        make_campaign(name="somebody else's", state=CampaignState.RUNNING)

    assert names == ["A", "B", "C", "D"]
    assert [campaign.name for campaign in queries.campaigns_of_agent(person)] == ["B", "A"]


def test_somebody_who_is_not_an_agent_may_not_work_on_a_campaign():
    with transaction():
        boss = agent("boss", role=Role.SUPERVISOR)
        campaign = make_campaign(agents=[])
        db.session.add(CampaignAgent(client_id=campaign.client_id, campaign_id=campaign.id, user_id=boss.id))

    assert not queries.may_work_on(boss, campaign)


def test_another_clients_campaign_is_not_there():
    campaign_id = made()

    with client_scope(queries.get_campaign(campaign_id).client_id + 1), pytest.raises(NotFoundError):
        queries.get_campaign(campaign_id)


def test_a_script_that_was_never_published_cannot_be_spoken():
    with transaction():
        script = Script(slug="empty", name="Empty", language="en")
        db.session.add(script)
        db.session.flush()
        campaign_id = make_campaign(script=script).id

    assert [check.key for check in open_checks(queries.get_campaign(campaign_id))] == ["script"]


@pytest.mark.parametrize(
    ("state", "told"), [(CampaignState.RUNNING, [EventKind.LEADS_ADDED]), (CampaignState.DRAFT, [])]
)
def test_the_dialer_hears_of_new_leads_of_a_launched_campaign(redis_server, state, told):
    campaign_id = made(state=state)

    leads_added.send(None, list_id=queries.attached_lists(campaign_id)[0].id)

    assert posted(redis_server, campaign_id) == told
