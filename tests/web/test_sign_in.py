from datetime import timedelta

import pytest
from argon2.exceptions import VerificationError
from sqlalchemy import insert, select

from telesales import clock
from telesales.access.limits import limiter
from telesales.access.roles import Role
from telesales.agents import sessions
from telesales.agents.models import SignInSession
from telesales.agents.service import links, passwords
from telesales.audit.models import AuditEntry
from telesales.extensions import db
from telesales.tenancy.models import Client
from tests.actors import as_role, as_user
from tests.factories_agents import PASSWORD, make_user
from tests.visiting import Visitor

STRANGER = "nobody@example.com"


@pytest.fixture
def visitor(client) -> Visitor:
    return Visitor(client)


@pytest.fixture
def limits():
    limiter.enabled = True
    limiter.reset()
    yield
    limiter.enabled = False


def test_password_signs_in_and_leads_to_the_page_that_was_asked_for(visitor):
    make_user(email="ana@example.com", password=PASSWORD)

    response = visitor.sign_in("ana@example.com", next="/account")

    assert (response.status_code, response.location) == (303, "/account")
    assert visitor.client.get("/account").status_code == 200


def test_sign_in_does_not_lead_to_another_site(visitor):
    make_user(email="ana@example.com", password=PASSWORD)

    assert visitor.sign_in("ana@example.com", next="//evil.example/").location == "/"


def test_stranger_and_wrong_password_get_the_same_answer(visitor):
    make_user(email="ana@example.com", password=PASSWORD)

    wrong = visitor.sign_in("ana@example.com", "wrong and wrong")
    unknown = visitor.sign_in(STRANGER, "wrong and wrong")

    assert wrong.status_code == unknown.status_code == 422
    assert visible(wrong).replace("ana@example.com", STRANGER) == visible(unknown)


def visible(response) -> str:
    lines = response.text.splitlines()
    return "\n".join(line for line in lines if "csrf" not in line)


@pytest.mark.parametrize("email", ["ana@example.com", STRANGER])
def test_sixth_try_says_how_long_to_wait_and_keeps_the_address(visitor, email):
    make_user(email="ana@example.com", password=PASSWORD)
    for _ in range(5):
        visitor.sign_in(email, "wrong and wrong")

    response = visitor.sign_in(email)

    assert response.status_code == 429
    assert "Try again in one minute" in response.text
    assert f'value="{email}"' in response.text


def test_waiting_is_audited_once(visitor):
    make_user(email="ana@example.com", password=PASSWORD)
    for _ in range(7):
        visitor.sign_in("ana@example.com", "wrong and wrong")

    paused = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "sign_in.paused")).all()
    assert [entry.details["email"] for entry in paused] == ["ana@example.com"]


def test_checking_a_password_does_not_hold_the_write_lock(visitor, monkeypatch):
    """On SQLite the whole floor would wait for each password."""
    written = []

    class Hasher:
        def verify(self, *_words) -> bool:
            with db.engine.begin() as connection:
                connection.execute(
                    insert(Client).values(name="Meanwhile", is_demo=False, created_at=clock.now())
                )
            written.append(True)
            raise VerificationError

    monkeypatch.setattr(passwords, "hasher", Hasher())
    make_user(email="ana@example.com", password_hash="some hash")

    assert visitor.sign_in("ana@example.com").status_code == 422
    assert written == [True]


def test_password_is_never_sent_back(visitor):
    assert "wrong and wrong" not in visitor.sign_in(STRANGER, "wrong and wrong").text


def test_an_address_is_stopped_after_thirty_failures_a_minute(visitor, limits):
    answers = [visitor.sign_in(f"person{number}@example.com", "no").status_code for number in range(31)]

    assert answers == [422] * 30 + [429]


def test_an_account_is_stopped_after_ten_failures_a_minute_from_anywhere(app, limits):
    visitors = [Visitor(app.test_client()) for _ in range(11)]
    addresses = [{"REMOTE_ADDR": f"192.0.2.{number}"} for number in range(11)]
    for visitor, address in zip(visitors, addresses, strict=True):
        visitor.client.environ_base.update(address)

    answers = [visitor.sign_in(STRANGER, "no") for visitor in visitors]

    assert "Too Many Requests" not in answers[9].text
    assert answers[10].status_code == 429
    assert "Try again in" not in answers[10].text


def test_successful_sign_ins_are_not_limited(app, limits):
    make_user(email="ana@example.com", password=PASSWORD)

    answers = {Visitor(app.test_client()).sign_in("ana@example.com").status_code for _ in range(12)}

    assert answers == {303}


