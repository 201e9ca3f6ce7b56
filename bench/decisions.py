"""How many bytes a stored pacing decision takes, and how long the page of decisions reads over a full day of them.

`python -m bench.decisions [decisions]` on SQLite, and on PostgreSQL when DATABASE_URL names an empty one.
"""

import json
import os
import platform
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import text

from telesales import clock
from telesales.app import create_app
from telesales.campaigns.models import Campaign
from telesales.config import Settings
from telesales.dialing.decisions.chart import chart_points
from telesales.dialing.decisions.queries import Window
from telesales.dialing.decisions.recording import record_decisions
from telesales.dialing.facts import Fact
from telesales.extensions import db, transaction
from telesales.tenancy.models import Client
from telesales.tenancy.scope import every_client

DECISIONS = 20_000
SHIFT = timedelta(hours=8)
BATCH = 200  # what the recorder writes together
HOURS = (0.25, 1, 4)
COUNTS = (
    "agents", "idle", "talking", "wrapping", "leaving", "paused", "ringing", "let_go", "waiting", "lines_cap",
    "free_lines", "horizon_seconds", "day_answered", "day_abandoned", "window_answered", "window_abandoned",
)  # fmt: skip
SHARES = (
    "answer_rate", "expected_free", "expected_answers", "risk", "next_risk", "threshold", "limit", "day_rate",
    "day_room", "half_hour_room", "window_room",
)  # fmt: skip
RESULTS = Path(__file__).parent / "results" / "decisions.json"


def invent(count: int, campaign_id: int) -> Iterator[Fact]:
    """Decisions of one shift, with every number that a predictive one has."""
    chance = random.Random(1)
    begins = clock.now() - SHIFT
    for nth in range(count):
        numbers: dict[str, Any] = {name: chance.randrange(100) for name in COUNTS}
        numbers |= {name: round(chance.random(), 4) for name in SHARES}
        data = {"calls": nth % 4, "reason": "no_more_risk", "estimates": numbers}
        at = begins + SHIFT * nth / count
        yield Fact("pacing.decision", at, f"decision:{nth}", campaign_id, None, None, data)


def measure(url: str, count: int, folder: Path) -> dict[str, object]:
    """Write a day of decisions into an empty database and read it as the page does."""
    settings = Settings(data_dir=folder, database_url=url, secret_key="bench", demo=False, log_level="ERROR")
    with create_app(settings).app_context(), every_client():
        db.drop_all()
        db.create_all()
        campaign_id = make_campaign()
        facts, before = list(invent(count, campaign_id)), size()
        started = time.perf_counter()
        for first in range(0, count, BATCH):
            with transaction():
                record_decisions(facts[first : first + BATCH])
        seconds = time.perf_counter() - started
        found = {
            "bytes_per_decision": round((size() - before) / count),
            "written_per_second": round(count / seconds),
            "chart_ms": {str(hours): read(campaign_id, hours) for hours in HOURS},
        }
        db.session.remove()
        db.drop_all()
        db.engine.dispose()
    return found


def make_campaign() -> int:
    """A campaign without anything."""
    with transaction():
        client = Client(name="Bench")
        db.session.add(client)
        db.session.flush()
        campaign = Campaign(client_id=client.id, name="Bench", currency="USD")
        db.session.add(campaign)
        db.session.flush()
        return campaign.id


def read(campaign_id: int, hours: float) -> float:
    """Milliseconds for the points of the charts."""
    now = clock.now()
    started = time.perf_counter()
    points = chart_points(Window(campaign_id, now - timedelta(hours=hours), now))
    assert points
    return round(1000 * (time.perf_counter() - started), 1)


def size() -> int:
    """Bytes of the tables and indexes."""
    if db.engine.dialect.name == "postgresql":
        query = "SELECT pg_total_relation_size('pacing_decisions')"
    else:
        query = "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"
    found = db.session.execute(text(query)).scalar_one()
    db.session.rollback()
    return int(found)


def main() -> None:
    """Measure, print, keep."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else DECISIONS
    results: dict[str, object] = {"decisions": count}
    with tempfile.TemporaryDirectory() as folder:
        results["sqlite"] = measure("", count, Path(folder))
        if url := os.environ.get("DATABASE_URL"):
            results["postgresql"] = measure(url, count, Path(folder))
    results["load_average"] = round(os.getloadavg()[0], 1)
    results["machine"] = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(results, indent=2) + "\n")
    print(json.dumps(results, indent=2))


if __name__ == "__main__":
    main()
