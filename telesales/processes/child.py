"""One process of a floor: `python -m telesales.processes.child engine|recorder|clock|demo|worker QUEUE`."""

import sys

from telesales.app import create_app
from telesales.demo.floor import run_demo_floor
from telesales.dialing.processes import run_clock, run_engine, run_recorder, run_worker
from telesales.processes.timetable import TIMETABLE


def main(words: list[str]) -> None:
    """Run the named part until SIGTERM."""
    app = create_app()
    match words:
        case ["engine"]:
            run_engine(app)
        case ["recorder"]:
            run_recorder(app)
        case ["clock"]:
            run_clock(app, TIMETABLE)
        case ["demo"]:
            run_demo_floor(app)
        case ["worker", queue]:
            run_worker(app, queue)
        case _:
            sys.exit(f"unknown part: {' '.join(words)}")


if __name__ == "__main__":
    main(sys.argv[1:])
