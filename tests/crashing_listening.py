"""A web server that is killed with -9 between the commit of a step of listening and the telling of it: `python -m tests.crashing_listening SETTINGS SUPERVISOR URL FORM`."""

import json
import sys

from sqlalchemy import event

from telesales.agents.models import User
from telesales.extensions import db
from telesales.supervision.models import SupervisionStep
from telesales.tenancy.scope import every_client
from tests.actors import as_user
from tests.browsing import Browser
from tests.crashing import app_of, die


def main(settings: str, supervisor_id: str, url: str, form: str) -> None:
    app = app_of(settings)
    app.test_client_class = Browser
    written: list[SupervisionStep] = []

    def note(session, _context) -> None:
        written.extend(row for row in session.new if isinstance(row, SupervisionStep))

    def die_once_written(_session) -> None:
        if written:
            die()

    with app.app_context():
        with every_client():
            supervisor = as_user(app.test_client(), db.session.get_one(User, int(supervisor_id)))
        event.listen(db.session, "after_flush", note)
        event.listen(db.session, "after_commit", die_once_written)
        supervisor.post(url, **json.loads(form))


if __name__ == "__main__":
    main(*sys.argv[1:])
