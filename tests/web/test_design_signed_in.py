"""The frame of a page for somebody who is signed in."""

from flask.testing import FlaskClient

from telesales.access.roles import Role
from tests.actors import as_role


def test_a_signed_in_person_sees_their_name_and_role(client: FlaskClient):
    page = as_role(client, Role.SUPERVISOR, name="李娜").get("/nowhere", headers={"Accept": "text/html"}).text

    assert "李娜" in page
    assert "Supervisor" in page
    assert 'name="push-url"' in page
