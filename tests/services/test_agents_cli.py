import re

import pytest

from telesales.access.roles import Role
from telesales.agents.service import links
from telesales.agents.service.sign_in import find_user_by_email
from telesales.extensions import db
from tests.factories_agents import make_user


@pytest.fixture
def run(app):
    runner = app.test_cli_runner()

    def people(*words: str):
        db.session.commit()
        return runner.invoke(args=["people", *words])

    return people


def token_in(output: str) -> str:
    return re.search(r"http://\S+/sign-in/(\S+)", output).group(1)


def test_added_person_gets_a_link(run):
    result = run("add", "Root@example.com", "--name", "Root", "--role", "administrator")

    assert links.find_link(token_in(result.output)).user.email == "root@example.com"
    assert find_user_by_email("root@example.com").role == Role.ADMINISTRATOR


def test_link_is_made_for_somebody_who_is_here(run):
    make_user(email="ana@example.com")

    assert links.find_link(token_in(run("link", "ana@example.com").output))


def test_unknown_address_is_said(run):
    result = run("link", "nobody@example.com")

    assert result.exit_code == 1
    assert "nobody@example.com" in result.output


def test_taken_address_is_said(run):
    make_user(email="ana@example.com")

    assert run("add", "ana@example.com", "--name", "Ana").exit_code == 1


def test_list_leaves_out_who_was_deactivated(run):
    make_user(email="ana@example.com")
    make_user(email="gone@example.com", is_active=False)

    assert "gone@" not in run("list").output
    assert "gone@" in run("list", "--all").output
