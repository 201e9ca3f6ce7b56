"""What the wall shows."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask

from telesales import clock
from telesales.centre.models import CentreSettings
from telesales.extensions import db
from telesales.standings.queries.board import board_snapshot
from telesales.standings.queries.scope import Scope
from telesales.tenancy.scope import client_scope, every_client
from tests.factories import (
    make_day,
    make_past_days,
    make_selling_agent,
    make_selling_campaign,
    make_sold,
    make_taken_back,
    make_team,
)

TODAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 19, 5, tzinfo=UTC)  # 14:05 in New York


@pytest.fixture(autouse=True)
def _afternoon_in_new_york(app: Flask):
    db.session.add(
        CentreSettings(id=1, name="Harbour", time_zone="America/New_York", currency="USD", locale="en")
    )
    db.session.flush()
    with every_client(), clock.freeze(NOW):
        yield


@pytest.fixture
def campaign():
    return make_selling_campaign(daily_goal=6)


def ranks(board: dict) -> list[tuple[str, int, int]]:
    return [(row["name"], row["rank"], row["sales"]) for row in board["rows"]]


def test_empty_floor_is_an_empty_board_not_an_error(campaign):
    board = board_snapshot()
    assert (board["rows"], board["awards"], board["ticker"]) == ([], [], [])
    assert board["team"] == {
        "sales": 0, "goal": 0, "amount_minor": 0, "currency": "USD", "pace_needed_per_hour": None, "per_hour": None,
    }  # fmt: skip
    assert (board["day"], board["title"], board["demo"]) == ("2026-11-20", "Harbour", False)


def test_board_is_plain_json(campaign):
    agent = make_selling_agent("李娜", latin_name="Li Na")
    make_past_days(agent, campaign, TODAY)
    make_day(agent, campaign, TODAY, sales=8, amount_minor=80_000, first_sale_at=NOW)
    make_sold(agent, campaign, at=NOW)
    assert json.loads(json.dumps(board_snapshot())) == board_snapshot()


def test_rows_are_ranked_by_sales_then_amount_with_goal_gap_and_pace(campaign):
    for name, sales, minor in (
        ("Ana", 2, 30_000),
        ("Omar", 2, 10_000),
        ("Tom", 5, 5_000),
        ("Eve", 2, 10_000),
    ):
        make_day(make_selling_agent(name), campaign, TODAY, sales=sales, amount_minor=minor)
    board = board_snapshot()
    assert ranks(board) == [("Tom", 1, 5), ("Ana", 2, 2), ("Eve", 3, 2), ("Omar", 3, 2)]
    first = board["rows"][0]
    assert (first["goal"], first["gap"], first["per_hour"], first["currency"]) == (6, 1, 1.25, "USD")
    assert (board["team"]["sales"], board["team"]["goal"]) == (11, 24)
    assert board["team"]["per_hour"] == 2.75
    assert board["team"]["pace_needed_per_hour"] == 3.25


def test_own_goal_comes_before_the_campaigns(campaign):
    make_day(make_selling_agent(daily_goal=9), campaign, TODAY, sales=4)
    assert [(row["goal"], row["gap"]) for row in board_snapshot()["rows"]] == [(9, 5)]


def test_days_of_several_campaigns_are_one_row(campaign):
    agent = make_selling_agent()
    make_day(agent, campaign, TODAY, sales=1)
    make_day(agent, make_selling_campaign(daily_goal=2), TODAY, sales=2)
    assert [(row["sales"], row["goal"]) for row in board_snapshot()["rows"]] == [(3, 6)]


def test_board_shows_the_currency_most_people_sell_in(campaign):
    euros = make_selling_campaign(currency="EUR")
    for place, minor in ((euros, 100), (euros, 200), (campaign, 300)):
        make_day(make_selling_agent(), place, TODAY, sales=1, amount_minor=minor)
    board = board_snapshot()
    assert (board["team"]["currency"], board["team"]["amount_minor"]) == ("EUR", 300)


@pytest.mark.parametrize(
    ("scope", "seen"),
    [("campaign", ["Ana"]), ("team", ["Tom"]), ("client", ["Ana"]), ("all", ["Ana", "Tom"])],
)
def test_board_is_limited_to_campaigns_team_and_client(campaign, scope: str, seen: list[str]):
    team = make_team(name="North")
    make_day(make_selling_agent("Ana"), campaign, TODAY, sales=2)
    make_day(make_selling_agent("Tom", team_id=team.id), make_selling_campaign(), TODAY, sales=1)
    if scope == "client":
        with client_scope(campaign.client_id):
            board = board_snapshot()
        assert board["title"].startswith("House")
    else:
        scopes = {"campaign": Scope((campaign.id,)), "team": Scope(team_id=team.id), "all": Scope()}
        board = board_snapshot(scopes[scope])
        assert board["title"] == {"campaign": campaign.name, "team": "North", "all": "Harbour"}[scope]
    assert [row["name"] for row in board["rows"]] == seen


def test_previous_rank_is_that_of_an_hour_ago(campaign):
    ana, tom = make_selling_agent("Ana"), make_selling_agent("Tom")
    make_day(ana, campaign, TODAY, sales=1, amount_minor=10_000)
    make_day(tom, campaign, TODAY, sales=1, amount_minor=10_000)
    for minutes in (10, 59):
        make_sold(ana, campaign, at=NOW - timedelta(minutes=minutes), day=TODAY)
    make_sold(tom, campaign, at=NOW - timedelta(minutes=61), day=TODAY)
    assert [(row["name"], row["rank"], row["previous_rank"]) for row in board_snapshot()["rows"]] == [
        ("Ana", 1, 2),
        ("Tom", 2, 1),
    ]


def test_nobody_has_moved_who_had_not_sold_an_hour_ago(campaign):
    ana, tom = make_selling_agent("Ana"), make_selling_agent("Tom")
    for agent, sales in ((ana, 3), (tom, 1)):
        make_day(agent, campaign, TODAY)
        for minutes in range(sales):
            make_sold(agent, campaign, at=NOW - timedelta(minutes=minutes), day=TODAY)
    assert [(row["rank"], row["previous_rank"]) for row in board_snapshot()["rows"]] == [(1, None), (2, None)]


def test_ticker_tells_the_newest_valid_sales_first(campaign):
    agent = make_selling_agent("Ana")
    make_day(agent, campaign, TODAY, sales=2)
    sales = [make_sold(agent, campaign, 100 + n, at=NOW - timedelta(minutes=n), day=TODAY) for n in range(3)]
    make_taken_back(sales[1])
    ticker = board_snapshot()["ticker"]
    assert [(item["name"], item["amount_minor"]) for item in ticker] == [("Ana", 100), ("Ana", 102)]


def test_awards_carry_the_words_and_the_figures(campaign):
    ana, tom = make_selling_agent("Ana"), make_selling_agent("Tom")
    for agent, sales in ((ana, 8), (tom, 4)):
        make_past_days(agent, campaign, TODAY)
        make_day(agent, campaign, TODAY, sales=sales, first_sale_at=NOW - timedelta(hours=sales))
    awards = {(award["kind"], award["name"]): award for award in board_snapshot()["awards"]}
    assert set(awards) == {("most_improved", "Ana"), ("first_sale", "Ana"), ("top", "Ana"), ("top", "Tom")}
    improved = awards["most_improved", "Ana"]
    assert improved["text"] == "+50%: from 10.0 to 15.0 sales in 100 contacts"
    assert (improved["figures"]["sales"], improved["figures"]["contacts"]) == (8, 40)
    assert awards["first_sale", "Ana"]["text"] == "at 06:05 by their own clock"
    assert awards["top", "Tom"]["figures"]["place"] == 2


def test_agent_in_shanghai_is_shown_with_the_own_today(campaign):
    """It is 14:05 on the 20th in New York and 03:05 on the 21st in Shanghai."""
    far = make_selling_agent("王小明", time_zone="Asia/Shanghai")
    make_day(far, campaign, TODAY, sales=9)
    make_day(far, campaign, TODAY + timedelta(days=1), sales=1)
    make_day(make_selling_agent("Ana"), campaign, TODAY, sales=2)
    assert ranks(board_snapshot()) == [("Ana", 1, 2), ("王小明", 2, 1)]


def test_demo_is_said(campaign):
    make_day(make_selling_agent(is_demo=True), campaign, TODAY)
    assert board_snapshot()["demo"] is True


def test_rate_over_a_few_minutes_is_not_shown(campaign):
    make_day(
        make_selling_agent(), campaign, TODAY, sales=1, ready_seconds=899, talk_seconds=0, wrap_up_seconds=0
    )
    assert board_snapshot()["rows"][0]["per_hour"] is None
