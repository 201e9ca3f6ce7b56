"""Screens and what reaches them."""

import json

import pytest
import redis
from flask import Flask

from telesales import clock
from telesales.extensions import db, transaction
from telesales.push.messages import STREAM
from telesales.tenancy.scope import every_client
from telesales.whiteboard import queries, service
from telesales.whiteboard.models import Screen
from tests.factories import (
    make_day,
    make_screen,
    make_selling_agent,
    make_selling_campaign,
    make_sold,
    make_taken_back,
    make_team,
)


@pytest.fixture(autouse=True)
def _sight(app: Flask):
    with every_client():
        yield


def heard(server: redis.Redis, screen: Screen) -> list[str]:
    wanted = f"board:{screen.id}"
    return [fields["event"] for _id, fields in server.xrange(STREAM) if fields["topic"] == wanted]


def test_a_token_opens_its_screen_and_is_not_kept():
    with transaction():
        screen, token = make_screen()

    assert queries.find_screen_by_token(token) is screen
    assert token not in str(vars(screen))
    assert queries.find_screen_by_token("") is None
    assert queries.find_screen_by_token(screen.token_hash) is None


def test_a_revoked_link_does_not_open_and_the_television_is_told(redis_server: redis.Redis):
    with transaction():
        screen, token = make_screen()
    with transaction():
        service.revoke_screen(screen)

    assert queries.find_screen_by_token(token) is None
    assert heard(redis_server, screen) == ["changed"]


def test_a_new_link_stops_the_old_one_and_heals_a_revoked_screen():
    screen, old = make_screen()
    service.revoke_screen(screen)
    new = service.renew_link(screen)

    assert queries.find_screen_by_token(old) is None
    assert queries.find_screen_by_token(new) is screen


def test_a_sale_takes_the_stage_after_the_commit(redis_server: redis.Redis):
    campaign, agent = make_selling_campaign(), make_selling_agent("李娜", latin_name="Li Na")
    screen, _token = make_screen()
    make_sold(agent, campaign, 4_990)
    assert heard(redis_server, screen) == []

    db.session.commit()

    assert heard(redis_server, screen) == ["sale", "changed"]
    news = next(
        json.loads(fields["data"]) for _id, fields in redis_server.xrange(STREAM) if fields["event"] == "sale"
    )
    assert (news["name"], news["latin_name"], news["amount_minor"]) == ("李娜", "Li Na", 4_990)


def test_a_cancelled_sale_is_counted_anew_without_a_word(redis_server: redis.Redis):
    sale = make_sold(make_selling_agent(), make_selling_campaign(), told=False)
    screen, _token = make_screen()
    db.session.commit()

    make_taken_back(sale)
    db.session.commit()

    assert heard(redis_server, screen) == ["changed"]


def test_a_sale_reaches_only_screens_that_show_it(redis_server: redis.Redis):
    team, other_team = make_team(), make_team()
    campaign, foreign = make_selling_campaign(), make_selling_campaign()
    screens = {
        "all": make_screen()[0],
        "client": make_screen(client_id=campaign.client_id)[0],
        "campaign": make_screen(campaign_ids=(campaign.id,))[0],
        "team": make_screen(team_id=team.id)[0],
        "foreign client": make_screen(client_id=foreign.client_id)[0],
        "foreign campaign": make_screen(campaign_ids=(foreign.id,))[0],
        "other team": make_screen(team_id=other_team.id)[0],
        "revoked": make_screen()[0],
    }
    service.revoke_screen(screens["revoked"])
    make_sold(make_selling_agent(team_id=team.id), campaign)
    db.session.commit()

    assert {name for name, screen in screens.items() if "sale" in heard(redis_server, screen)} == {
        "all", "client", "campaign", "team",
    }  # fmt: skip


def test_the_board_of_a_client_shows_its_own_work_only():
    own, foreign = make_selling_campaign(), make_selling_campaign()
    today = clock.now().date()
    make_day(make_selling_agent("Ana"), own, today, sales=3)
    make_day(make_selling_agent("Omar"), foreign, today, sales=5)
    screen, _token = make_screen(client_id=own.client_id)

    board = queries.board_of(screen)

    assert [row["name"] for row in board["ranked"] + board["others"]] == ["Ana"]
    assert board["people"] == 1


def test_the_board_is_arranged_for_a_television():
    campaign, today = make_selling_campaign(), clock.now().date()
    for nth in range(14):
        make_day(make_selling_agent(f"Person {nth:02}"), campaign, today, sales=20 - nth)
    screen, _token = make_screen()

    board = queries.board_of(screen)

    assert (len(board["ranked"]), len(board["others"])) == (10, 4)
    assert "rows" not in board
    json.dumps(board)
