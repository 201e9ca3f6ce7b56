"""Simulated agents at work. The engine is not there: the tests push what it would."""

import json
import time

import pytest
from sqlalchemy import select

from dialer.core.floor.agent import Agent, AgentState
from dialer.live import PRESENCE_KEY, PUSH_STREAM, agent_entry, events_stream, floor_key
from telesales import clock
from telesales.agents.models import User
from telesales.calls.models import CallDisposition, Sale
from telesales.campaigns.models import Campaign
from telesales.campaigns.states import CampaignState
from telesales.demo.floor import SimulatedFloor
from telesales.extensions import db, transaction
from telesales.push.messages import stream_fields
from telesales.tenancy.scope import every_client
from tests.factories_calls import make_attempt, make_calling_agent, make_calling_campaign

PATIENCE = 20.0  # seconds; a floor at a million times the speed of life needs one at most
SPEED = 1e6
KEEN = {
    "speed": SPEED,
    "human": 1.0,
    "machine": 0.0,
    "busy": 0.0,
    "invalid": 0.0,
    "congestion": 0.0,
    "refuse": 0.0,
    "listen": 0.0,
}
GRIM = {**KEEN, "refuse": 1.0}


class Stage:
    """One simulated agent, her campaign, and a way to say what the engine would."""

    def __init__(self, app, redis_server, **campaign) -> None:
        self.redis = redis_server
        with every_client(), transaction():
            agent = make_calling_agent(email="li.na@demo.example", is_simulated=True, is_demo=True)
            self.campaign_id = make_calling_campaign(agent, **campaign).id
            self.user_id = agent.id
        self.floor = self.restarted(app)

    def restarted(self, app) -> SimulatedFloor:
        self.floor = SimulatedFloor(app, speed=SPEED, seed=1)
        return self.floor

    def push(self, state, attempt_id=None, **more) -> None:
        agent = Agent(self.user_id, AgentState(state), clock.now().timestamp(), attempt_id=attempt_id, **more)
        self.redis.hset(floor_key(self.campaign_id), agent_entry(self.user_id), json.dumps(agent.dump()))
        self.redis.xadd(PUSH_STREAM, stream_fields(f"desk:{self.user_id}", "state", agent.view()))

    def posted(self) -> list[str]:
        return [fields["kind"] for _id, fields in self.redis.xrange(events_stream(self.campaign_id))]

    def until(self, kind) -> None:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            if kind in self.posted():
                return
            self.floor.step()
        raise AssertionError(f"{kind} never came: {self.posted()}")

    def call(self) -> int:
        with every_client(), transaction():
            agent = db.session.get(User, self.user_id)
            return make_attempt(agent, campaign=campaign_of(self), connected_at=None).id


def campaign_of(stage):
    return db.session.get(Campaign, stage.campaign_id)


@pytest.fixture
def stage(app, redis_server):
    return Stage(app, redis_server, carrier_profile=KEEN)


def signed_on(stage) -> None:
    stage.until("agent.signed_on")
    stage.push("paused")
    stage.until("agent.ready")
    stage.push("ready")


def rows(model) -> list:
    db.session.rollback()
    with every_client():
        found = list(db.session.scalars(select(model)))
    db.session.expunge_all()
    return found


def test_an_agent_sits_down_and_gets_ready(stage):
    signed_on(stage)

    assert stage.posted() == ["agent.signed_on", "agent.ready"]
    assert stage.redis.zscore(PRESENCE_KEY, str(stage.user_id)) is not None


def test_a_keen_callee_is_led_through_the_script_to_a_sale(stage):
    signed_on(stage)
    for _call in range(12):
        attempt_id = stage.call()
        stage.redis.delete(events_stream(stage.campaign_id))
        stage.push("on_call", attempt_id)
        stage.until("agent.hang_up")
        assert "agent.step" in stage.posted()
        stage.push("wrap_up", attempt_id)
        stage.until("agent.wrapped_up")
        stage.push("ready")

    sales, dispositions = rows(Sale), rows(CallDisposition)
    assert len(dispositions) == 12
    assert sales
    assert {sale.agent_id for sale in sales} == {stage.user_id}
    assert len(sales) == sum(disposition.code == "sale" for disposition in dispositions)


def test_a_callee_who_hangs_up_at_once_has_bought_nothing(app, redis_server):
    stage = Stage(app, redis_server, carrier_profile=GRIM)
    signed_on(stage)
    attempt_id = stage.call()

    stage.push("on_call", attempt_id)
    stage.push("wrap_up", attempt_id)
    stage.until("agent.wrapped_up")

    assert rows(Sale) == []
    assert [row.attempt_id for row in rows(CallDisposition)] == [attempt_id]


def test_a_restarted_floor_goes_on_where_the_agents_are(stage, app):
    signed_on(stage)
    attempt_id = stage.call()
    stage.push("on_call", attempt_id)

    stage.restarted(app)
    stage.redis.delete(events_stream(stage.campaign_id))
    stage.until("agent.hang_up")

    assert "agent.signed_on" not in stage.posted()


def test_a_break_ends(stage):
    signed_on(stage)
    stage.redis.delete(events_stream(stage.campaign_id))

    stage.push("paused", pause_reason="break")
    stage.until("agent.ready")

    assert stage.posted() == ["agent.ready"]


def test_agents_leave_a_campaign_that_is_over(stage):
    signed_on(stage)
    stage.floor.step()
    with every_client(), transaction():
        campaign_of(stage).state = CampaignState.FINISHED

    stage.floor.look_again()
    stage.until("agent.signed_off")


def test_nobody_sits_down_while_no_campaign_runs(app, redis_server):
    stage = Stage(app, redis_server, state=CampaignState.READY)

    for _step in range(2):
        stage.floor.step()

    assert stage.posted() == []


def test_a_floor_survives_words_of_others(stage):
    stage.redis.xadd(PUSH_STREAM, stream_fields("desk:999", "state", {"state": "ready"}))
    stage.redis.xadd(PUSH_STREAM, stream_fields("board:1", "changed", {}))

    signed_on(stage)

    assert stage.posted() == ["agent.signed_on", "agent.ready"]


def test_who_joins_later_is_moved_too_and_who_is_deactivated_is_not(stage):
    stage.floor.step()
    with every_client(), transaction():
        db.session.get(User, stage.user_id).is_active = False
        newcomer = make_calling_agent(is_simulated=True).id

    stage.floor.look_again()
    stage.floor.step()

    assert list(stage.floor.seats) == [newcomer]
