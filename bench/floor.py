"""A floor of 60 simulated agents at human speed: python -m bench.floor [--agents 60] [--seconds 120].

Starts every process of `make run` in a folder of its own, on SQLite, and measures from what the floor itself wrote down:
decision -> carrier asked, answered -> bridged (for people who found an agent ready), sale -> whiteboard in a real browser, and
the CPU of each process.
"""

import argparse
import json
import os
import platform
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import psutil
import redis
from flask import Flask
from sqlalchemy import select

from bench.television import hang_up_television, waiting_times
from dialer.carriers import simulated_keys
from dialer.live import SNAPSHOT_ENTRY, floor_key
from telesales.agents.models import AgentStateChange
from telesales.app import create_app
from telesales.calls.models import CallAttempt, Sale
from telesales.config import Settings
from telesales.demo.benchmark import FloorSize, make_floor
from telesales.demo.floor import SimulatedFloor
from telesales.extensions import db, read_only, transaction
from telesales.processes.preflight import free_port
from telesales.tenancy.scope import every_client

ROOT = Path(__file__).parents[1]
RESULTS = Path(__file__).parent / "results" / "floor.json"
START_SECONDS = 120


class BenchFloor:
    """All processes of a floor, and the application to look into it."""

    def __init__(self, folder: Path) -> None:
        self.data_dir = folder / "data"
        port, push_port = free_port(), free_port()
        environment = {
            "DATA_DIR": str(self.data_dir),
            "PORT": str(port),
            "PUSH_PORT": str(push_port),
            "DEMO": "0",
        }
        self.log = (folder / "log.txt").open("w")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "telesales.processes.run"],
            cwd=ROOT,
            env={**os.environ, **environment},
            stdout=self.log,
            stderr=subprocess.STDOUT,
        )
        self.url = f"http://127.0.0.1:{port}"
        self._wait(f"{self.url}/healthz")
        self.app = self._connect()

    def _wait(self, url: str) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            try:
                with urlopen(url, timeout=2) as answer:
                    if answer.status == 200:
                        return
            except (URLError, OSError):
                time.sleep(0.2)
        raise SystemExit(f"the floor did not come up: see {self.log.name}")

    def _connect(self) -> Flask:
        text = (self.data_dir / "redis" / "redis.conf").read_text()
        found = dict(re.findall(r"^(port|requirepass) (\S+)$", text, re.MULTILINE))
        url = f"redis://:{found['requirepass']}@127.0.0.1:{found['port']}/0"
        return create_app(Settings(data_dir=self.data_dir, redis_url=url, log_level="WARNING", demo=False))

    @property
    def redis(self) -> redis.Redis:
        client: redis.Redis = self.app.extensions["redis"]
        return client

    def cpu(self) -> dict[str, float]:
        """CPU seconds of each process so far, children of workers included."""
        used: dict[str, float] = {}
        for process in psutil.Process(self.process.pid).children(recursive=True):
            times = process.cpu_times()
            name = name_of(process)
            used[name] = used.get(name, 0.0) + times.user + times.system
        mine = psutil.Process().cpu_times()
        return {**used, "simulated agents": mine.user + mine.system}

    def stop(self) -> None:
        self.process.send_signal(signal.SIGINT)
        self.process.wait(60)
        self.log.close()


def name_of(process: psutil.Process) -> str:
    words = " ".join(process.cmdline())
    modules = {
        "gunicorn": "web",
        "telesales.push.server": "push",
        "dialer.carriers.simulated": "carrier",
        "dialer.carriers.asterisk.gateway": "gateway",
    }
    for part, name in modules.items():
        if part in words:
            return name
    found = re.search(r"telesales\.processes\.child (.+)", words)
    return found[1] if found else "redis"


def main() -> None:
    arguments = read_arguments()
    folder = Path(tempfile.mkdtemp(prefix="telesales-bench-"))
    floor = BenchFloor(folder)
    try:
        result = measure(floor, arguments)
    finally:
        floor.stop()
        shutil.rmtree(folder, ignore_errors=True)
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(result, indent=2) + "\n")
    print(json.dumps(result, indent=2))


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--agents", type=int, default=60)
    parser.add_argument("--seconds", type=int, default=120, help="measured time, after the warm-up")
    parser.add_argument("--warm-up", type=int, default=60)
    parser.add_argument("--speed", type=float, default=1.0, help="of callees and agents; 1 is life")
    return parser.parse_args()


