"""Leaderboard, own numbers and awards in a browser."""

from datetime import UTC, date, datetime, timedelta

import pytest
from flask.testing import FlaskClient

from telesales import clock
from telesales.access.roles import Role
from telesales.agents.models import User
from telesales.centre.models import CentreSettings
from telesales.commissions.rules.terms import Band, Flat, Measure, Mode, Period, Tiers
from telesales.extensions import db
from telesales.standings.service.closing import close_day
from telesales.tenancy.scope import every_client
from tests.actors import as_role, as_user
from tests.factories import (
    make_campaign,
    make_day,
    make_on_floor,
    make_past_days,
    make_plan,
    make_selling_agent,
    make_selling_campaign,
    make_sold,
    make_taken_back,
    make_team,
)

DAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 19, 5, tzinfo=UTC)
TIERS = Tiers(Measure.SALES, Period.MONTH, Mode.MARGINAL, (Band(0, Flat(500)), Band(3, Flat(900))))


@pytest.fixture(autouse=True)
def _afternoon(app):
    db.session.add(
        CentreSettings(id=1, name="Harbour", time_zone="America/New_York", currency="USD", locale="en")
    )
    db.session.flush()
    with clock.freeze(NOW):
        yield


@pytest.fixture
def floor(app) -> list[int]:
    """Fourteen agents; the first sold fourteen times, the last once. Returns their ids."""
    with every_client():
        campaign, team = make_selling_campaign(daily_goal=6), make_team(name="North")
        agents = [
            make_selling_agent(f"Agent-{number:02}", team_id=team.id if number < 2 else None)
            for number in range(14)
        ]
        for number, agent in enumerate(agents):
            sales = 14 - number
            make_day(
                agent,
                campaign,
                DAY,
                sales=sales,
                amount_minor=sales * 100,
                calls=100 - number,
                talk_seconds=number * 60,
            )
        return [agent.id for agent in agents]


def names(text: str) -> list[str]:
    return [part[:8] for part in text.split('<th scope="row">')[1:] if part.startswith("Agent")]


def test_leader_sees_everybody(client: FlaskClient, floor):
    page = as_role(client, Role.SUPERVISOR).get("/standings")
    assert names(page.text) == [f"Agent-{number:02}" for number in range(14)]
    assert "Nobody is shown as last" not in page.text


def test_agent_sees_the_first_ten_and_the_own_neighbours(client: FlaskClient, floor):
    page = as_user(client, db.session.get_one(User, floor[12])).get("/standings")
    assert names(page.text) == [f"Agent-{number:02}" for number in (*range(10), 11, 12, 13)]
    other = as_user(client, db.session.get_one(User, floor[2])).get("/standings")
    assert names(other.text) == [f"Agent-{number:02}" for number in range(10)]
    assert "Nobody is shown as last" in other.text


@pytest.mark.parametrize(
    ("query", "first", "count"),
    [("metric=calls", "Agent-00", 14), ("metric=talk", "Agent-13", 14), ("metric=per_hour", "Agent-00", 14),
     ("metric=amount&span=month", "Agent-00", 14), ("span=week", "Agent-00", 14), ("span=yesterday&metric=x", "Agent-00", 14),
     ("campaign=999", None, 0)],
)  # fmt: skip
def test_leaderboard_ranks_by_what_is_chosen(
    client: FlaskClient, floor, query: str, first: str | None, count: int
):
    found = names(as_role(client, Role.MANAGER).get(f"/standings?{query}").text)
    assert len(found) == count
    assert (found[0] if found else None) == first


def test_leaderboard_of_a_team_has_its_people_only(client: FlaskClient, floor):
    manager = as_role(client, Role.MANAGER)
    team = db.session.get_one(User, floor[0]).team_id
    assert names(manager.get(f"/standings?team={team}").text) == ["Agent-00", "Agent-01"]


def test_empty_leaderboard_says_so(client: FlaskClient):
    assert "Nobody has worked in these days yet" in as_role(client, Role.MANAGER).get("/standings").text


def test_desk_line_holds_sales_goal_money_next_band_and_rank(client: FlaskClient):
    with every_client():
        ana, tom = make_selling_agent("Ana"), make_selling_agent("Tom")
        campaign = make_campaign(agents=[ana, tom], state="running")
        make_plan(campaign, TIERS)
        for seller, sales in ((ana, 2), (tom, 1)):
            for number in range(sales):
                make_sold(seller, campaign, 10_000, at=NOW - timedelta(minutes=5 * number + 5), day=DAY)
        make_past_days(ana, campaign, DAY)
    page = " ".join(as_user(client, ana).get("/standings/mine").text.split())
    for said in ("2 sales", "$10.00", "in 2 sales", "$9.00 a sale", '<strong class="number">1</strong>'):
        assert said in page
    assert "<html" not in page


