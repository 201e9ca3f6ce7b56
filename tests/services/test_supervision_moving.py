"""Facts of a floor that supervision reacts to: who was moved signs on at the other campaign, once."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from dialer.core.floor.agent import AgentState
from dialer.core.floor.effects import Fact
from dialer.engine.store import dump_fact
from dialer.live import FACTS_STREAM
from telesales import clock
from telesales.agents.models import AgentStateChange, User
from telesales.audit.models import AuditEntry
from telesales.calls import floor
from telesales.campaigns.models import Campaign
from telesales.dialing.recorder import GROUP, Recorder
from telesales.dialing.signals import facts_recorded
from telesales.extensions import db
from telesales.tenancy.scope import every_client
from tests.factories_agents import make_user
from tests.factories_calls import make_calling_agent, make_calling_campaign


@pytest.fixture(autouse=True)
def everything(app: Flask) -> Iterator[None]:
    with every_client():
        yield


@pytest.fixture
def agent() -> User:
    return make_calling_agent()


@pytest.fixture
def here(agent) -> Campaign:
    return make_calling_campaign(agent)


@pytest.fixture
def there(agent) -> Campaign:
    return make_calling_campaign(agent)


@pytest.fixture
def recorder(app: Flask, redis_server) -> Recorder:
    redis_server.xgroup_create(FACTS_STREAM, GROUP, id="0", mkstream=True)
    recorder = Recorder(app)
    recorder.record_batch()  # nothing was left by another one
    return recorder


def facts_of_leaving(agent: User, campaign: Campaign, *, to: int, by: int = 0, age: float = 0.0) -> list[str]:
    """What the floor writes about an agent who is sent elsewhere."""
    at = clock.now().timestamp() - age
    data = {"state": "offline", "previous": "ready", "since": at - 1, "by": by or agent.id, "to": to}
    source = f"agent:{agent.id}:{round(at * 1e6)}:offline"
    return [dump_fact(Fact("agent.state", at, source, None, agent.id, data), campaign.id)]


def record(recorder: Recorder, redis_server, facts: list[str]) -> None:
    db.session.commit()
    for fact in facts:
        redis_server.xadd(FACTS_STREAM, {"fact": fact})
    recorder.record_batch()


def test_moved_agent_is_signed_on_at_the_other_campaign(recorder, redis_server, agent, here, there):
    record(recorder, redis_server, facts_of_leaving(agent, here, to=there.id))

    assert floor.campaign_of(agent.id) == there.id


def test_history_says_who_sent_the_agent_away(recorder, redis_server, agent, here, there):
    supervisor = make_user()
    record(recorder, redis_server, facts_of_leaving(agent, here, to=there.id, by=supervisor.id))

    left = db.session.scalars(
        select(AgentStateChange).where(AgentStateChange.state == AgentState.OFFLINE)
    ).one()
    assert left.by_id == supervisor.id


def test_facts_that_are_told_again_sign_on_once(recorder, redis_server, agent, here, there):
    facts = facts_of_leaving(agent, here, to=there.id)
    record(recorder, redis_server, facts)
    record(recorder, redis_server, facts)

    entries = select(AuditEntry).where(AuditEntry.action == "agent.signed_on")
    assert len(db.session.scalars(entries).all()) == 1


def test_agent_who_went_somewhere_else_meanwhile_stays_there(recorder, redis_server, agent, here, there):
    third = make_calling_campaign(agent)
    floor.sign_on(agent.id, third.id)

    record(recorder, redis_server, facts_of_leaving(agent, here, to=there.id))

    assert floor.campaign_of(agent.id) == third.id


def test_nobody_is_moved_long_afterwards(recorder, redis_server, agent, here, there):
    age = timedelta(minutes=5).total_seconds()

    record(recorder, redis_server, facts_of_leaving(agent, here, to=there.id, age=age))

    assert floor.campaign_of(agent.id) is None


def test_nobody_is_moved_to_a_campaign_that_has_finished_meanwhile(
    recorder, redis_server, agent, here, there
):
    there.state = "finished"

    record(recorder, redis_server, facts_of_leaving(agent, here, to=there.id))

    assert floor.campaign_of(agent.id) is None


def test_a_reaction_that_fails_keeps_no_fact_from_being_written(recorder, redis_server, agent, here, there):
    def stumble(_facts, **_details):
        raise ValueError("a mistake of ours")

    facts_recorded.connect(stumble)
    try:
        record(recorder, redis_server, facts_of_leaving(agent, here, to=there.id))
    finally:
        facts_recorded.disconnect(stumble)

    assert db.session.scalars(select(AgentStateChange.state)).all() == ["offline"]
    assert redis_server.xlen(FACTS_STREAM) == 0
