from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from dialer.live import events_stream
from telesales import clock
from telesales.campaigns import queries
from telesales.campaigns.states import CampaignState
from telesales.demo import jobs, leads
from telesales.demo.benchmark import FloorSize, make_floor
from telesales.demo.service import seed_demo
from telesales.extensions import db, transaction
from telesales.leads.models import DialState, Lead
from telesales.phone import is_fictional
from telesales.tenancy.scope import every_client


@pytest.fixture
def campaign_id(app):
    with every_client(), transaction():
        found = seed_demo()[0].id
    with every_client():
        yield found


def set_leads(campaign_id, **values) -> None:
    with transaction():
        list_id = queries.attached_lists(campaign_id)[0].id
        db.session.execute(update(Lead).where(Lead.list_id == list_id).values(**values))


def due(campaign_id) -> int:
    return jobs.count_due(queries.attached_lists(campaign_id)[0].id)


def total(campaign_id) -> int:
    return queries.lead_counts([campaign_id])[campaign_id].total


def test_a_full_list_is_left_alone(campaign_id, redis_server):
    redis_server.delete(events_stream(campaign_id))

    jobs.refill_demo()

    assert (due(campaign_id), total(campaign_id)) == (300, 300)
    assert redis_server.xlen(events_stream(campaign_id)) == 0


def test_leads_that_rested_are_called_again(campaign_id):
    long_ago = clock.now() - timedelta(hours=1)
    set_leads(
        campaign_id, dial_state=DialState.DONE, done_reason="sale", last_attempt_at=long_ago, attempts=3
    )

    jobs.refill_demo()

    assert (due(campaign_id), total(campaign_id)) == (300, 300)


def test_new_people_are_found_while_the_others_rest(campaign_id, redis_server):
    set_leads(campaign_id, dial_state=DialState.DONE, done_reason="sale", last_attempt_at=clock.now())

    jobs.refill_demo()

    assert due(campaign_id) >= jobs.FRESH_AT_ONCE
    assert total(campaign_id) > 300
    assert redis_server.xlen(events_stream(campaign_id)) > 0
    assert all(is_fictional(number) for number in queries.numbers_of(campaign_id))


def test_who_asked_not_to_be_called_is_not_called_again(campaign_id):
    long_ago = clock.now() - timedelta(hours=1)
    set_leads(campaign_id, dial_state=DialState.DONE, done_reason="do_not_call", last_attempt_at=long_ago)

    jobs.refill_demo()

    refused = db.session.scalar(select(func.count(Lead.id)).where(Lead.done_reason == "do_not_call"))
    assert refused == 300
    assert due(campaign_id) >= jobs.FRESH_AT_ONCE


def test_when_nobody_is_left_the_tired_are_woken(campaign_id, monkeypatch):
    monkeypatch.setattr(leads, "pool_size", lambda: 300)
    set_leads(campaign_id, dial_state=DialState.DONE, done_reason="sale", last_attempt_at=clock.now())

    jobs.refill_demo()

    assert (due(campaign_id), total(campaign_id)) == (300, 300)


def test_a_paused_demo_is_left_alone(campaign_id):
    set_leads(campaign_id, dial_state=DialState.DONE, done_reason="sale", last_attempt_at=clock.now())
    with transaction():
        queries.get_campaign(campaign_id).state = CampaignState.PAUSED

    jobs.refill_demo()

    assert due(campaign_id) == 0


def test_a_floor_for_measuring_has_its_agents_and_runs(app):
    with every_client(), transaction():
        measured = make_floor(FloorSize(agents=3, leads=50))

    with every_client():
        campaign = queries.get_campaign(measured.campaign_id)
        assert campaign.state == CampaignState.RUNNING
        assert len(queries.agents_of(campaign)) == len(measured.user_ids) == 3
        assert queries.callable_leads(campaign.id) == 50


def test_the_command_seeds_and_prints_the_way_in(app):
    answer = app.test_cli_runner().invoke(args=["demo", "seed"])

    assert answer.exit_code == 0, answer.output
    assert "Home energy review" in answer.output
    assert "/sign-in/" in answer.output
    assert "/whiteboard/s/" in answer.output