def test_next_band_is_that_of_the_campaign_one_works_on_now(client: FlaskClient):
    with every_client():
        ana = make_selling_agent("Ana")
        other, current = (make_campaign(agents=[ana], state="running", name=name) for name in ("A", "B"))
        make_plan(other, TIERS)
        make_plan(
            current, Tiers(Measure.SALES, Period.DAY, Mode.MARGINAL, (Band(0, Flat(0)), Band(7, Flat(1))))
        )
        make_on_floor(ana, current)
    assert "in 8 sales" in as_user(client, ana).get("/standings/mine").text


def test_top_three_show_what_was_sold_in_each_currency(client: FlaskClient):
    with every_client():
        for name, currency, minor in (("Ana", "USD", 9_900), ("李娜", "CNY", 12_900)):
            day = {"sales": 2, "amount_minor": minor, "first_sale_at": NOW}
            make_day(make_selling_agent(name), make_selling_campaign(currency=currency), DAY, **day)
    page = as_role(client, Role.MANAGER).get("/standings/awards").text
    assert "$99.00" in page
    assert "CN¥129.00" in page
    assert "$0.00" not in page


def test_desk_line_of_somebody_without_work_today_is_empty_and_no_error(client: FlaskClient):
    page = as_role(client, Role.AGENT, daily_goal=5).get("/standings/mine")
    assert page.status_code == 200
    assert "0 sales" in page.text
    assert "rank" not in page.text


def test_desk_line_is_for_agents(client: FlaskClient):
    assert as_role(client, Role.MANAGER).get("/standings/mine").status_code == 403


@pytest.fixture
def awarded(app) -> tuple[int, int]:
    """Ana did better than before, Eve is new. Returns their ids."""
    with every_client():
        campaign = make_selling_campaign(daily_goal=6)
        ana, tom, eve = (make_selling_agent(name) for name in ("Ana", "Tom", "Eve"))
        for agent, sales in ((ana, 8), (tom, 4)):
            make_past_days(agent, campaign, DAY)
            make_day(
                agent,
                campaign,
                DAY,
                sales=sales,
                amount_minor=sales * 100,
                first_sale_at=NOW - timedelta(hours=sales),
            )
        make_day(eve, campaign, DAY, sales=1, first_sale_at=NOW)
        return ana.id, eve.id


def test_awards_show_the_formula_and_the_numbers_behind_each_place(client: FlaskClient, awarded):
    page = as_role(client, Role.MANAGER).get("/standings/awards").text
    for said in ("as it stands", "(s + k·m) / (c + k)", "8 / 40", "40 / 400", "own last 10 worked days", "k = 40.0 · m = 10.0 %",
                 "+50%: from 10.0 to 15.0 sales in 100 contacts", "Too new to compare"):  # fmt: skip
        assert said in page


def test_agent_sees_winners_and_the_own_line_only(client: FlaskClient, awarded):
    _ana, eve = awarded
    table = (
        as_user(client, db.session.get_one(User, eve)).get("/standings/awards").text.split('id="formula"')[1]
    )
    assert "Ana" in table
    assert "Eve" in table
    assert "Tom" not in table


def test_closed_day_stays_as_announced_and_says_what_was_cancelled_since(client: FlaskClient):
    with every_client():
        agent, campaign = make_selling_agent("Ana"), make_selling_campaign()
        sale = make_sold(agent, campaign, at=NOW, day=DAY)
        with clock.freeze(NOW + timedelta(hours=12)):
            close_day(DAY)
        make_taken_back(sale, at=NOW + timedelta(hours=20))
    page = as_role(client, Role.MANAGER).get(f"/standings/awards/{DAY}").text
    assert "1 sale ·" in page
    assert "1 sale of this day was cancelled after it was closed" in page
    assert "final" in page


def test_day_without_work_says_so(client: FlaskClient):
    assert (
        "Nobody has worked on this day"
        in as_role(client, Role.AGENT).get("/standings/awards/2026-01-01").text
    )


@pytest.mark.parametrize(
    "path",
    [
        "/standings/awards/yesterday",
        "/standings/awards/2026-13-01",
        "/standings/awards/0001-01-01",
        "/standings/awards?campaign=999",
    ],
)
def test_day_or_campaign_that_is_none_is_not_found(client: FlaskClient, path: str):
    assert as_role(client, Role.MANAGER).get(path).status_code == 404


def test_manager_of_a_client_never_sees_the_frozen_day_of_the_whole_centre(client: FlaskClient, awarded):
    with every_client(), clock.freeze(NOW + timedelta(hours=12)):
        close_day(DAY)
        other = make_selling_campaign().client_id
    page = as_role(client, Role.MANAGER, client_id=other).get(f"/standings/awards/{DAY}").text
    assert "Ana" not in page
