"""The television's page, and looking after screens."""

import re

import pytest
from flask.testing import FlaskClient

from telesales import clock
from telesales.access.roles import Role
from telesales.extensions import db, transaction
from telesales.push import signing
from telesales.tenancy.scope import every_client
from telesales.whiteboard import service
from telesales.whiteboard.models import Screen
from tests.actors import as_role
from tests.factories import (
    make_client,
    make_day,
    make_screen,
    make_selling_agent,
    make_selling_campaign,
    make_sold,
)


@pytest.fixture
def screen(app) -> tuple[int, str]:
    with transaction():
        screen, token = make_screen(locale="zh")
        return screen.id, token


def test_a_television_needs_no_sign_in(client: FlaskClient, screen: tuple[int, str]):
    page = client.get(f"/whiteboard/s/{screen[1]}")

    assert page.status_code == 200
    assert "data-board-url" in page.text
    assert "topbar" not in page.text


def test_a_television_speaks_the_language_of_its_screen(client: FlaskClient, screen: tuple[int, str]):
    assert '<html lang="zh-Hans"' in client.get(f"/whiteboard/s/{screen[1]}").text


def test_its_awards_are_told_in_the_language_of_the_television(client: FlaskClient):
    with transaction(), every_client():
        agent, campaign = make_selling_agent("李娜"), make_selling_campaign()
        make_day(agent, campaign, clock.now().date())
        make_sold(agent, campaign, at=clock.now())
        _screen, token = make_screen()

    chinese = client.get(f"/whiteboard/s/{token}/board.json", headers={"Accept-Language": "zh-CN"}).json
    english = client.get(f"/whiteboard/s/{token}/board.json", headers={"Accept-Language": "en"}).json

    assert "1单" in {award["text"].replace(" ", "") for award in chinese["board"]["awards"]}
    assert "1 sale" in {award["text"] for award in english["board"]["awards"]}


def test_the_figures_come_with_a_permission_to_hear_this_screen_only(
    client: FlaskClient, app, screen: tuple[int, str]
):
    state = client.get(f"/whiteboard/s/{screen[1]}/board.json").json

    assert state["board"]["ranked"] == []
    assert signing.topics_of(state["push_token"], app.config["SECRET_KEY"]) == [f"board:{screen[0]}"]
    assert len(state["version"]) == 12


@pytest.mark.parametrize("token", ["wrong", "x" * 500])
def test_a_wrong_link_shows_a_calm_page_without_figures(client: FlaskClient, token: str):
    page = client.get(f"/whiteboard/s/{token}")
    figures = client.get(f"/whiteboard/s/{token}/board.json")

    assert (page.status_code, figures.status_code) == (404, 404)
    assert "data-board-url" in page.text
    assert (figures.json["board"], figures.json["push_token"]) == (None, "")


@pytest.mark.parametrize("role", [Role.AGENT, Role.REVIEWER, Role.CLIENT])
def test_only_leaders_look_after_screens(client: FlaskClient, role: Role, screen: tuple[int, str]):
    person = as_role(client, role)

    assert person.get("/whiteboard/").status_code == 403
    assert person.get("/whiteboard/new").status_code == 403
    assert person.post(f"/whiteboard/{screen[0]}/link").status_code == 403
    assert person.post(f"/whiteboard/{screen[0]}/revoke").status_code == 403


def test_a_new_screens_link_is_shown_once_and_works(client: FlaskClient):
    leader = as_role(client, Role.SUPERVISOR)
    assert "No screen yet" in leader.get("/whiteboard/").text

    answer = leader.post("/whiteboard/new", name="Floor 2", locale="zh")
    assert answer.status_code == 303
    page = leader.get("/whiteboard/").text
    link = re.search(r'href="http://localhost(/whiteboard/s/[^"]+)"', page).group(1)

    assert client.get(link).status_code == 200
    assert link not in leader.get("/whiteboard/").text


def test_a_screen_without_a_name_is_asked_again_and_keeps_what_was_typed(client: FlaskClient):
    with transaction(), every_client():
        campaign_id = make_selling_campaign(name="Fibre 7").id

    answer = as_role(client, Role.MANAGER).post("/whiteboard/new", name=" ", campaign_ids=[campaign_id])

    assert answer.status_code == 422
    assert "Give the screen a name" in answer.text
    assert re.search(rf'value="{campaign_id}" checked', answer.text)
    assert db.session.query(Screen).count() == 0


@pytest.mark.parametrize(
    "wrong", [{"client_id": "99"}, {"campaign_ids": ["99"]}, {"team_id": "99"}, {"locale": "xx"}]
)
def test_what_cannot_be_chosen_is_refused(client: FlaskClient, wrong: dict):
    assert as_role(client, Role.MANAGER).post("/whiteboard/new", name="Floor 2", **wrong).status_code == 422


def test_taking_a_link_back_ends_it(client: FlaskClient, screen: tuple[int, str]):
    leader = as_role(client, Role.MANAGER)

    assert leader.post(f"/whiteboard/{screen[0]}/revoke").status_code == 303

    assert client.get(f"/whiteboard/s/{screen[1]}").status_code == 404
    assert "does not work any more" in leader.get("/whiteboard/").text


def test_a_new_link_replaces_the_old_one(client: FlaskClient, screen: tuple[int, str]):
    leader = as_role(client, Role.MANAGER)

    leader.post(f"/whiteboard/{screen[0]}/link")

    assert client.get(f"/whiteboard/s/{screen[1]}").status_code == 404
    assert "/whiteboard/s/" in leader.get("/whiteboard/").text


def test_a_clients_manager_sees_and_makes_screens_of_this_client_only(client: FlaskClient):
    with transaction():
        own, foreign = make_client().id, make_client().id
        mine, theirs = (
            make_screen(name="Ours", client_id=own)[0].id,
            make_screen(name="Theirs", client_id=foreign)[0].id,
        )
        make_screen(name="Everybody’s")
    leader = as_role(client, Role.MANAGER, client_id=own)

    page = leader.get("/whiteboard/").text
    assert "Ours" in page
    assert "Theirs" not in page
    assert "Everybody’s" not in page
    assert leader.post(f"/whiteboard/{theirs}/revoke").status_code == 404
    assert leader.post(f"/whiteboard/{mine}/revoke").status_code == 303
    assert leader.post("/whiteboard/new", name="All").status_code == 422
    assert leader.post("/whiteboard/new", name="All", client_id=foreign).status_code == 422
    assert leader.post("/whiteboard/new", name="Mine", client_id=own).status_code == 303


def test_a_demo_screen_is_marked(client: FlaskClient):
    with transaction():
        make_screen(is_demo=True)

    assert "Demo data" in as_role(client, Role.MANAGER).get("/whiteboard/").text


def test_the_hash_of_a_token_is_no_link(client: FlaskClient, screen: tuple[int, str]):
    assert client.get(f"/whiteboard/s/{service.hash_of(screen[1])}").status_code == 404
