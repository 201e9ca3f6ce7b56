"""People in tests: objects whose methods are what people do in a browser."""

import re

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from telesales.access.roles import Role
from telesales.agents import sessions
from telesales.agents.models import User
from telesales.extensions import transaction
from tests.factories import make_user

_TOKEN = re.compile(r'name="csrf-token" content="([^"]+)"')


class Actor:
    """Somebody at a browser, signed in."""

    def __init__(self, client: FlaskClient, user: User) -> None:
        self.client, self.user, self.user_id = client, user, user.id
        self._csrf = ""

    def get(self, path: str, **options) -> TestResponse:
        return self.client.get(path, **options)

    def post(self, path: str, *, json: object = None, headers: dict | None = None, **form) -> TestResponse:
        """Post a form (keyword arguments) or JSON with the page's CSRF token."""
        sent = {"X-CSRFToken": self.csrf(), **(headers or {})}
        if json is not None:
            return self.client.post(path, json=json, headers=sent)
        return self.client.post(path, data=form, headers=sent)

    def csrf(self) -> str:
        if not self._csrf:
            page = self.client.get("/a-page-that-is-not-there", headers={"Accept": "text/html"})
            self._csrf = _TOKEN.search(page.text).group(1)
        return self._csrf


def as_user(client: FlaskClient, user: User) -> Actor:
    """Sign a person in without the form."""
    with transaction():
        token = sessions.issue_session(user.id)[1]
    with client.session_transaction() as cookie:
        cookie.clear()
        cookie[sessions.COOKIE_KEY] = token
    return Actor(client, user)


def as_role(client: FlaskClient, role: Role, **person) -> Actor:
    """Sign in somebody new with this role."""
    with transaction():
        user = make_user(role=role, **person)
    return as_user(client, user)
