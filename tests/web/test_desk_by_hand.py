"""Dialing by hand from the desk."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from telesales import clock
from telesales.agents.models import User
from telesales.calls.models import CallAttempt
from telesales.campaigns.models import Campaign
from telesales.compliance.models import DoNotCallScope
from telesales.compliance.service import add_entry
from telesales.desk.service.by_hand import next_lead
from telesales.extensions import db, transaction
from telesales.leads.models import Lead
from telesales.tenancy.scope import every_client
from tests.actors import Actor, as_user
from tests.factories_calls import make_calling_agent, make_calling_campaign, make_on_floor

NOON = datetime(2026, 11, 20, 17, tzinfo=UTC)


@pytest.fixture(autouse=True)
def friday_noon() -> Iterator[None]:
    with clock.freeze(NOON):
        yield


@pytest.fixture
def agent(client: FlaskClient, app) -> Actor:
    """Signed on to a campaign that is dialed by hand, with two leads."""
    with transaction(), every_client():
        person = make_calling_agent()
        campaign = make_calling_campaign(person, mode="manual", leads=2)
        make_on_floor(person, campaign, "paused")
    return as_user(client, person)


def leads() -> list[Lead]:
    return list(db.session.scalars(select(Lead).order_by(Lead.id)))


def offered(agent: Actor) -> Lead | None:
    person = db.session.get(User, agent.user_id)
    return next_lead(person, db.session.scalars(select(Campaign)).one())


def test_the_next_lead_is_shown_before_it_is_dialed(agent: Actor) -> None:
    page = agent.get("/desk").text

    assert "Next to call" in page
    assert "Lead " in page


def test_another_lead_can_be_asked_for(agent: Actor) -> None:
    first, second = agent.get("/desk/screen").text, agent.get("/desk/screen?skip=1").text

    assert ("Lead 0" in first) != ("Lead 0" in second)


def test_dialing_reserves_the_lead_for_the_agent(agent: Actor) -> None:
    with every_client():
        lead_id = leads()[0].id

    assert agent.post("/desk/dial", lead=lead_id).status_code == 204

    with every_client():
        attempt = db.session.scalars(select(CallAttempt)).one()
        assert (attempt.lead_id, attempt.agent_id, attempt.mode) == (lead_id, agent.user_id, "manual")


def test_a_lead_that_somebody_else_took_is_a_conflict(agent: Actor) -> None:
    with transaction(), every_client():
        lead = leads()[0]
        lead.dial_state = "reserved"
        lead_id = lead.id
        db.session.flush()

    assert agent.post("/desk/dial", lead=lead_id).status_code == 409


def test_a_lead_that_somebody_else_has_rung_meanwhile_is_not_rung_again_at_once(agent: Actor) -> None:
    """The page still shows the lead, which did not answer a minute ago and is tried again in an hour."""
    with transaction(), every_client():
        lead = leads()[0]
        lead.next_attempt_at = NOON + timedelta(hours=1)
        lead_id = lead.id
        db.session.flush()

    assert agent.post("/desk/dial", lead=lead_id).status_code == 409
    with every_client():
        assert leads()[0].dial_state == "ready"
        assert db.session.scalars(select(CallAttempt)).all() == []


def test_a_lead_that_was_promised_to_somebody_else_meanwhile_is_theirs(agent: Actor) -> None:
    with transaction(), every_client():
        first, second = leads()
        first.callback_agent_id, second.callback_agent_id = make_calling_agent().id, agent.user_id
        theirs, own = first.id, second.id
        db.session.flush()

    assert agent.post("/desk/dial", lead=theirs).status_code == 409
    assert agent.post("/desk/dial", lead=own).status_code == 204


def test_a_lead_of_another_campaign_cannot_be_dialed(agent: Actor) -> None:
    with transaction(), every_client():
        other = make_calling_campaign(make_calling_agent(), leads=1)
        lead_id = max(lead.id for lead in leads())
        assert other.id

    assert agent.post("/desk/dial", lead=lead_id).status_code == 404


def test_nobody_dials_in_a_call(agent: Actor) -> None:
    with transaction(), every_client():
        person = db.session.get(User, agent.user_id)
        make_on_floor(person, db.session.scalars(select(Campaign)).one(), "wrap_up")
        lead_id = leads()[0].id

    assert agent.post("/desk/dial", lead=lead_id).status_code == 409


def test_forbidden_numbers_and_closed_hours_are_not_offered(agent: Actor) -> None:
    with transaction(), every_client():
        first, second = leads()
        add_entry(number=first.number, scope=DoNotCallScope.COMPANY, source="asked by letter")
        second.zone_key = "Asia/Shanghai"  # one in the night

        assert offered(agent) is None

    assert "Nobody to dial now" in agent.get("/desk").text


def test_a_lead_is_not_offered_before_its_time(agent: Actor) -> None:
    with transaction(), every_client():
        for lead in leads():
            lead.next_attempt_at = NOON + timedelta(minutes=1)
        db.session.flush()

        assert offered(agent) is None


def test_own_promises_come_first_and_those_of_others_not_at_all(agent: Actor) -> None:
    with transaction(), every_client():
        first, second = leads()
        first.callback_agent_id = make_calling_agent().id
        second.callback_agent_id = agent.user_id
        db.session.flush()

        assert offered(agent) == second


@pytest.mark.parametrize(("minutes", "is_offered"), [(14, False), (15, True)])
def test_a_promise_that_its_agent_has_not_kept_is_kept_by_anybody(agent: Actor, minutes, is_offered) -> None:
    """Who made it may be ill, or work here no more."""
    with transaction(), every_client():
        first, second = leads()
        first.callback_agent_id = make_calling_agent().id
        first.next_attempt_at = NOON - timedelta(minutes=minutes)
        second.dial_state = "done"
        db.session.flush()
        assert offered(agent) == (first if is_offered else None)
        lead_id = first.id

    assert agent.post("/desk/dial", lead=lead_id).status_code == (204 if is_offered else 409)
