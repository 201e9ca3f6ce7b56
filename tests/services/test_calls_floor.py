"""What agents tell the floor, and what it answers."""

import json
from collections.abc import Iterator

import pytest
import redis
from flask import Flask
from rq import Queue
from sqlalchemy import select

from dialer.events import Event, EventKind
from dialer.live import ON_FLOOR_KEY, PRESENCE_KEY, SNAPSHOT_ENTRY, agent_entry, events_stream, floor_key
from dialer.queues import DIAL
from telesales.calls import floor
from telesales.calls.models import CallAttempt
from telesales.calls.service.manual import dial_manually
from telesales.errors import ConflictError
from telesales.extensions import db
from telesales.tenancy.scope import every_client
from tests.factories_agents import make_user
from tests.factories_dialing import make_dialing_campaign, make_waiting_lead

AGENT = 5


@pytest.fixture(autouse=True)
def everything(app: Flask) -> Iterator[None]:
    with every_client():
        yield


def said(server: redis.Redis, campaign_id: int) -> list[tuple[EventKind, int | None, int | None, dict]]:
    events = [Event.from_fields(fields) for _id, fields in server.xrange(events_stream(campaign_id))]
    return [(event.kind, event.agent_id, event.attempt_id, dict(event.data)) for event in events]


def test_agent_is_on_one_floor_at_a_time(redis_server):
    floor.sign_on(AGENT, 1)
    floor.sign_on(AGENT, 2)

    assert [kind for kind, *_rest in said(redis_server, 1)] == ["agent.signed_on", "agent.signed_off"]
    assert [kind for kind, *_rest in said(redis_server, 2)] == ["agent.signed_on"]
    assert floor.campaign_of(AGENT) == 2


def test_everything_that_an_agent_does_reaches_the_floor(redis_server):
    floor.sign_on(AGENT, 1)
    floor.ready(AGENT)
    floor.step(AGENT, 9, 3)
    floor.pause(AGENT, "lunch")
    floor.hang_up(AGENT, 9)
    floor.wrapped_up(AGENT, 9, is_machine=True)
    floor.sign_off(AGENT)

    assert said(redis_server, 1) == [
        ("agent.signed_on", AGENT, None, {}),
        ("agent.ready", AGENT, None, {}),
        ("agent.step", AGENT, 9, {"step": 3}),
        ("agent.paused", AGENT, None, {"reason": "lunch"}),
        ("agent.hang_up", AGENT, 9, {}),
        ("agent.wrapped_up", AGENT, 9, {"machine": True}),
        ("agent.signed_off", AGENT, None, {}),
    ]
    assert floor.campaign_of(AGENT) is None
    assert redis_server.zscore(PRESENCE_KEY, AGENT) is not None


def test_who_is_on_no_floor_says_nothing(redis_server):
    floor.ready(AGENT)
    floor.sign_off(AGENT)

    assert redis_server.keys("*events*") == []


def test_state_and_picture_are_what_the_engine_wrote(redis_server):
    assert floor.agent_state(AGENT) is None
    assert floor.floor_snapshot(1) is None
    redis_server.hset(ON_FLOOR_KEY, AGENT, 1)
    redis_server.hset(floor_key(1), agent_entry(AGENT), json.dumps({"state": "ready", "since": 1.5}))
    redis_server.hset(floor_key(1), SNAPSHOT_ENTRY, json.dumps({"agents": []}))

    assert floor.agent_state(AGENT) == {"state": "ready", "since": 1.5, "campaign_id": 1}
    assert floor.floor_snapshot(1) == {"agents": []}


def test_lead_dialed_by_hand_is_reserved_for_the_agent_after_the_commit(app, redis_server):
    campaign = make_dialing_campaign(leads=0, mode="manual")
    agent, lead = make_user(), make_waiting_lead(campaign)
    db.session.commit()

    attempt = dial_manually(agent, lead, campaign)
    assert redis_server.keys("*events*") == []
    db.session.commit()

    assert (attempt.state, attempt.mode, attempt.agent_id, lead.dial_state) == (
        "reserved",
        "manual",
        agent.id,
        "reserved",
    )
    (event,) = said(redis_server, campaign.id)
    assert event == ("call.reserved", agent.id, attempt.id, {"lead_id": lead.id})
    jobs = Queue(DIAL.name, connection=redis.Redis.from_url(app.config["TELESALES"].redis_url)).jobs
    assert [job.args for job in jobs] == [(attempt.id,)]


def test_a_lead_dialed_while_redis_is_away_is_kept_and_the_session_is_not_left_half_closed(
    app: Flask, monkeypatch: pytest.MonkeyPatch
):
    campaign = make_dialing_campaign(leads=0, mode="manual")
    agent, lead = make_user(), make_waiting_lead(campaign)
    db.session.commit()
    dial_manually(agent, lead, campaign)

    with monkeypatch.context() as away:
        away.setitem(app.extensions, "redis", redis.Redis(host="127.0.0.1", port=1))
        with pytest.raises(redis.ConnectionError):
            db.session.commit()

    assert not db.session().in_transaction()
    assert db.session.scalars(select(CallAttempt.state)).all() == ["reserved"]


def test_lead_that_somebody_is_calling_cannot_be_dialed_by_hand(redis_server):
    campaign = make_dialing_campaign(leads=0, mode="manual")
    agent, lead = make_user(), make_waiting_lead(campaign)
    dial_manually(agent, lead, campaign)
    db.session.commit()

    with pytest.raises(ConflictError):
        dial_manually(agent, lead, campaign)
    assert db.session.query(CallAttempt).count() == 1


def test_dialing_by_hand_that_is_not_saved_does_not_happen(redis_server):
    campaign = make_dialing_campaign(leads=0, mode="manual")
    agent, lead = make_user(), make_waiting_lead(campaign)
    db.session.commit()

    dial_manually(agent, lead, campaign)
    db.session.rollback()
    db.session.commit()

    assert redis_server.keys("*events*") == []
