"""Between the look at the rules and the taking of the attempt somebody may say a word that forbids the call."""

from collections.abc import Callable, Iterator

import pytest
import redis
from flask import Flask
from sqlalchemy import delete, event, insert, update
from sqlalchemy.orm import Session

from dialer.ports import PlaceOrder, Refusal
from telesales import clock
from telesales.calls.models import CallAttempt
from telesales.campaigns.models import Campaign, CampaignList
from telesales.compliance.models import DoNotCallEntry, DoNotCallScope, reach_of
from telesales.dialing.ports import DatabaseCampaigns
from telesales.extensions import db
from telesales.leads.models import Lead
from telesales.tenancy.scope import every_client
from tests.factories_dialing import make_dialing_campaign, make_waiting_lead, put_agents_on_floor


@pytest.fixture
def ports(app: Flask) -> Iterator[DatabaseCampaigns]:
    with every_client():
        yield DatabaseCampaigns(app)


@pytest.fixture
def attempt(ports: DatabaseCampaigns, redis_server: redis.Redis) -> CallAttempt:
    campaign = make_dialing_campaign(leads=0)
    make_waiting_lead(campaign)
    db.session.commit()
    put_agents_on_floor(redis_server, campaign)
    (reservation,) = ports.reserve_leads(campaign.id, 1, decision={})
    return db.session.get_one(CallAttempt, reservation.attempt_id)


Word = Callable[[CallAttempt], object]


def forbid(scope: DoNotCallScope) -> Word:
    def entry_of(attempt: CallAttempt) -> object:
        client_id = attempt.client_id if scope in (DoNotCallScope.CLIENT, DoNotCallScope.CAMPAIGN) else None
        campaign_id = attempt.campaign_id if scope is DoNotCallScope.CAMPAIGN else None
        return insert(DoNotCallEntry).values(
            number=attempt.number,
            scope=scope,
            client_id=client_id,
            campaign_id=campaign_id,
            reach=reach_of(scope, client_id, campaign_id),
            source="test",
            listed_on=clock.now().date(),
            added_at=clock.now(),
        )

    return entry_of


def pause(attempt: CallAttempt) -> object:
    return update(Campaign).where(Campaign.id == attempt.campaign_id).values(state="paused")


def finish(attempt: CallAttempt) -> object:
    return update(Campaign).where(Campaign.id == attempt.campaign_id).values(state="finished")


def take_list_off(attempt: CallAttempt) -> object:
    return delete(CampaignList).where(CampaignList.campaign_id == attempt.campaign_id)


def decide(attempt: CallAttempt) -> object:
    return update(Lead).where(Lead.id == attempt.lead_id).values(dial_state="done", done_reason="sale")


def renumber(attempt: CallAttempt) -> object:
    return update(Lead).where(Lead.id == attempt.lead_id).values(number="+12025550199")


WORDS = [
    *[(forbid(scope), "do_not_call") for scope in DoNotCallScope],
    (pause, "campaign_running"),
    (finish, "campaign_running"),
    (take_list_off, "lead_free"),
    (decide, "lead_free"),
    (renumber, "lead_free"),
]


def say_once_looked_at(statement: object) -> None:
    """Another process commits this word as soon as the reading of the rules is over."""

    def say(_session: Session) -> None:
        with db.engine.begin() as connection:
            connection.execute(statement)

    event.listen(db.session(), "after_rollback", say, once=True)


@pytest.mark.parametrize(("word", "rule"), WORDS)
def test_word_that_comes_after_the_rules_were_looked_at_forbids_the_call(ports, attempt, word, rule):
    attempt_id, statement = attempt.id, word(attempt)
    db.session.commit()
    say_once_looked_at(statement)

    answer = ports.claim_attempt(attempt_id)

    assert isinstance(answer, Refusal)
    assert answer.rule == rule
    assert db.session.get_one(CallAttempt, attempt_id).state == "ended"


def test_word_about_another_number_forbids_nothing(ports, attempt):
    attempt_id, lead = attempt.id, make_waiting_lead(attempt.campaign)
    statement = forbid(DoNotCallScope.COMPANY)(CallAttempt(number=lead.number, client_id=attempt.client_id))
    db.session.commit()
    say_once_looked_at(statement)

    assert isinstance(ports.claim_attempt(attempt_id), PlaceOrder)
