from datetime import UTC, datetime, timedelta

import pytest
from argon2 import PasswordHasher

from telesales import clock
from telesales.agents.jobs import forget_old_sign_ins
from telesales.agents.models import SignInSession
from telesales.agents.service import failures, links, passwords, sessions, sign_in
from telesales.agents.service.sessions import Browser
from telesales.agents.service.sign_in import Accepted, Refused
from telesales.extensions import db
from tests.factories_agents import PASSWORD, make_user

pytestmark = pytest.mark.usefixtures("app")
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def fail(email: str, times: int = 1) -> Refused:
    answers = [sign_in.check_sign_in(email, "wrong and wrong") for _ in range(times)]
    return answers[-1]


def test_password_signs_in_whatever_the_case_of_the_address():
    user = make_user(email="ana@example.com", password=PASSWORD)

    assert sign_in.check_sign_in(" Ana@EXAMPLE.com", PASSWORD) == Accepted(user.id, None)


def test_deactivated_person_is_refused_like_a_stranger():
    make_user(email="ana@example.com", password=PASSWORD, is_active=False)

    assert sign_in.check_sign_in("ana@example.com", PASSWORD) == Refused()


def test_person_without_a_password_cannot_sign_in_with_the_empty_one():
    make_user(email="ana@example.com")

    assert sign_in.check_sign_in("ana@example.com", "") == Refused()


@pytest.mark.parametrize("email", ["ana@example.com", "nobody@example.com"])
def test_fifth_failure_makes_sign_in_wait_whether_or_not_anybody_has_the_address(email):
    make_user(email="ana@example.com", password=PASSWORD)

    with clock.freeze(NOW):
        assert fail(email, 4) == Refused()
        assert fail(email) == Refused(NOW + timedelta(minutes=1), has_just_begun_to_wait=True)
        assert fail(email) == Refused(NOW + timedelta(minutes=1))


def test_right_password_waits_too():
    make_user(email="ana@example.com", password=PASSWORD)
    with clock.freeze(NOW):
        fail("ana@example.com", 5)

        assert sign_in.check_sign_in("ana@example.com", PASSWORD) == Refused(NOW + timedelta(minutes=1))


def test_wait_grows_with_the_next_failure_and_ends_with_a_success():
    user = make_user(email="ana@example.com", password=PASSWORD)
    with clock.freeze(NOW):
        fail("ana@example.com", 5)
    later = NOW + timedelta(minutes=1)
    with clock.freeze(later):
        assert fail("ana@example.com").until == later + timedelta(minutes=5)
    with clock.freeze(later + timedelta(minutes=5)):
        assert sign_in.check_sign_in("ana@example.com", PASSWORD) == Accepted(user.id, None)
        assert fail("ana@example.com") == Refused()


def test_hash_with_old_parameters_is_made_anew():
    old = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1).hash(PASSWORD)
    make_user(email="ana@example.com", password_hash=old)

    answer = sign_in.check_sign_in("ana@example.com", PASSWORD)

    assert answer.new_hash
    assert passwords.is_password(answer.new_hash, PASSWORD)
    assert not passwords.needs_rehash(answer.new_hash)


def test_unknown_address_costs_the_same_hashing(monkeypatch):
    compared = []
    is_password = passwords.is_password
    monkeypatch.setattr(
        passwords, "is_password", lambda *words: compared.append(words) or is_password(*words)
    )

    sign_in.check_sign_in("nobody@example.com", PASSWORD)

    assert compared == [("", PASSWORD)]
    assert not is_password("", "nobody has this password")


def test_password_typed_on_another_keyboard_is_the_same():
    kept = passwords.hash_password("caf\u00e9 au lait \u2460")

    assert passwords.is_password(kept, "cafe\u0301 au lait 1")


def test_database_keeps_only_hashes_of_tokens():
    user = make_user()
    session, token = sessions.open_session(user, Browser("Firefox/1", "192.0.2.1"), by="password")
    link = links.create_sign_in_link(user)
    db.session.flush()

    assert token not in session.token_hash
    assert link not in links.find_link(link).token_hash
    assert len(session.token_hash) == 64


def test_session_ends_after_twelve_idle_hours():
    with clock.freeze(NOW):
        _row, token = sessions.issue_session(make_user().id)
        db.session.flush()
    with clock.freeze(NOW + timedelta(hours=11)):
        assert sessions.find_session(token)
    with clock.freeze(NOW + timedelta(hours=12)):
        assert sessions.find_session(token) is None


def test_session_ends_after_seven_days_even_in_use():
    with clock.freeze(NOW):
        row, token = sessions.issue_session(make_user().id)
        db.session.flush()
    with clock.freeze(NOW + timedelta(days=7)):
        sessions.note_seen(row.id)
        db.session.expire_all()

        assert sessions.find_session(token) is None


def test_sign_ins_that_ended_a_month_ago_are_forgotten():
    with clock.freeze(NOW):
        user = make_user()
        old = sessions.issue_session(user.id)[0]
        db.session.flush()
        old_id = old.id
        old_link = links.create_sign_in_link(user)
    with clock.freeze(NOW + timedelta(days=38)):
        _row, token = sessions.issue_session(user.id)
        link = links.create_sign_in_link(user)

        assert forget_old_sign_ins() == 2
        assert sessions.find_session(token)
        assert links.find_link(link)
    assert old_link
    assert db.session.get(SignInSession, old_id) is None


def test_link_works_once():
    user = make_user()
    token = links.create_sign_in_link(user)

    assert links.use_link(token) is user
    with pytest.raises(links.LinkSpentError):
        links.use_link(token)


def test_link_expires():
    user = make_user()
    with clock.freeze(NOW):
        token = links.create_sign_in_link(user, minutes=60)
    with clock.freeze(NOW + timedelta(minutes=60)), pytest.raises(links.LinkSpentError):
        links.use_link(token)


def test_link_ends_the_waiting_of_its_person():
    user = make_user(email="ana@example.com", password=PASSWORD)
    fail("ana@example.com", 5)

    links.use_link(links.create_sign_in_link(user))

    assert failures.locked_until("ana@example.com") is None
