"""The rolled-up day follows the facts, and can be made again from them."""

from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest
from flask import Flask
from sqlalchemy import select

from telesales import clock
from telesales.calls.daily import DailyResult
from telesales.calls.models import CallAttempt, CallResult, CallState
from telesales.centre.models import CentreSettings
from telesales.dialing.facts import Fact, record_states
from telesales.dialing.settling import settle
from telesales.extensions import db
from telesales.standings.cli import commands
from telesales.standings.service import announcing
from telesales.standings.service.rebuilding import rebuild_daily_results
from telesales.tenancy.scope import every_client
from tests.factories import make_selling_agent, make_selling_campaign, make_sold, make_taken_back

DAY = date(2026, 11, 1)  # the clock goes back in New York
START = datetime(2026, 11, 1, 3, tzinfo=UTC)  # 23:00 of 31 October there
COLUMNS = (
    "user_id", "campaign_id", "day", "client_id", "currency", "sales", "amount_minor", "calls",
    "talk_seconds", "wrap_up_seconds", "ready_seconds", "paused_seconds", "first_sale_at",
)  # fmt: skip
FIGURES = ("sales", "calls", "ready_seconds", "wrap_up_seconds", "paused_seconds")


@pytest.fixture(autouse=True)
def _new_york(app: Flask):
    announcing.connect()
    db.session.add(CentreSettings(id=1, name="Harbour", time_zone="America/New_York", currency="USD"))
    db.session.flush()
    with every_client(), clock.freeze(START):
        yield


def rows() -> set[tuple]:
    found = db.session.scalars(select(DailyResult).execution_options(populate_existing=True))
    return {
        tuple(getattr(row, name) for name in COLUMNS)
        for row in found
        if any(getattr(row, name) for name in FIGURES)
    }


def result_of(agent, day: date = DAY) -> DailyResult:
    query = select(DailyResult).where(DailyResult.user_id == agent.id, DailyResult.day == day)
    return db.session.scalars(query.execution_options(populate_existing=True)).one()


def test_sale_counts_at_once_and_cancelling_takes_it_back():
    agent, campaign = make_selling_agent(), make_selling_campaign()
    at = START + timedelta(hours=4)
    sales = [make_sold(agent, campaign, 10_000 + n, at=at + timedelta(minutes=n), day=DAY) for n in range(2)]
    day = result_of(agent)
    assert (day.sales, day.amount_minor, day.first_sale_at, day.calls) == (2, 20_001, at, 0)
    make_taken_back(sales[0])
    day = result_of(agent)
    assert (day.sales, day.amount_minor, day.first_sale_at) == (1, 10_001, at + timedelta(minutes=1))
    make_taken_back(sales[1])
    day = result_of(agent)
    assert (day.sales, day.amount_minor, day.first_sale_at) == (0, 0, None)


def test_sale_in_another_currency_counts_without_adding_its_amount():
    agent, campaign = make_selling_agent(), make_selling_campaign()
    make_sold(agent, campaign, 500, day=DAY, at=START)
    make_sold(agent, campaign, 900, day=DAY, at=START, currency="EUR")
    day = result_of(agent)
    assert (day.sales, day.amount_minor, day.currency) == (2, 500, "USD")


def test_rebuilt_days_equal_those_added_up_while_it_happened():
    work_two_nights(Random(7))
    before = rows()
    assert len({row[2] for row in before}) >= 2
    rebuild_daily_results(DAY - timedelta(days=3), DAY + timedelta(days=3))
    assert rows() == before


def test_rebuilding_repairs_what_was_spoilt_and_leaves_other_days_alone():
    work_two_nights(Random(8))
    before = rows()
    for row in db.session.scalars(select(DailyResult)):
        row.sales, row.ready_seconds = 999, 1
    outside = result_of(db.session.merge(make_seller_outside()), DAY - timedelta(days=30))
    db.session.flush()
    rebuild_daily_results(DAY - timedelta(days=3), DAY + timedelta(days=3))
    kept = {row for row in rows() if row[2] > DAY - timedelta(days=5)}
    assert kept == before
    assert db.session.get(DailyResult, outside.id) is not None


def make_seller_outside():
    agent = make_selling_agent("Before")
    make_sold(agent, make_selling_campaign(), at=START - timedelta(days=30), day=DAY - timedelta(days=30))
    return agent


def test_command_rebuilds_all_days(app: Flask):
    work_two_nights(Random(9))
    before = rows()
    db.session.commit()
    with clock.freeze(START + timedelta(days=3)):
        answer = app.test_cli_runner().invoke(commands, ["rebuild"])
    assert answer.exit_code == 0, answer.output
    assert f"{len(before)} rows" in answer.output
    with every_client():
        assert rows() == before


def work_two_nights(chance: Random) -> None:
    """Agents in two zones who are ready, talk, wrap up, pause and sell, over midnight and the clock's change."""
    campaigns = [make_selling_campaign(), make_selling_campaign(currency="EUR")]
    for zone in ("", "Asia/Shanghai"):
        agent = make_selling_agent(time_zone=zone)
        at, state = START, "offline"
        for number in range(60):
            campaign = campaigns[number // 30]
            after = chance.choice(["ready", "reserved", "on_call", "wrap_up", "paused"])
            if number % 30 == 29:
                after = "offline"
            until = at + timedelta(seconds=chance.randint(0, 3_000), microseconds=chance.randint(0, 999_999))
            enter(agent, campaign, state, after, since=at, at=until, number=number)
            if after == "on_call":
                talk(agent, campaign, until, seconds=chance.random() * 300)
            if chance.random() < 0.2:
                sell(agent, campaign, until, chance)
            at, state = until, after


def enter(agent, campaign, before: str, after: str, *, since: datetime, at: datetime, number: int) -> None:
    data = {"state": after, "previous": before, "since": since.timestamp()}
    record_states([Fact("agent.state", at, f"{agent.id}-{number}", campaign.id, None, agent.id, data)])


def talk(agent, campaign, at: datetime, *, seconds: float) -> None:
    with every_client():
        sold = make_sold(
            agent, campaign, at=at, told=False
        )  # brings a lead and an attempt; cancelled at once
        attempt = db.session.get_one(CallAttempt, sold.attempt_id)
        make_taken_back(sold, told=False)
    attempt.state, attempt.result = CallState.ENDED, CallResult.TALKED
    attempt.connected_at, attempt.ended_at = at, at + timedelta(seconds=seconds)
    db.session.flush()
    settle(attempt.id)


def sell(agent, campaign, at: datetime, chance: Random) -> None:
    currency = chance.choice([campaign.currency, campaign.currency, "GBP"])
    zone_day = (
        None
        if agent.time_zone
        else (at - timedelta(hours=4 if at < START + timedelta(hours=3) else 5)).date()
    )
    sale = make_sold(agent, campaign, chance.randint(0, 9_000), at=at, currency=currency, day=zone_day)
    if chance.random() < 0.3:
        make_taken_back(sale)
