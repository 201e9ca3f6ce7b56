"""The whole product with real telephones: every process of `make run`, simulated agents at their desks, predictive dialing."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select

from bench.floor import BenchFloor, bridge_times, percentiles
from bench.telephony_gateway import cpu_seconds, lost_packets
from bench.telephony_world import PASSWORD, People, run_world_and_node
from dialer.carriers import make_telephone
from dialer.carriers.asterisk import keys
from dialer.ports import LineState
from telesales.calls.models import CallAttempt
from telesales.campaigns.models import Campaign
from telesales.demo.benchmark import FloorSize, Measured, make_floor
from telesales.extensions import db, read_only, transaction
from telesales.tenancy.scope import every_client
from tests.telephony.asterisk_server import CALLER_IDS, AsteriskServer

SPEED = 4.0  # the process `demo` moves the agents four times as fast as people, so that a short run has many calls
WARM_UP_SECONDS = 45
LONGEST_SECONDS = 120.0
FIRST_ID, SPARE_IDS = (
    1,
    60,
)  # people of the seeded centre come first: telephones for some more than are needed
PEOPLE = People(answered_percent=35, ring_seconds=(2, 8))


def measure_floor(*, agents: int, seconds: int, folder: Path) -> dict[str, Any]:
    """One size."""
    ids = range(FIRST_ID, agents + SPARE_IDS)
    with run_world_and_node(ids, PEOPLE) as (world, node), _environment(node):
        own = folder / f"floor-{agents}"
        own.mkdir()
        floor = BenchFloor(own)
        try:
            return _measure(floor, world, node, agents, seconds)
        finally:
            floor.stop()


@contextmanager
def _environment(node: AsteriskServer) -> Iterator[None]:
    before = dict(os.environ)
    os.environ.update(node.environ | {"CARRIER_SPEED": str(SPEED)})
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def _measure(
    floor: BenchFloor, world: AsteriskServer, node: AsteriskServer, agents: int, seconds: int
) -> dict[str, Any]:
    made = _seed(floor, agents)
    _connect_telephones(floor, made.user_ids)
    time.sleep(WARM_UP_SECONDS)
    since, before, began = datetime.now(UTC), _cpu(floor, world, node), time.monotonic()
    bridged = []
    while time.monotonic() - began < seconds:
        bridged.append(_count_bridged(floor))
        time.sleep(1)
    losses, took, after = lost_packets(node), time.monotonic() - began, _cpu(floor, world, node)
    time.sleep(3)  # for the recorder to write the last seconds down
    with floor.app.app_context(), every_client(), read_only():
        wanted = select(CallAttempt).where(
            CallAttempt.campaign_id == made.campaign_id, CallAttempt.reserved_at > since
        )
        attempts = list(db.session.scalars(wanted))
        times = list(bridge_times(attempts))
    failed = sum(attempt.cause == "failed" for attempt in attempts)
    return {
        "agents": agents,
        "agents_speed": SPEED,
        "calls_per_second": round(len(attempts) / took, 1),
        "bridged_at_once": max(bridged),
        "bridged_on_average": round(sum(bridged) / len(bridged), 1),
        "share_bridged": round(1 - failed / max(1, len(attempts)), 4),
        "answered_to_bridged_ms": percentiles(times),
        "packets_lost_of_sample": losses,
        "cpu_percent_of_one_core": {
            name: round(100 * (used - before.get(name, 0.0)) / took, 1)
            for name, used in sorted(after.items())
        },
    }


def _seed(floor: BenchFloor, agents: int) -> Measured:
    size = FloorSize(agents=agents, leads=200 * agents, max_lines=6 * agents)
    with floor.app.app_context(), every_client(), transaction():
        made = make_floor(replace(size, profile={"speed": SPEED}))
        campaign = db.session.get_one(Campaign, made.campaign_id)
        campaign.carrier, campaign.caller_id, campaign.carrier_profile = "asterisk", CALLER_IDS[0], {}
    return made


def _connect_telephones(floor: BenchFloor, agents: list[int]) -> None:
    telephone = make_telephone("asterisk", floor.redis)
    for agent in agents:
        telephone.open_agent(agent, PASSWORD, time.time() + 3600)
    deadline = time.monotonic() + LONGEST_SECONDS
    while time.monotonic() < deadline:
        lines = [telephone.find_line(agent) for agent in agents]
        if all(line is not None and line.state is LineState.CONNECTED for line in lines):
            return
        time.sleep(0.2)
    raise SystemExit("some telephones of agents were not connected in two minutes")


def _count_bridged(floor: BenchFloor) -> int:
    calls = floor.redis.smembers(keys.node_calls("one"))
    with floor.redis.pipeline(transaction=False) as pipe:
        for call in calls:
            pipe.hget(keys.call_key(call), "state")
        return sum(state == keys.CONNECTED for state in pipe.execute())


def _cpu(floor: BenchFloor, world: AsteriskServer, node: AsteriskServer) -> dict[str, float]:
    assert world.process is not None
    assert node.process is not None
    return {**floor.cpu(), "asterisk": cpu_seconds(node.process.pid), "world": cpu_seconds(world.process.pid)}
