"""How soon a sale is on the whiteboard: python -m bench.whiteboard [--agents 60] [--seconds 150].

A floor of simulated agents whose callees all like to buy, at a multiple of life's speed so that there are sales enough for a
99th percentile; the television is a real browser. Timed from the sale's own time, taken before its commit.
"""

import argparse
import json
import shutil
import tempfile
import threading
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select

from bench.floor import BenchFloor, machine, percentiles
from bench.television import hang_up_television, waiting_times
from telesales.calls.models import Sale
from telesales.demo.benchmark import FloorSize, make_floor
from telesales.demo.floor import SimulatedFloor
from telesales.extensions import db, read_only, transaction
from telesales.tenancy.scope import every_client

RESULTS = Path(__file__).parent / "results" / "whiteboard.json"
EAGER = {"human": 0.6, "machine": 0.1, "refuse": 0.1, "listen": 0.1, "sudden_hang_up": 0.0}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--agents", type=int, default=60)
    parser.add_argument("--seconds", type=int, default=150)
    parser.add_argument("--speed", type=float, default=8.0)
    arguments = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="telesales-bench-"))
    floor = BenchFloor(folder)
    try:
        result = measure(floor, arguments)
    finally:
        floor.stop()
        shutil.rmtree(folder, ignore_errors=True)
    RESULTS.write_text(json.dumps(result, indent=2) + "\n")
    print(json.dumps(result, indent=2))


def measure(floor: BenchFloor, arguments: argparse.Namespace) -> dict[str, Any]:
    size = FloorSize(
        agents=arguments.agents,
        leads=100 * arguments.agents,
        max_lines=6 * arguments.agents,
        profile={**EAGER, "speed": arguments.speed},
    )
    with floor.app.app_context(), every_client(), transaction():
        made = make_floor(size)
    agents = SimulatedFloor(floor.app, made.user_ids, speed=arguments.speed, seed=1)
    stopping = threading.Event()
    thread = threading.Thread(target=agents.run, args=(stopping,), daemon=True)
    with hang_up_television(floor.app, floor.url) as television:
        if television is None:
            raise SystemExit("This benchmark needs Chromium: run `make test-deps`.")
        thread.start()
        time.sleep(arguments.seconds)
        stopping.set()
        thread.join(10)
        time.sleep(2)
        seen = television.seen()
    with floor.app.app_context(), every_client(), read_only():
        sold_at = list(db.session.scalars(select(Sale.at).where(Sale.campaign_id == made.campaign_id)))
    waits = waiting_times(seen, sold_at)
    return {
        "machine": machine(),
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "agents": arguments.agents,
        "speed": arguments.speed,
        "sales": len(sold_at),
        "sales_shown": len(waits),
        "sale_to_whiteboard_ms": percentiles(waits),
    }


if __name__ == "__main__":
    main()
