import re
from dataclasses import replace

import pytest
from sqlalchemy import select

from telesales.access.roles import Role
from telesales.agents.models import Team, User
from telesales.agents.service import failures, sessions
from telesales.calls import floor
from telesales.extensions import db
from tests.actors import as_role
from tests.factories_agents import make_client, make_team, make_user
from tests.visiting import Visitor

ANA = {"name": "Ana", "email": "ana@example.com", "role": "agent"}


@pytest.fixture
def manager(client):
    return as_role(client, Role.MANAGER, name="Mia Manager")


def find_ana() -> User | None:
    return db.session.scalar(select(User).where(User.email == "ana@example.com"))


def test_added_person_gets_a_link_that_signs_them_in(manager, app):
    page = manager.post("/people/new", **ANA, daily_goal="6", hired_on="2026-11-02")

    link = re.search(r'value="http://localhost(/sign-in/[^"]+)"', page.text).group(1)
    ana = Visitor(app.test_client())
    assert find_ana().daily_goal == 6
    assert ana.send(link).status_code == 303
    assert "Ana" in ana.client.get("/account").text


def test_link_has_the_address_that_the_operator_stated(manager, app, monkeypatch):
    monkeypatch.setitem(
        app.config, "TELESALES", replace(app.config["TELESALES"], public_url="https://floor.example/")
    )

    page = manager.post("/people/new", **ANA)

    assert 'value="https://floor.example/sign-in/' in page.text


def test_bad_person_is_shown_again_with_what_was_typed(manager):
    response = manager.post("/people/new", **ANA | {"email": "ana", "daily_goal": "many"})

    assert response.status_code == 422
    assert 'value="many"' in response.text
    assert response.text.count("aria-invalid") == 2
    assert find_ana() is None


def test_address_that_is_taken_is_named_at_its_field(manager):
    make_user(email="ana@example.com")

    response = manager.post("/people/new", **ANA)

    assert response.status_code == 422
    assert "Somebody else has this e-mail address." in response.text


def test_manager_cannot_add_an_administrator(manager):
    assert manager.post("/people/new", **ANA | {"role": "administrator"}).status_code == 403
    assert find_ana() is None


def test_manager_sees_but_does_not_edit_an_administrator(manager):
    administrator = make_user(role=Role.ADMINISTRATOR, name="Root")
    path = f"/people/{administrator.id}"

    page = manager.get(path)

    assert page.status_code == 200
    assert "<form" not in page.text.split('id="main"')[1]
    assert manager.post(path, **ANA).status_code == 403
    assert manager.post(f"{path}/link").status_code == 403
    assert manager.post(f"{path}/sessions/revoke").status_code == 403


def test_person_is_edited(manager):
    agent, team = make_user(name="Anna"), make_team()

    response = manager.post(f"/people/{agent.id}", **ANA, team_id=team.id)

    assert response.status_code == 303
    assert (find_ana().name, find_ana().team_id) == ("Ana", team.id)


def test_deactivated_person_is_out_and_can_come_back(manager):
    agent = make_user()
    token = sessions.issue_session(agent.id)[1]

    manager.post(f"/people/{agent.id}/deactivate")
    assert sessions.find_session(token) is None
    assert not db.session.get(User, agent.id).is_active
    assert manager.post(f"/people/{agent.id}/link").status_code == 409

    manager.post(f"/people/{agent.id}/reactivate")
    assert db.session.get(User, agent.id).is_active


def test_manager_ends_the_waiting(manager):
    agent = make_user(email="ana@example.com")
    for _ in range(5):
        failures.count_failure("ana@example.com")
    assert "waits until" in manager.get("/people").text

    manager.post(f"/people/{agent.id}/unlock")

    assert failures.locked_until("ana@example.com") is None


def test_manager_signs_one_browser_of_a_person_out(manager):
    agent = make_user()
    (row, token), (_other, kept) = sessions.issue_session(agent.id), sessions.issue_session(agent.id)
    db.session.flush()

    manager.post(f"/people/{agent.id}/sessions/{row.id}/revoke")

    assert sessions.find_session(token) is None
    assert sessions.find_session(kept)


def test_session_of_somebody_else_is_not_reached_through_a_person(manager):
    agent, other = make_user(), make_user(role=Role.ADMINISTRATOR)
    row, token = sessions.issue_session(other.id)
    db.session.flush()

    assert manager.post(f"/people/{agent.id}/sessions/{row.id}/revoke").status_code == 404
    assert sessions.find_session(token)


def test_people_are_found_by_text_role_team_and_state(manager):
    team = make_team()
    make_user(name="Ana Team", team_id=team.id)
    make_user(name="Omar Reviewer", role=Role.REVIEWER)
    make_user(name="Gone Away", is_active=False)

    def names(query: str) -> set[str]:
        page = manager.get(f"/people?{query}").text
        return {name for name in ("Ana Team", "Omar Reviewer", "Gone Away") if name in page}

    assert names("") == {"Ana Team", "Omar Reviewer"}
    assert names("text=ana+t") == {"Ana Team"}
    assert names("role=reviewer") == {"Omar Reviewer"}
    assert names(f"team_id={team.id}") == {"Ana Team"}
    assert names("active=no") == {"Gone Away"}
    assert names("text=%25") == set()


def test_manager_of_one_client_sees_its_people_only(client):
    mine, theirs = make_client(), make_client()
    make_user(name="Ana Mine", client_id=mine.id)
    stranger = make_user(name="Omar Theirs", client_id=theirs.id)
    manager = as_role(client, Role.MANAGER, client_id=mine.id)

    page = manager.get("/people").text

    assert "Ana Mine" in page
    assert "Omar Theirs" not in page
    assert manager.get(f"/people/{stranger.id}").status_code == 404
    assert manager.post(f"/people/{stranger.id}/link").status_code == 404


@pytest.mark.parametrize("path", ["/teams", "/settings", "/clients"])
def test_pages_of_the_whole_centre_are_closed_to_managers_of_one_client(client, path):
    mine = make_client()

    assert as_role(client, Role.MANAGER, client_id=mine.id).get(path).status_code == 403


def test_team_gets_its_members_and_they_leave_their_former_team(manager):
    old, agent = make_team(), make_user()
    agent.team_id = old.id
    supervisor = make_user(role=Role.SUPERVISOR)
    manager.post("/teams", name="North", supervisor_id=supervisor.id)
    team = db.session.scalar(select(Team).where(Team.name == "North"))

    response = manager.post(f"/teams/{team.id}", name="South", members=[agent.id])

    assert response.status_code == 303
    assert (team.name, team.supervisor_id) == ("South", None)
    assert db.session.get(User, agent.id).team_id == team.id


def test_agent_cannot_supervise_a_team(manager):
    response = manager.post("/teams", name="North", supervisor_id=make_user().id)

    assert response.status_code == 422
    assert "Choose a supervisor or a manager." in response.text


def test_deactivated_agent_leaves_the_floor_at_once(manager):
    agent = make_user()
    floor.sign_on(agent.id, 7)

    manager.post(f"/people/{agent.id}/deactivate")

    assert floor.campaign_of(agent.id) is None
