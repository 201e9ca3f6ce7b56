"""The test's browser. Each request has its own context, as it has in the web server."""

import contextlib
from collections.abc import Iterator
from typing import Any

from flask.sessions import SessionMixin
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from telesales.extensions import db


class Browser(FlaskClient):
    """Commits what the test has made, so that the request finds it; the test's rows stay usable after it."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        db.session.commit()
        with self.application.app_context():
            return super().open(*args, **kwargs)

    @contextlib.contextmanager
    def session_transaction(self, *args: Any, **kwargs: Any) -> Iterator[SessionMixin]:
        db.session.commit()
        with self.application.app_context(), super().session_transaction(*args, **kwargs) as cookie:
            yield cookie
