"""Closing a day: once, for good."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from telesales import clock
from telesales.centre.models import CentreSettings
from telesales.extensions import AppendOnlyError, db, transaction
from telesales.standings.jobs import close_days
from telesales.standings.models import Award, DayClose
from telesales.standings.queries.awarded import CENTRE, campaign_key
from telesales.standings.service.closing import close_day, list_open_days
from telesales.tenancy.scope import every_client
from tests.factories import make_day, make_past_days, make_selling_agent, make_selling_campaign

DAY = date(2026, 11, 20)
NEXT_NOON = datetime(2026, 11, 21, 17, tzinfo=UTC)
WAIT_S = 20


@pytest.fixture(autouse=True)
def _new_york(app: Flask):
    db.session.add(CentreSettings(id=1, name="Harbour", time_zone="America/New_York", currency="USD"))
    db.session.commit()
    with every_client(), clock.freeze(NEXT_NOON):
        yield


def awards() -> list[tuple[str, int, int]]:
    rows = db.session.scalars(select(Award).order_by(Award.kind, Award.place, Award.user_id))
    return [(row.kind, row.place, row.user_id) for row in rows]


def test_closing_freezes_leaderboard_and_awards():
    campaign, ana, tom = make_selling_campaign(), make_selling_agent("Ana"), make_selling_agent("Tom")
    for agent, sales in ((ana, 8), (tom, 4)):
        make_past_days(agent, campaign, DAY)
        make_day(
            agent,
            campaign,
            DAY,
            sales=sales,
            amount_minor=sales * 100,
            first_sale_at=NEXT_NOON - timedelta(days=1),
        )
    close = close_day(DAY)
    assert [(row["name"], row["place"], row["sales"]) for row in close.figures["rows"]] == [
        ("Ana", 1, 8),
        ("Tom", 2, 4),
    ]
    assert close.figures["most_improved"]["usual_contacts"] == 40
    assert awards() == [
        ("first_sale", 1, ana.id), ("first_sale", 1, tom.id), ("most_improved", 1, ana.id),
        ("top", 1, ana.id), ("top", 2, tom.id),
    ]  # fmt: skip


def test_closing_twice_changes_nothing():
    campaign, agent = make_selling_campaign(), make_selling_agent()
    result = make_day(agent, campaign, DAY, sales=2)
    first = close_day(DAY)
    result.sales = 1
    db.session.flush()
    assert close_day(DAY) is first
    assert first.figures["rows"][0]["sales"] == 2
    assert db.session.scalar(select(func.count(Award.id))) == 1


def test_frozen_day_cannot_be_edited():
    make_day(make_selling_agent(), make_selling_campaign(), DAY, sales=2)
    close = close_day(DAY)
    close.figures = {}
    with pytest.raises(AppendOnlyError):
        db.session.flush()
    db.session.rollback()


def test_two_workers_at_once_close_a_day_once(app: Flask):
    make_day(make_selling_agent(), make_selling_campaign(), DAY, sales=2)
    db.session.commit()
    together = threading.Barrier(2)

    def close() -> int:
        with app.app_context(), every_client(), clock.freeze(NEXT_NOON):
            together.wait(WAIT_S)
            with transaction():
                return close_day(DAY).id

    with ThreadPoolExecutor(2) as threads:
        ids = {thread.result(timeout=WAIT_S) for thread in [threads.submit(close) for _ in range(2)]}
    assert len(ids) == 1
    assert db.session.scalar(select(func.count(DayClose.id))) == 1
    assert db.session.scalar(select(func.count(Award.id))) == 1


def test_day_without_a_sale_is_closed_without_top_and_first_sale():
    make_day(make_selling_agent(), make_selling_campaign(), DAY)
    close_day(DAY)
    assert awards() == []


def test_everybody_equal_shares_the_first_place():
    campaign = make_selling_campaign()
    people = [make_selling_agent() for _ in range(3)]
    for agent in people:
        make_day(agent, campaign, DAY, sales=2)
    close_day(DAY)
    assert awards() == [("top", 1, agent.id) for agent in people]


def test_campaign_is_closed_with_its_own_people():
    campaign, other = make_selling_campaign(), make_selling_campaign()
    ana, tom = make_selling_agent(), make_selling_agent()
    make_day(ana, campaign, DAY, sales=1)
    make_day(tom, other, DAY, sales=3)
    close = close_day(DAY, campaign_key(campaign.id))
    assert [row["user_id"] for row in close.figures["rows"]] == [ana.id]
    assert awards() == [("top", 1, ana.id)]


def test_job_closes_every_finished_day_with_work_and_its_campaigns():
    campaign, agent = make_selling_campaign(), make_selling_agent()
    for back in (0, 1, 3):
        make_day(agent, campaign, DAY - timedelta(days=back), sales=1)
    make_day(agent, campaign, DAY + timedelta(days=1), sales=1)
    db.session.commit()
    assert close_days() == 6
    assert close_days() == 0
    closed = db.session.execute(select(DayClose.day, DayClose.scope_key).order_by(DayClose.day)).all()
    assert {day for day, _key in closed} == {DAY, DAY - timedelta(days=1), DAY - timedelta(days=3)}
    assert {key for _day, key in closed} == {CENTRE, campaign_key(campaign.id)}


@pytest.mark.parametrize(("minute", "closes"), [(14, False), (15, True)])
def test_day_is_closed_when_it_is_over_and_settled(minute: int, closes: bool):
    make_day(make_selling_agent(), make_selling_campaign(), DAY)
    with clock.freeze(datetime(2026, 11, 21, 5, minute, tzinfo=UTC)):
        assert bool(list_open_days()) is closes


def test_day_stays_open_while_an_agent_further_west_is_still_in_it():
    make_day(make_selling_agent(time_zone="America/Los_Angeles"), make_selling_campaign(), DAY)
    with clock.freeze(datetime(2026, 11, 21, 8, 14, tzinfo=UTC)):
        assert list_open_days() == []
    with clock.freeze(datetime(2026, 11, 21, 8, 15, tzinfo=UTC)):
        assert [day for day, _key in list_open_days()] == [DAY, DAY]


def test_day_the_clock_goes_back_is_closed_an_hour_later():
    autumn = date(2026, 11, 1)
    make_day(make_selling_agent(), make_selling_campaign(), autumn)
    with clock.freeze(datetime(2026, 11, 2, 4, 30, tzinfo=UTC)):
        assert list_open_days() == []
    with clock.freeze(datetime(2026, 11, 2, 5, 15, tzinfo=UTC)):
        assert {day for day, _key in list_open_days()} == {autumn}
