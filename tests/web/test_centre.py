import pytest

from telesales import clock
from telesales.access.roles import PEOPLE, Role
from telesales.calls.models import CallAttempt
from telesales.centre import service
from telesales.centre.models import CentreSettings
from telesales.centre.service import CentreFacts
from telesales.centre.signals import demo_wanted
from telesales.extensions import db, transaction
from telesales.tenancy.models import Client
from telesales.tenancy.scope import every_client
from tests.actors import as_role
from tests.factories_agents import make_client
from tests.factories_calls import make_attempt

ANSWERS = {"name": "Nordlicht", "locale": "zh", "time_zone": "Asia/Shanghai", "currency": "CNY"}


def test_first_administrator_is_asked_three_questions(client):
    administrator = as_role(client, Role.ADMINISTRATOR)

    assert administrator.get("/").location == "/first-minutes"


def test_answers_are_kept_and_open_the_house(client):
    administrator = as_role(client, Role.ADMINISTRATOR)

    response = administrator.post("/first-minutes", **ANSWERS, floor="empty")

    row = db.session.get(CentreSettings, 1)
    assert (response.status_code, response.location) == (303, "/")
    assert (row.name, row.locale, row.time_zone, row.currency) == tuple(ANSWERS.values())
    assert row.set_up_at
    page = administrator.get("/")
    assert page.status_code == 200
    assert 'href="/people"' in page.text


def test_demo_is_wanted_when_it_is_chosen(client):
    wanted = []
    remember = lambda _sender: wanted.append(True)  # noqa: E731 - blinker keeps it weakly
    demo_wanted.connect(remember)
    try:
        as_role(client, Role.ADMINISTRATOR).post("/first-minutes", **ANSWERS, floor="demo")
    finally:
        demo_wanted.disconnect(remember)

    assert wanted == [True]


def test_bad_answers_are_shown_again_with_what_was_typed(client):
    administrator = as_role(client, Role.ADMINISTRATOR)

    response = administrator.post("/first-minutes", **ANSWERS | {"currency": "XXX"})

    assert response.status_code == 422
    assert 'value="Nordlicht"' in response.text
    assert db.session.get(CentreSettings, 1) is None


def test_set_up_twice_keeps_the_first_date(app):
    first = service.set_up(CentreFacts(**ANSWERS)).set_up_at

    assert service.set_up(CentreFacts(**ANSWERS)).set_up_at == first


def test_settings_change_the_name_on_every_page(client):
    manager = as_role(client, Role.MANAGER)

    manager.post("/settings", **ANSWERS | {"locale": "en"}, mission="We ask first")

    page = manager.get("/account").text
    assert "Nordlicht" in page
    assert "We ask first" in page


@pytest.mark.parametrize(("chosen", "shown"), [("hidden", False), ("shown", True), ("", True)])
def test_settings_say_whether_desks_show_who_listens(client, chosen, shown):
    manager = as_role(client, Role.MANAGER)

    manager.post("/settings", **ANSWERS | {"locale": "en"}, listeners=chosen)

    assert db.session.get(CentreSettings, 1).shows_listeners is shown
    assert 'name="listeners"' in manager.get("/settings").text


@pytest.mark.parametrize("role", [role for role in PEOPLE if role is not Role.ADMINISTRATOR])
def test_home_answers_everybody(client, role):
    owner = make_client()

    page = as_role(client, role, client_id=owner.id if role is Role.CLIENT else None).get("/")

    assert page.status_code in (200, 302)
    assert page.location in (None, "/desk", "/desk/")


def test_home_reminds_whoever_has_no_password(client):
    assert "/account/password" in as_role(client, Role.REVIEWER).get("/").text


def test_home_says_to_a_client_that_there_is_nothing_to_see_yet(client):
    owner = make_client(name="North Fibre")

    page = as_role(client, Role.CLIENT, client_id=owner.id).get("/").text

    assert "You are signed in for North Fibre." in page
    assert "There are no pages for clients yet" in page


def test_way_to_the_first_call_goes_with_the_first_call(client):
    manager = as_role(client, Role.MANAGER)
    with every_client(), transaction():
        waiting = make_attempt()
    assert "On the way to the first call" in manager.get("/").text

    with every_client(), transaction():
        db.session.get_one(CallAttempt, waiting.id).originating_at = clock.now()

    assert "On the way to the first call" not in manager.get("/").text


def test_way_to_the_first_call_stays_where_no_call_of_the_reader_was_placed(client):
    with every_client(), transaction():
        make_attempt(originating_at=clock.now())

    page = as_role(client, Role.MANAGER, client_id=make_client().id).get("/").text

    assert "On the way to the first call" in page


def test_client_is_added_and_renamed(client):
    manager = as_role(client, Role.MANAGER)
    manager.post("/clients", name="Acme")
    acme = db.session.query(Client).one()

    manager.post(f"/clients/{acme.id}", name="Acme Fibre")

    assert db.session.get(Client, acme.id).name == "Acme Fibre"


def test_two_clients_cannot_have_one_name(client):
    make_client(name="Acme")

    response = as_role(client, Role.MANAGER).post("/clients", name="Acme")

    assert response.status_code == 422
    assert "Another client has this name." in response.text


def test_a_client_for_practice_is_marked_as_such(client) -> None:
    manager = as_role(client, Role.MANAGER)

    manager.post("/clients", name="Practice", is_practice="1")

    assert db.session.query(Client).filter_by(name="Practice").one().is_demo
