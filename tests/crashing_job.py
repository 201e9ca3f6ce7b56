"""A worker that is killed with -9 at its nth statement: `python -m tests.crashing_job SETTINGS JOB KEY NTH`."""

import sys

from sqlalchemy import event
from werkzeug.utils import import_string

from telesales.extensions import db
from tests.crashing import app_of, die


def main(settings: str, job: str, key: str, nth: str) -> None:
    remaining = [int(nth)]

    def count(*_args) -> None:
        remaining[0] -= 1
        if remaining[0] == 0:
            die()

    with app_of(settings).app_context():
        event.listen(db.engine, "after_cursor_execute", count)
        import_string(job)(int(key))


if __name__ == "__main__":
    main(*sys.argv[1:])
