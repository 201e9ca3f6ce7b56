"""Somebody at a browser who is not signed in yet."""

import re

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.factories_agents import PASSWORD

_TOKEN = re.compile(r'name="csrf-token" content="([^"]+)"')


class Visitor:
    """Reads a page's form before sending it, as browsers do."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def send(self, page: str, to: str | None = None, **form) -> TestResponse:
        """Open `page` and send its form to `to`."""
        token = _TOKEN.search(self.client.get(page).text).group(1)
        return self.client.post(to or page, data={"csrf_token": token, **form})

    def sign_in(self, email: str, password: str = PASSWORD, **form) -> TestResponse:
        return self.send("/sign-in", email=email, password=password, **form)

    def cookie(self) -> dict:
        with self.client.session_transaction() as cookie:
            return dict(cookie)
