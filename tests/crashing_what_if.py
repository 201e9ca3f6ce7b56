"""A worker that is killed with -9 at its nth statement: `python -m tests.crashing_what_if SETTINGS WHAT_IF NTH`."""

import json
import os
import signal
import sys
from pathlib import Path

from sqlalchemy import event

from telesales.app import create_app
from telesales.config import Settings
from telesales.extensions import db
from telesales.whatif.jobs import answer_what_if


def main(settings: str, what_if_id: str, nth: str) -> None:
    told = json.loads(settings)
    app = create_app(Settings(**{**told, "data_dir": Path(told["data_dir"])}))
    remaining = [int(nth)]

    def count(*_args) -> None:
        remaining[0] -= 1
        if remaining[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    with app.app_context():
        event.listen(db.engine, "after_cursor_execute", count)
        answer_what_if(int(what_if_id))


if __name__ == "__main__":
    main(*sys.argv[1:])
