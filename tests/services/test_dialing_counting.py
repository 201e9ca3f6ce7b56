"""Answered calls are counted from the attempts as the floor counts them, on both databases."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask import Flask

from dialer.core.abandonment import PACKS, Counts, Estimates, Measure
from dialer.core.floor.tally import slot_of
from telesales.calls.models import CallAttempt
from telesales.calls.service.dispositions import record_disposition
from telesales.campaigns.models import Campaign
from telesales.centre.service import CentreFacts, change_settings
from telesales.dialing.counting import answered_by_slot, measure_of
from telesales.dialing.ports import DatabaseCallLog, DatabaseCampaigns
from telesales.extensions import db
from telesales.tenancy.scope import client_scope, every_client
from tests.factories_calls import make_attempt, make_calling_agent
from tests.factories_campaigns import make_campaign
from tests.statements import noted_statements

NOON = datetime(2026, 11, 18, 12, 0, tzinfo=UTC)
LONG_AGO = NOON - timedelta(days=62)


@pytest.fixture(autouse=True)
def everything(app: Flask) -> Iterator[None]:
    with every_client():
        yield


@pytest.fixture
def campaign() -> Campaign:
    return make_campaign(state="running")


def called(
    campaign: Campaign, answered: float | None, connected: float | None = None, result=None, **columns
):
    """An attempt that was answered so many seconds after noon, and connected so many seconds later."""
    answered_at = None if answered is None else NOON + timedelta(seconds=answered)
    connected_at = None if connected is None else answered_at + timedelta(seconds=connected)
    return make_attempt(
        campaign=campaign,
        reserved_at=NOON - timedelta(seconds=20),
        answered_at=answered_at,
        connected_at=connected_at,
        result=result,
        **columns,
    )


def total(campaign: Campaign, **window) -> Counts:
    return sum(answered_by_slot(campaign.id, **{"since": LONG_AGO, **window}).values(), Counts())


@pytest.mark.parametrize(
    ("call", "counts"),
    [
        ({"answered": None, "result": "no_answer"}, Counts()),
        ({"answered": 1, "connected": 0.4, "result": "talked"}, Counts(people=1, connected=1)),
        ({"answered": 1, "connected": 0.4}, Counts(people=1, connected=1)),  # they still talk
        ({"answered": 1, "connected": 2.0, "result": "talked"}, Counts(people=1, connected=1)),
        ({"answered": 1, "connected": 2.01, "result": "talked"}, Counts(people=1, abandoned=1)),  # too late
        ({"answered": 1, "result": "abandoned"}, Counts(people=1, abandoned=1)),
        ({"answered": 1, "result": "hung_up_first"}, Counts(people=1)),
        ({"answered": 1}, Counts(people=1)),  # nobody knows yet
        ({"answered": 1, "result": "machine"}, Counts(machines=1)),
    ],
)
def test_each_call_is_counted_once(campaign, call, counts):
    called(campaign, **call)

    assert total(campaign) == counts


@pytest.mark.parametrize("waited", [0.4, 3.0])
@pytest.mark.parametrize(
    ("said", "people"), [(["machine"], 0), (["other", "machine"], 0), (["machine", "other"], 1), ([], 1)]
)
def test_a_machine_that_an_agent_heard_is_no_person_who_answered(campaign, said, people, waited):
    attempt = called(campaign, 1, waited, "talked")
    agent = make_calling_agent()
    for code in said:
        record_disposition(attempt, agent, code)

    counts = total(campaign)

    assert counts.people == counts.connected + counts.abandoned == people
    assert counts.machines == 0


def test_calls_fall_on_quarters_of_an_hour(campaign):
    for answered in (0, 899.5, 900, 3600 * 14):
        called(campaign, answered, 1)

    quarters = answered_by_slot(campaign.id, LONG_AGO)

    noon = slot_of(NOON.timestamp())
    assert {slot - noon: counts.people for slot, counts in quarters.items()} == {0: 2, 1: 1, 56: 1}


def test_a_window_has_a_beginning_and_an_end(campaign):
    for answered in (-1, 0, 59, 60):
        called(campaign, answered, 1)

    assert total(campaign, since=NOON, until=NOON + timedelta(seconds=60)).people == 2


def test_another_campaign_and_another_client_are_not_counted(campaign):
    called(make_campaign(state="running"), 0, 1)

    assert total(campaign) == Counts()
    with client_scope(campaign.client_id):
        called(campaign, 0, 1)
        assert total(campaign).people == 1


def test_counting_reads_its_index(campaign):
    with client_scope(campaign.client_id), noted_statements() as noted:
        answered_by_slot(campaign.id, LONG_AGO)

    statement, parameters = noted[-1]
    connection = db.session.connection()
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET LOCAL enable_seqscan = off")  # an empty table would just be read
        explain, wanted = "EXPLAIN", "Scan using ix_call_attempts_answered on call_attempts"
    else:
        explain = "EXPLAIN QUERY PLAN"
        wanted = "USING COVERING INDEX ix_call_attempts_answered (campaign_id=? AND answered_at>?)"
    plan = connection.exec_driver_sql(f"{explain} {statement}", parameters).all()
    assert any(wanted in line[-1] for line in plan), plan


def test_the_engine_is_told_how_the_campaign_is_measured(app, campaign):
    change_settings(CentreFacts(name="C", locale="en", time_zone="America/Toronto", currency="CAD"))
    campaign.rule_pack, campaign.started_at = "ca", NOON
    campaign.false_positives_bp, campaign.undetected_machines_bp = 120, 40
    db.session.commit()

    told = DatabaseCampaigns(app).settings(campaign.id).measure

    zone = ZoneInfo("America/Toronto")
    assert told == Measure(PACKS["ca"], zone, NOON.timestamp(), Estimates(120, 40)) == measure_of(campaign)


def test_the_engine_recalls_what_was_counted(app, campaign):
    called(campaign, 0, 1)
    called(campaign, 5, result="abandoned")
    db.session.commit()

    told = DatabaseCallLog(app).answered_by_slot(campaign.id, LONG_AGO.timestamp())

    assert told == {slot_of(NOON.timestamp()): Counts(people=2, connected=1, abandoned=1)}
    assert db.session.query(CallAttempt).count() == 2
