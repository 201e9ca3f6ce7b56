from sqlalchemy import select

from telesales.access.roles import Role
from telesales.agents.models import SignInSession, User
from telesales.agents.service import passwords, sessions
from telesales.extensions import db
from tests.actors import as_role, as_user
from tests.factories_agents import PASSWORD, make_user

NEW = "nine quiet harbours"


def kept_hash(user_id: int) -> str:
    return db.session.get(User, user_id).password_hash


def test_account_keeps_name_language_zone_and_colours(client):
    actor = as_role(client, Role.AGENT)

    response = actor.post(
        "/account", name="李娜", latin_name="Li Na", locale="zh", time_zone="Asia/Shanghai", theme="dark"
    )

    user = db.session.get(User, actor.user_id)
    assert response.status_code == 303
    assert (user.name, user.locale, user.time_zone, user.theme) == ("李娜", "zh", "Asia/Shanghai", "dark")
    assert client.get_cookie("theme").value == "dark"


def test_keys_of_one_sign_are_on_until_somebody_turns_them_off(client):
    actor = as_role(client, Role.SUPERVISOR)
    assert 'data-keys="off"' not in actor.get("/account").text

    actor.post("/account", name="Kim Park")

    assert db.session.get(User, actor.user_id).letter_keys is False
    page = actor.get("/account").text
    assert 'data-keys="off"' in page
    assert "Keys are off" in page
    actor.post("/account", name="Kim Park", letter_keys="1")
    assert 'data-keys="off"' not in actor.get("/account").text


def test_bad_account_is_shown_again_with_what_was_typed(client):
    actor = as_role(client, Role.AGENT)

    response = actor.post("/account", name="", latin_name="Li Na", time_zone="Mars/Olympus")

    assert response.status_code == 422
    assert 'value="Li Na"' in response.text
    assert "Europe/Berlin" in response.text


def test_password_change_asks_for_the_old_one(client):
    actor = as_role(client, Role.AGENT, password=PASSWORD)

    response = actor.post("/account/password", current="wrong and wrong", password=NEW)

    assert response.status_code == 422
    assert passwords.is_password(kept_hash(actor.user_id), PASSWORD)


def test_password_change_signs_other_browsers_out_and_keeps_this_one(client):
    user = make_user(password=PASSWORD)
    _row, elsewhere = sessions.issue_session(user.id)
    actor = as_user(client, user)

    response = actor.post("/account/password", current=PASSWORD, password=NEW)

    assert response.status_code == 303
    assert passwords.is_password(kept_hash(actor.user_id), NEW)
    assert sessions.find_session(elsewhere) is None
    db.session.rollback()
    assert actor.get("/account").status_code == 200


def test_weak_password_is_refused_with_the_reason(client):
    actor = as_role(client, Role.AGENT)

    response = actor.post("/account/password", password="passwordpassword")

    assert response.status_code == 422
    assert "Many people use this password" in response.text
    assert kept_hash(actor.user_id) == ""


def test_whoever_came_by_link_sets_a_password_without_the_old_one(client):
    actor = as_role(client, Role.AGENT, password=PASSWORD)
    db.session.scalars(select(SignInSession)).one().opened_by = "link"

    assert actor.post("/account/password", password=NEW).status_code == 303


def test_own_browsers_can_be_signed_out_one_by_one(client):
    user = make_user()
    row, token = sessions.issue_session(user.id, user_agent="Mozilla/5.0 (X11; Linux) Firefox/130.0")
    actor = as_user(client, user)
    assert "Firefox on Linux" in actor.get("/account").text

    response = actor.post(f"/account/sessions/{row.id}/revoke")

    assert response.status_code == 303
    assert sessions.find_session(token) is None


def test_browsers_of_others_cannot_be_signed_out(client):
    row, token = sessions.issue_session(make_user().id)
    db.session.commit()
    actor = as_role(client, Role.MANAGER)

    assert actor.post(f"/account/sessions/{row.id}/revoke").status_code == 404
    assert sessions.find_session(token)


def test_all_other_browsers_can_be_signed_out_at_once(client):
    user = make_user()
    tokens = [sessions.issue_session(user.id)[1] for _ in range(3)]
    actor = as_user(client, user)

    actor.post("/account/sessions/revoke-others")

    assert [sessions.find_session(token) for token in tokens] == [None] * 3
    db.session.rollback()
    assert actor.get("/account").status_code == 200