def measure(floor: BenchFloor, arguments: argparse.Namespace) -> dict[str, Any]:
    size = FloorSize(agents=arguments.agents, leads=100 * arguments.agents, max_lines=6 * arguments.agents)
    with floor.app.app_context(), every_client(), transaction():
        made = make_floor(replace(size, profile={"speed": arguments.speed}))
    stopping = threading.Event()
    agents = SimulatedFloor(floor.app, made.user_ids, speed=arguments.speed, seed=1)
    thread = threading.Thread(target=agents.run, args=(stopping,), daemon=True)
    with hang_up_television(floor.app, floor.url) as television:
        thread.start()
        time.sleep(arguments.warm_up)
        since, cpu, started = datetime.now(UTC), floor.cpu(), time.monotonic()
        time.sleep(arguments.seconds)
        took, after = time.monotonic() - started, floor.cpu()
        picture = json.loads(floor.redis.hget(floor_key(made.campaign_id), SNAPSHOT_ENTRY) or "{}")
        stopping.set()
        thread.join(10)
        time.sleep(3)  # for the recorder to write the last seconds down, and the board to show them
        seen = television.seen() if television else []
    with floor.app.app_context(), every_client(), read_only():
        attempts = list(
            db.session.scalars(
                select(CallAttempt).where(
                    CallAttempt.campaign_id == made.campaign_id, CallAttempt.reserved_at > since
                )
            )
        )
        bridged = list(bridge_times(attempts))
        sold_at = list(db.session.scalars(select(Sale.at).where(Sale.campaign_id == made.campaign_id)))
    return {
        "machine": machine(),
        "load_average": round(os.getloadavg()[0], 1),  # of the whole machine, other work included
        "measured_at": since.isoformat(timespec="seconds"),
        "agents": arguments.agents,
        "speed": arguments.speed,
        "seconds": round(took),
        "calls": len(attempts),
        "conversations": sum(attempt.connected_at is not None for attempt in attempts),
        "agents_by_state": count_states(picture),
        "abandonment": picture.get("abandonment"),
        "decision_to_carrier_asked_ms": percentiles(asking_times(floor.redis, attempts)),
        "of_which_ms": {name: percentiles(times) for name, times in stages(attempts).items()},
        "answered_to_bridged_ms": percentiles(bridged),
        "sale_to_whiteboard_ms": percentiles(waiting_times(seen, sold_at)),
        "cpu_percent_of_one_core": {
            name: round(100 * (used - cpu.get(name, 0.0)) / took, 1) for name, used in sorted(after.items())
        },
    }


def asking_times(client: redis.Redis, attempts: Iterable[CallAttempt]) -> list[float]:
    """From the decision that wanted the call to the carrier that dials it."""
    dialed = {
        int(fields["attempt"]): float(fields["at"])
        for _id, fields in client.xrange(simulated_keys.DIALED_STREAM)
    }
    return [
        1000 * (dialed[attempt.id] - attempt.decision["at"]) for attempt in attempts if attempt.id in dialed
    ]


def stages(attempts: Iterable[CallAttempt]) -> dict[str, list[float]]:
    """Where the time between decision and carrier goes."""
    claimed = [attempt for attempt in attempts if attempt.originating_at is not None]
    return {
        "decision_to_lead_claimed": [
            1000 * (attempt.reserved_at.timestamp() - attempt.decision["at"]) for attempt in claimed
        ],
        "lead_claimed_to_job_started": [
            1000 * (attempt.originating_at - attempt.reserved_at).total_seconds()
            for attempt in claimed
            if attempt.originating_at
        ],
    }


def bridge_times(attempts: Iterable[CallAttempt]) -> Iterable[float]:
    """From the answer to the bridge, for people whose agent was ready when they answered."""
    for attempt in attempts:
        if attempt.connected_at is None or attempt.answered_at is None:
            continue
        before = db.session.scalars(
            select(AgentStateChange)
            .where(
                AgentStateChange.user_id == attempt.agent_id,
                AgentStateChange.at < attempt.connected_at - timedelta(microseconds=1),
                AgentStateChange.state != "reserved",
            )
            .order_by(AgentStateChange.at.desc())
            .limit(1)
        ).first()
        if before is not None and before.state == "ready" and before.at < attempt.answered_at:
            yield 1000 * (attempt.connected_at - attempt.answered_at).total_seconds()


def count_states(picture: dict[str, Any]) -> dict[str, int]:
    states = [agent["state"] for agent in picture.get("agents", [])]
    return {state: states.count(state) for state in sorted(set(states))}


def percentiles(values: list[float]) -> dict[str, float]:
    if len(values) < 2:
        return {"n": len(values)}
    cuts = statistics.quantiles(values, n=100, method="inclusive")
    return {
        "n": len(values),
        "p50": round(cuts[49], 1),
        "p99": round(cuts[98], 1),
        "max": round(max(values), 1),
    }


def machine() -> str:
    return f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"


if __name__ == "__main__":
    main()
