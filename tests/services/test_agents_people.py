import pytest
from sqlalchemy import select

from telesales.access.roles import Role
from telesales.agents.service import links, people, sessions
from telesales.agents.service.people import PersonFacts
from telesales.audit.models import AuditEntry
from telesales.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError
from telesales.extensions import db
from tests.factories_agents import make_client, make_user

pytestmark = pytest.mark.usefixtures("app")


def facts(**changed) -> PersonFacts:
    return PersonFacts(**{"email": "Ana@Example.com ", "name": "Ana", "role": Role.AGENT, **changed})


def actions() -> list[str]:
    return list(db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))


def test_added_person_keeps_the_address_in_lower_case():
    manager = make_user(role=Role.MANAGER)

    user = people.add_person(facts(), by=manager)

    assert user.email == "ana@example.com"
    assert actions() == ["person.added"]


def test_two_people_cannot_have_one_address():
    make_user(email="ana@example.com")

    with pytest.raises(InvalidInputError) as refusal:
        people.add_person(facts(), by=make_user(role=Role.MANAGER))

    assert set(refusal.value.fields) == {"email"}


def test_client_reader_needs_a_client():
    with pytest.raises(InvalidInputError) as refusal:
        people.add_person(facts(role=Role.CLIENT), by=make_user(role=Role.MANAGER))

    assert set(refusal.value.fields) == {"client_id"}


def test_manager_cannot_make_an_administrator():
    with pytest.raises(ForbiddenError):
        people.add_person(facts(role=Role.ADMINISTRATOR), by=make_user(role=Role.MANAGER))


def test_manager_cannot_promote_anybody_to_administrator():
    agent = make_user()

    with pytest.raises(ForbiddenError):
        people.edit_person(agent, facts(role=Role.ADMINISTRATOR), by=make_user(role=Role.MANAGER))


@pytest.mark.parametrize(
    "verb", [people.deactivate_person, people.unlock_person, people.invite, people.sign_out_everywhere]
)
def test_manager_cannot_touch_an_administrator(verb):
    administrator = make_user(role=Role.ADMINISTRATOR)

    with pytest.raises(ForbiddenError):
        verb(administrator, by=make_user(role=Role.MANAGER))


def test_manager_of_one_client_does_not_see_people_of_another():
    mine, theirs = make_client(), make_client()
    manager = make_user(role=Role.MANAGER, client_id=mine.id)

    with pytest.raises(NotFoundError):
        people.edit_person(make_user(client_id=theirs.id), facts(), by=manager)


def test_manager_of_one_client_cannot_give_away_the_whole_centre():
    client = make_client()
    manager = make_user(role=Role.MANAGER, client_id=client.id)

    with pytest.raises(InvalidInputError):
        people.add_person(facts(role=Role.MANAGER), by=manager)
    with pytest.raises(InvalidInputError):
        people.edit_person(make_user(client_id=client.id), facts(), by=manager)


def test_last_administrator_cannot_be_demoted():
    administrator, other = make_user(role=Role.ADMINISTRATOR), make_user(role=Role.ADMINISTRATOR)
    people.deactivate_person(other, by=administrator)

    with pytest.raises(ConflictError):
        people.edit_person(administrator, facts(role=Role.MANAGER), by=other)


def test_nobody_deactivates_themselves():
    administrator = make_user(role=Role.ADMINISTRATOR)
    make_user(role=Role.ADMINISTRATOR)

    with pytest.raises(ConflictError):
        people.deactivate_person(administrator, by=administrator)


def test_nobody_changes_their_own_role():
    administrator = make_user(role=Role.ADMINISTRATOR)
    make_user(role=Role.ADMINISTRATOR)

    with pytest.raises(InvalidInputError) as refusal:
        people.edit_person(administrator, facts(role=Role.MANAGER), by=administrator)

    assert set(refusal.value.fields) == {"role"}


def test_deactivation_ends_sessions_and_links():
    agent, manager = make_user(), make_user(role=Role.MANAGER)
    _row, token = sessions.issue_session(agent.id)
    link = links.create_sign_in_link(agent)

    people.deactivate_person(agent, by=manager)
    people.reactivate_person(agent, by=manager)

    assert sessions.find_session(token) is None
    assert links.find_link(link) is None


def test_edit_tells_the_audit_trail_what_was_before():
    agent = make_user(name="Anna", email="ana@example.com")

    people.edit_person(agent, facts(daily_goal=6), by=make_user(role=Role.MANAGER))

    entry = db.session.scalars(select(AuditEntry)).one()
    assert entry.details["changes"] == {"name": ["Anna", "Ana"], "daily_goal": [None, 6]}


def test_edit_without_a_change_leaves_no_trace():
    agent = make_user(name="Ana", email="ana@example.com")

    people.edit_person(agent, facts(), by=make_user(role=Role.MANAGER))

    assert actions() == []
