"""A web server that is killed with -9 between the commit of a step of listening and the telling of it: `python -m tests.crashing_listening SETTINGS SUPERVISOR URL FORM`."""

import json
import os
import signal
import sys
from pathlib import Path

from sqlalchemy import event

from telesales.agents.models import User
from telesales.app import create_app
from telesales.config import Settings
from telesales.extensions import db
from telesales.supervision.models import SupervisionStep
from telesales.tenancy.scope import every_client
from tests.actors import as_user
from tests.browsing import Browser


def main(settings: str, supervisor_id: str, url: str, form: str) -> None:
    told = json.loads(settings)
    app = create_app(Settings(**{**told, "data_dir": Path(told["data_dir"])}))
    app.test_client_class = Browser
    written: list[SupervisionStep] = []

    def note(session, _context) -> None:
        written.extend(row for row in session.new if isinstance(row, SupervisionStep))

    def die(_session) -> None:
        if written:
            os.kill(os.getpid(), signal.SIGKILL)

    with app.app_context():
        with every_client():
            supervisor = as_user(app.test_client(), db.session.get_one(User, int(supervisor_id)))
        event.listen(db.session, "after_flush", note)
        event.listen(db.session, "after_commit", die)
        supervisor.post(url, **json.loads(form))


if __name__ == "__main__":
    main(*sys.argv[1:])
