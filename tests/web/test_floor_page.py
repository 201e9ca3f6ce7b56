import json

import pytest

from dialer.live import SNAPSHOT_ENTRY, floor_key
from telesales import clock
from telesales.access.roles import Role
from telesales.calls.daily import DailyResult
from telesales.campaigns.hours import OFFICE_HOURS
from telesales.campaigns.models import Campaign, CampaignAgent
from telesales.campaigns.states import CampaignState
from telesales.extensions import db, transaction
from telesales.tenancy.scope import every_client
from tests.actors import as_role
from tests.factories_campaigns import make_campaign
from tests.factories_dialing import make_decision


@pytest.fixture
def supervisor(client):
    return as_role(client, Role.SUPERVISOR)


def made(**overrides) -> int:
    with transaction():
        return make_campaign(
            **{"calling_hours": OFFICE_HOURS, "state": CampaignState.RUNNING, **overrides}
        ).id


def agent_of(campaign_id) -> int:
    with every_client():
        return db.session.query(CampaignAgent.user_id).filter_by(campaign_id=campaign_id).scalar()


def show(redis_server, campaign_id, **parts) -> None:
    picture = {
        "agents": [],
        "calls": {},
        "abandonment": {
            "answered": 812,
            "abandoned": 14,
            "rate": 0.0172,
            "limit": 0.03,
            "pack": "us",
            "window": {"kind": "successive_days", "length": 30, "since": 0, "zone": "UTC"},
        },
        "decision": {},
        "as_of": clock.now().timestamp(),
        **parts,
    }
    redis_server.hset(floor_key(campaign_id), SNAPSHOT_ENTRY, json.dumps(picture))


def test_a_single_floor_opens_at_once(supervisor):
    campaign_id = made()

    assert supervisor.get("/floor").location == f"/floor/{campaign_id}"


def test_several_floors_are_chosen_from(supervisor, redis_server):
    first = made(name="Spring")
    made(name="Autumn", state=CampaignState.PAUSED)
    made(name="Done", state=CampaignState.FINISHED)
    show(redis_server, first, agents=[{"id": 1}, {"id": 2}], calls={"ringing": 3, "ended": 9})

    page = supervisor.get("/floor").text

    assert "Spring" in page
    assert "Autumn" in page
    assert "Done" not in page
    assert "2 agents signed on" in page
    assert "3 calls in the air" in page


def test_without_a_campaign_the_floor_says_what_to_do(supervisor):
    page = supervisor.get("/floor").text

    assert "No campaign is running" in page
    assert "/campaigns" in page


def test_the_page_carries_the_last_picture_for_its_first_paint(supervisor, redis_server):
    campaign_id = made()
    show(redis_server, campaign_id)
    with transaction(), every_client():
        make_decision(db.session.get_one(Campaign, campaign_id), reason="lines")

    page = supervisor.get(f"/floor/{campaign_id}").text

    assert "&#34;abandoned&#34;: 14" in page
    assert "&#34;reason&#34;: &#34;lines&#34;" in page
    assert f"floor:{campaign_id}" in page


@pytest.mark.parametrize(
    ("overrides", "says", "button"),
    [
        ({"state": CampaignState.PAUSED}, "The campaign is paused", "/resume"),
        ({"state": CampaignState.READY}, "has not been started. Everything is ready", "/start"),
        ({"state": CampaignState.DRAFT, "script_id": None}, "something is still missing", "#launch"),
        ({"state": CampaignState.RUNNING}, "", "/pause"),
    ],
)
def test_a_floor_that_does_not_run_says_why_and_offers_what_helps(supervisor, overrides, says, button):
    page = supervisor.get(f"/floor/{made(**overrides)}").text

    assert says in page
    assert button in page


def test_pausing_on_the_floor_leads_back_to_the_floor(supervisor):
    campaign_id = made()

    answer = supervisor.post(f"/campaigns/{campaign_id}/pause", back="floor")

    assert answer.location == f"/floor/{campaign_id}"


def test_results_of_the_day_come_with_what_they_are_made_of(supervisor):
    campaign_id = made()
    with transaction(), every_client():
        campaign = db.session.get(Campaign, campaign_id)
        db.session.add(
            DailyResult(
                client_id=campaign.client_id,
                user_id=agent_of(campaign_id),
                campaign_id=campaign_id,
                day=clock.now().date(),
                currency="USD",
                sales=3,
                talk_seconds=5400,
                wrap_up_seconds=1800,
                ready_seconds=3600,
            )
        )
        db.session.flush()

    part = supervisor.get(f"/floor/{campaign_id}/results").text

    assert "<html" not in part
    assert "67%" in part
    assert "2.0 of 3.0 hours" in part
    assert "1.00" in part
    assert "3 sales in 3.0 hours" in part


def test_too_little_work_is_no_rate(supervisor):
    part = supervisor.get(f"/floor/{made()}/results").text

    assert part.count("too few") == 2


def test_names_are_given_for_people_who_joined_later(supervisor):
    campaign_id = made()

    people = supervisor.get(f"/floor/{campaign_id}/people").json

    assert list(people) == [str(agent_of(campaign_id))]


@pytest.mark.parametrize("role", [Role.AGENT, Role.CLIENT, Role.REVIEWER])
def test_the_floor_is_for_those_who_lead(client, role):
    campaign_id = made()

    assert as_role(client, role).get(f"/floor/{campaign_id}").status_code == 403


def test_campaigns_hear_from_the_floor_how_their_day_goes(supervisor, redis_server):
    campaign_id = made()
    show(redis_server, campaign_id, agents=[{"id": 1}], calls={"connected": 1, "ringing": 2})

    page = supervisor.get(f"/campaigns/{campaign_id}").text

    assert "<span>3</span>" in page