def test_sign_in_gives_the_browser_a_new_session(visitor):
    make_user(email="ana@example.com", password=PASSWORD)
    with visitor.client.session_transaction() as planted:
        planted["token"] = "known to the attacker"
        planted["planted"] = "value"
    visitor.sign_in("ana@example.com")
    cookie = visitor.cookie()

    assert cookie["token"] != "known to the attacker"
    assert "planted" not in cookie


def test_second_sign_in_ends_the_first_session_of_the_browser(visitor):
    make_user(email="ana@example.com", password=PASSWORD)
    visitor.sign_in("ana@example.com")
    first = visitor.cookie()["token"]
    visitor.client.post("/sign-in", data={})
    token = visitor.client.get("/account").text.split('csrf-token" content="')[1].split('"')[0]
    visitor.client.post(
        "/sign-in", data={"csrf_token": token, "email": "ana@example.com", "password": PASSWORD}
    )

    assert visitor.cookie()["token"] != first
    open_sessions = select(SignInSession).where(SignInSession.revoked_at.is_(None))
    assert len(db.session.scalars(open_sessions).all()) == 1


def test_cookie_is_out_of_reach_of_scripts_and_other_sites(visitor):
    make_user(email="ana@example.com", password=PASSWORD)

    header = visitor.sign_in("ana@example.com").headers["Set-Cookie"]

    assert "HttpOnly" in header
    assert "SameSite=Lax" in header


def test_sign_out_ends_the_session_on_the_server(client):
    actor = as_role(client, Role.AGENT)
    with client.session_transaction() as cookie:
        token = cookie["token"]

    response = actor.post("/sign-out")

    assert response.status_code == 303
    row = db.session.scalars(select(SignInSession)).one()
    assert row.revoked_at
    assert row.token_hash == sessions.sessions.hash_of(token)


def test_post_without_the_token_of_the_form_is_refused(client):
    actor = as_role(client, Role.MANAGER)

    assert client.post("/sign-out").status_code == 400
    assert client.post("/people/new", data={"name": "x"}).status_code == 400
    assert actor.get("/account").status_code == 200


def test_opening_a_link_does_not_spend_it(visitor):
    token = links.create_sign_in_link(make_user())

    first = visitor.client.get(f"/sign-in/{token}")
    second = visitor.client.get(f"/sign-in/{token}")

    assert first.status_code == second.status_code == 200
    assert "data-submit-now" in second.text


def test_link_signs_in_once_and_offers_a_password(visitor):
    token = links.create_sign_in_link(make_user())

    response = visitor.send(f"/sign-in/{token}")
    again = Visitor(visitor.client.application.test_client()).client.get(f"/sign-in/{token}")

    assert response.status_code == 303
    assert response.location.startswith("/account/password")
    assert again.status_code == 410


def test_link_of_a_person_with_a_password_leads_home(visitor):
    token = links.create_sign_in_link(make_user(password=PASSWORD))

    assert visitor.send(f"/sign-in/{token}").location == "/"


def test_invented_link_is_told_apart_from_nothing(visitor):
    assert visitor.client.get("/sign-in/invented").status_code == 410


def test_link_does_not_let_in_whoever_is_deactivated(visitor):
    user = make_user(is_active=False)
    token = links.create_sign_in_link(user)

    assert visitor.client.get(f"/sign-in/{token}").status_code == 410


def test_deactivated_person_is_out_at_the_next_click(client):
    user = make_user()
    actor = as_user(client, user)
    assert actor.get("/account").status_code == 200
    user.is_active = False

    response = actor.get("/account", headers={"Accept": "text/html"})

    assert (response.status_code, response.location) == (302, "/sign-in?next=/account")


def test_reading_pages_notes_the_last_visit_at_most_once_a_minute(client):
    actor = as_role(client, Role.AGENT)
    began = clock.now()
    seen = []
    for seconds in (30, 61, 90, 122):
        with clock.freeze(began + timedelta(seconds=seconds)):
            actor.get("/account")
        seen.append(db.session.scalars(select(SignInSession.last_seen_at)).one() - began)
        db.session.rollback()

    assert [round(passed.total_seconds()) for passed in seen] == [0, 61, 61, 122]


def test_language_is_chosen_before_sign_in_and_stays_afterwards(visitor):
    make_user(email="ana@example.com", password=PASSWORD)

    response = visitor.send("/sign-in", "/language", language="zh", next="/sign-in")

    assert (response.status_code, response.location) == (303, "/sign-in")
    assert '<html lang="zh-Hans"' in visitor.client.get("/sign-in").text
    visitor.sign_in("ana@example.com")
    assert '<html lang="zh-Hans"' in visitor.client.get("/account").text


def test_first_password_shows_the_way_home(client):
    user = make_user()
    actor = as_user(client, user)

    response = actor.post("/account/password", password=PASSWORD, first="1")

    assert (response.status_code, response.location) == (303, "/")
