"""Does the live floor do what the simulation says? python -m bench.agreement [--agents 25] [--hours 1].

Runs the engine, the simulated carrier, Redis and the queue of calls for an hour of simulated time (idle time is
skipped, work is not) and the simulation of the same shift. Ends with 1 when occupancy is more than 2 points or
abandonment more than 1 point apart.
"""

import argparse
import asyncio
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import redis

from bench.agreement_floor import CallLog, Campaigns, Crew, SkippingOutside, place_calls
from bench.pacing import machine
from bench.skipping import SkippingLoop, connect
from dialer import clock
from dialer.carriers.simulated import SimulatedCarrier, end_tasks
from dialer.core.floor.agent import AgentState
from dialer.engine.engine import Engine
from dialer.live import FACTS_STREAM
from dialer.simulation import Shift, simulate
from telesales.processes import bundled_redis

RESULTS = Path(__file__).parent / "results" / "agreement.json"
BEGAN = datetime(2026, 1, 5, 15, tzinfo=UTC).timestamp()
OCCUPANCY_POINTS, ABANDONMENT_POINTS = 2.0, 1.0
BUSY = (AgentState.ON_CALL, AgentState.WRAP_UP)
WAITING = (AgentState.READY, AgentState.RESERVED)


@dataclass(frozen=True)
class Figures:
    """What came of a floor, after the warm-up."""

    occupancy: float
    abandonment: float
    answered: int
    abandoned: int
    dialed: int  # the warm-up included


def main() -> None:
    arguments = read_arguments()
    shift = Shift(
        agents=arguments.agents, hours=arguments.hours + Shift().warm_up / 3600, seed=arguments.seed
    )
    started = time.monotonic()
    with run_redis() as url:
        live = play_live(shift, url)
    took = time.monotonic() - started
    if not live.answered:
        sys.exit("the live floor did not work: nobody answered")
    played = [play_simulated(replace(shift, seed=seed)) for seed in range(1, arguments.seeds + 1)]
    result = compare(live, played) | {
        "agents": arguments.agents,
        "hours": arguments.hours,
        "live_seconds": round(took),
        "machine": machine(),
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    print(json.dumps(result, indent=1))
    arguments.output.write_text(json.dumps(result, indent=1) + "\n")
    sys.exit(0 if result["agrees"] else 1)


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--agents", type=int, default=25)
    parser.add_argument(
        "--hours", type=float, default=1.0, help="of simulated time, after ten minutes of warm-up"
    )
    parser.add_argument("--seed", type=int, default=1, help="of the live floor")
    parser.add_argument("--seeds", type=int, default=10, help="shifts of the simulation")
    parser.add_argument("--output", type=Path, default=RESULTS)
    return parser.parse_args()


@contextmanager
def run_redis() -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="telesales-agreement-") as folder:
        found = bundled_redis.prepare(Path(folder))
        process = subprocess.Popen(found.command, stdout=subprocess.DEVNULL)
        try:
            bundled_redis.wait_until_up(found.url)
            yield found.url
        finally:
            process.terminate()
            process.wait()


def play_live(shift: Shift, url: str) -> Figures:
    """Let the live floor work for the whole shift."""
    real_now = clock.now
    with asyncio.Runner(loop_factory=SkippingLoop) as runner:
        loop = runner.get_loop()
        offset = BEGAN - loop.time()
        clock.now = lambda: offset + loop.time()
        try:
            runner.run(run_floor(shift, url))
        finally:
            clock.now = real_now
    return read_facts(url, shift)


async def _nobody_rings(_call: object) -> None:
    """The simulation has nobody who rings us either."""


async def run_floor(shift: Shift, url: str) -> None:
    """All parts in one event loop, until the shift is over."""
    campaigns, client = Campaigns(shift), connect(url)
    carrier = SimulatedCarrier(client, announce=_nobody_rings)
    engine = Engine(SkippingOutside(campaigns, CallLog(), url))
    parts = [asyncio.create_task(part) for part in (carrier.serve(), engine.run())]
    people = [
        asyncio.create_task(part)
        for part in (place_calls(client, url, campaigns), Crew(client, shift).work())
    ]
    over = asyncio.create_task(asyncio.sleep(BEGAN + shift.hours * 3600 - clock.now()))
    done, _ = await asyncio.wait([*parts, *people, over], return_when=asyncio.FIRST_COMPLETED)
    engine.stop()
    carrier.stop()
    await end_tasks({*people, over} - done)
    await asyncio.gather(*parts, return_exceptions=True)
    await client.aclose()
    for part in done - {over}:
        part.result()


def read_facts(url: str, shift: Shift) -> Figures:
    """Count what the floor wrote down."""
    with redis.Redis.from_url(url, decode_responses=True) as client:
        facts = [json.loads(fields["fact"]) for _id, fields in client.xrange(FACTS_STREAM)]
    return count_facts(facts, since=BEGAN + shift.warm_up, until=BEGAN + shift.hours * 3600)


def count_facts(facts: list[dict[str, Any]], *, since: float, until: float) -> Figures:
    """Occupancy from the states of agents, abandonment from calls that a person answered."""
    seconds = dict.fromkeys(AgentState, 0.0)
    last: dict[int, tuple[AgentState, float]] = {}
    for fact in facts:
        if fact["kind"] == "agent.state":
            data = fact["data"]
            seconds[AgentState(data["previous"])] += overlap(data["since"], fact["at"], since, until)
            last[fact["agent"]] = (AgentState(data["state"]), fact["at"])
    for state, at in last.values():
        seconds[state] += overlap(at, until, since, until)
    calls = [fact for fact in facts if since < fact["at"] <= until and fact["kind"].startswith("call.")]
    answered = sum(fact["kind"] == "call.answered" and fact["data"]["answer"] == "human" for fact in calls)
    abandoned = sum(fact["kind"] == "call.ended" and fact["data"]["abandoned"] for fact in calls)
    busy, waiting = (sum(seconds[state] for state in states) for states in (BUSY, WAITING))
    return Figures(
        occupancy=busy / max(1e-9, busy + waiting),
        abandonment=abandoned / max(1, answered),
        answered=answered,
        abandoned=abandoned,
        dialed=sum(fact["kind"] == "call.placed" for fact in facts),
    )


def overlap(start: float, end: float, since: float, until: float) -> float:
    """How much of start…end lies in since…until."""
    return max(0.0, min(end, until) - max(start, since))


def play_simulated(shift: Shift) -> Figures:
    """The same shift in the simulation."""
    report = simulate(shift)
    people = report.total
    return Figures(report.occupancy, report.abandonment, people.answered, people.abandoned, report.dialed)


def compare(live: Figures, played: list[Figures]) -> dict[str, Any]:
    """How far the two are apart, in points."""
    occupancy = statistics.mean(figures.occupancy for figures in played)
    abandonment = sum(f.abandoned for f in played) / max(1, sum(f.answered for f in played))
    apart = 100 * (live.occupancy - occupancy), 100 * (live.abandonment - abandonment)
    return {
        "live": asdict(live),
        "simulated": {
            "occupancy": occupancy,
            "abandonment": abandonment,
            "shifts": [asdict(f) for f in played],
        },
        "occupancy_points_apart": round(apart[0], 2),
        "abandonment_points_apart": round(apart[1], 2),
        "agrees": abs(apart[0]) <= OCCUPANCY_POINTS and abs(apart[1]) <= ABANDONMENT_POINTS,
    }


if __name__ == "__main__":
    main()
