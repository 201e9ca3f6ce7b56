"""Decisions are kept once each, for weeks, and compared with what came of them."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy.exc
from flask import Flask
from sqlalchemy import delete, func, select, update

from dialer.engine.pacer import tell
from dialer.live import FACTS_STREAM
from telesales import clock
from telesales.calls.models import CallResult
from telesales.campaigns.models import Campaign
from telesales.dialing.decisions import queries
from telesales.dialing.decisions.chart import MOST_POINTS, chart_points, what_came
from telesales.dialing.decisions.queries import Window
from telesales.dialing.decisions.recording import forget_some_decisions, kept_since, record_decisions
from telesales.dialing.facts import Fact
from telesales.dialing.jobs import forget_old_decisions
from telesales.dialing.models import KEPT_DAYS, PacingDecision
from telesales.dialing.recorder import GROUP, UNREADABLE_STREAM, Recorder
from telesales.extensions import AppendOnlyError, db
from telesales.tenancy.scope import every_client
from tests.factories_calls import make_attempt
from tests.factories_dialing import ESTIMATES, make_decision, make_dialing_campaign

NOON = datetime(2026, 11, 18, 12, 0, 0, 250_000, tzinfo=UTC)


@pytest.fixture(autouse=True)
def everything(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr("telesales.dialing.recorder.BLOCK_MS", 10)
    with every_client():
        yield


@pytest.fixture
def campaign() -> Campaign:
    return make_dialing_campaign(leads=0)


def at(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def record_of(seconds: float = 0, **parts) -> dict:
    return {"at": at(seconds).timestamp(), "calls": 3, "reason": "lines", "estimates": {"agents": 5}, **parts}


def told(campaign_id: int, seconds: float = 0, **parts) -> Fact:
    return Fact.read(tell(record_of(seconds, **parts), campaign_id))


def count() -> int:
    return db.session.scalar(select(func.count()).select_from(PacingDecision))


def test_a_decision_is_kept_with_its_numbers(campaign):
    record_decisions([told(campaign.id, estimates={"agents": 5, "moon": 0.5})])

    row = db.session.scalars(select(PacingDecision)).one()
    assert (row.client_id, row.campaign_id, row.at) == (campaign.client_id, campaign.id, NOON)
    assert (row.calls, row.reason, row.estimates) == (3, "lines", {"agents": 5, "moon": 0.5})


def test_a_decision_told_twice_is_kept_once(campaign):
    decision = told(campaign.id)
    record_decisions([decision, decision])
    db.session.commit()
    record_decisions([decision, told(campaign.id, 0.05)])

    assert count() == 2


def record_all(app: Flask) -> None:
    db.session.commit()
    recorder = Recorder(app)
    recorder.record_batch()
    while recorder.record_batch() or recorder.record_batch():
        pass


def test_the_recorder_takes_decisions_from_the_stream_of_facts(app, redis_server, campaign):
    redis_server.xadd(FACTS_STREAM, {"fact": tell(record_of(), campaign.id)})

    record_all(app)

    assert count() == 1
    assert redis_server.xlen(FACTS_STREAM) == 0


def test_what_a_recorder_read_before_it_died_is_kept_once(app, redis_server, campaign):
    for seconds in (0, 1, 2):
        redis_server.xadd(FACTS_STREAM, {"fact": tell(record_of(seconds), campaign.id)})
    redis_server.xgroup_create(FACTS_STREAM, GROUP, id="0")
    redis_server.xreadgroup(GROUP, GROUP, {FACTS_STREAM: ">"}, count=2)
    record_decisions([told(campaign.id)])  # written, and dead before it could say so

    record_all(app)

    assert count() == 3


def test_a_decision_of_no_campaign_is_set_aside_and_holds_nobody_up(app, redis_server, campaign):
    for campaign_id in (campaign.id + 1, campaign.id):
        redis_server.xadd(FACTS_STREAM, {"fact": tell(record_of(), campaign_id)})

    record_all(app)

    assert count() == 1
    assert json.loads(redis_server.xrange(UNREADABLE_STREAM)[0][1]["fact"])["campaign"] == campaign.id + 1


def test_a_decision_cannot_be_changed_or_deleted(campaign):
    decision = make_decision(campaign)
    db.session.commit()

    for statement in (update(PacingDecision).values(calls=9), delete(PacingDecision)):
        with pytest.raises(AppendOnlyError):
            db.session.execute(statement)
    table = PacingDecision.__table__
    for statement in (update(table).values(calls=9), delete(table).where(table.c.id == decision.id)):
        with pytest.raises(sqlalchemy.exc.DBAPIError, match="kept for 92 days"):
            db.session.execute(statement)
        db.session.rollback()


def test_old_days_are_forgotten_as_a_whole(campaign, monkeypatch):
    monkeypatch.setattr("telesales.dialing.decisions.recording.DELETED_AT_ONCE", 2)
    for days in (KEPT_DAYS + 1, KEPT_DAYS + 2, KEPT_DAYS + 300):
        make_decision(campaign, at=clock.now() - timedelta(days=days))
    first_kept = make_decision(campaign, at=kept_since() + timedelta(days=1)).id
    make_decision(campaign)
    db.session.commit()

    forget_old_decisions()

    assert count() == 2
    assert db.session.get(PacingDecision, first_kept) is not None
    assert forget_some_decisions() == 0


def test_the_database_says_the_same_as_the_job():
    assert clock.now() - kept_since() >= timedelta(days=KEPT_DAYS)


def make_call(campaign: Campaign, decided: float, **columns):
    """A call that a decision placed."""
    decision = {"at": at(decided).timestamp()}
    usual = {"reserved_at": at(decided + 0.1), "decision": decision, "connected_at": None}
    return make_attempt(campaign=campaign, **{**usual, **columns})


def test_calls_are_found_by_their_decision(campaign):
    one, two = make_decision(campaign, at=at(0)), make_decision(campaign, at=at(0.05))
    calls = [make_call(campaign, decided) for decided in (0, 0, 0.05)]
    make_attempt(campaign=campaign, reserved_at=at(0.1))  # by hand

    assert [call.attempt.id for call in queries.calls_of(one)] == [calls[0].id, calls[1].id]
    assert queries.placed_by([one, two]) == {one.id: 2, two.id: 1}
    assert queries.decision_of(calls[2]).id == two.id


def test_a_decision_whose_calls_found_no_leads_placed_none(campaign):
    decision = make_decision(campaign)

    assert queries.placed_by([decision]) == {decision.id: 0}


def test_what_came_is_counted_within_the_time_that_was_looked_ahead(campaign):
    decision = make_decision(campaign, at=at(0))
    make_call(campaign, 0, answered_at=at(4))
    make_call(campaign, -5, answered_at=at(8.9))
    make_call(campaign, -5, answered_at=at(9.2))  # too late
    make_call(campaign, -9, answered_at=at(-0.1))  # before
    make_call(campaign, 1, answered_at=at(3))  # decided later: nobody could foresee it
    make_call(campaign, 0, answered_at=at(5), result=CallResult.MACHINE)

    with clock.freeze(at(60)):
        assert what_came(decision) == 2
    with clock.freeze(at(5)):
        assert what_came(decision) is None


def test_charts_hold_what_was_decided_foreseen_and_came(campaign):
    make_decision(campaign, at=at(0), estimates={**ESTIMATES, "waiting": 1})
    make_call(campaign, 0, answered_at=at(4))

    with clock.freeze(at(60)):
        (point,) = chart_points(Window(campaign.id, at(-60), at(60)))

    assert (point.agents, point.air, point.calls) == (60, 49, 3)
    assert (point.predicted, point.actual) == (pytest.approx(0.6), 1)
    assert (point.risk, point.threshold, point.day, point.window) == (0.021, 0.027, 4.2, 31.5)
    assert point.half_hour is None


def test_a_long_stretch_has_no_more_points_than_a_short_one(campaign):
    for second in range(0, 3600, 4):
        make_decision(campaign, at=at(second), calls=1, estimates={})

    points = chart_points(Window(campaign.id, at(0), at(3600)))

    assert MOST_POINTS - 1 <= len(points) <= MOST_POINTS + 1
    assert sum(point.calls for point in points) == 900


def test_who_placed_nothing_took_no_risk(campaign):
    make_decision(campaign, at=at(0), calls=0)

    (point,) = chart_points(Window(campaign.id, at(-60), at(60)))

    assert point.risk is None


def test_a_campaign_without_decisions_has_no_points(campaign):
    assert chart_points(Window(campaign.id, at(0), at(900))) == []


def test_facts_of_the_floor_and_decisions_share_their_form(campaign):
    told_at = NOON.timestamp()
    fact = Fact.read(tell(record_of(), campaign.id))

    assert (fact.at, fact.campaign_id, fact.attempt_id) == (NOON, campaign.id, None)
    assert fact.source == f"decision:{campaign.id}:{round(told_at * 1000)}"
    assert fact.kind == "pacing.decision"
