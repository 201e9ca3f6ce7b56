"""Parts of a busy floor are killed with -9: it goes on, forgets nothing, dials nobody twice."""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import pytest
from flask import Flask
from sqlalchemy import func, select

from dialer.carriers import simulated_keys
from dialer.events import Event, EventKind
from dialer.live import FACTS_STREAM, events_stream, floor_key, lease_key
from telesales.app import create_app
from telesales.calls.models import CallAttempt, CallEvent
from telesales.campaigns.service.running import finish_campaign
from telesales.config import Settings
from telesales.extensions import db, read_only, transaction
from telesales.tenancy.scope import every_client
from tests.factories_agents import make_user
from tests.factories_dialing import make_dialing_campaign
from tests.floor.conftest import WAIT_SECONDS, Floor, redis_of, wait_for
from tests.floor.robots import Robots

pytestmark = [pytest.mark.floor, pytest.mark.xdist_group("floor")]

AGENTS, LEADS = 6, 1_500
# Ten on a free machine. What nobody takes up at once is found by the clock's look for forgotten calls after thirty.
RECOVERS_SECONDS = 25.0
LIVELY = {
    "speed": 10.0,
    "human": 0.7,
    "machine": 0.15,
    "ring_seconds": 4.0,
    "ring_deviation": 2.0,
    "refuse": 1.0,
    "listen": 0.0,
    "refuse_seconds": 12.0,
}


class BusyFloor:
    """A floor with a campaign at full speed, seen from its database."""

    def __init__(self, floor: Floor) -> None:
        self.floor = floor
        floor.start().wait_until_ready()
        wait_for(lambda: "Start page" in floor.terminal, WAIT_SECONDS, lambda: floor.terminal)
        self.app = self._connect()
        with self.app.app_context(), every_client():
            campaign = make_dialing_campaign(leads=LEADS, carrier_profile=LIVELY, max_lines=30)
            self.campaign_id = campaign.id
            agents = [make_user(name=f"Robot {number}").id for number in range(AGENTS)]
            db.session.commit()
        self.robots = Robots(self.redis_url, self.campaign_id, agents)

    def _connect(self) -> Flask:
        self.redis_url = redis_of(self.floor)
        self.redis_port = urlsplit(self.redis_url).port
        return create_app(
            Settings(data_dir=self.floor.data_dir, redis_url=self.redis_url, log_level="WARNING", demo=False)
        )

    def ask(self, question: Callable[[], object]) -> object:
        with self.app.app_context(), every_client(), read_only():
            return question()

    def last_attempt(self) -> int:
        return int(self.ask(lambda: db.session.scalar(select(func.max(CallAttempt.id)))) or 0)

    def talked_after(self, attempt_id: int) -> int:
        condition = (CallAttempt.id > attempt_id, CallAttempt.connected_at.is_not(None))
        return self.ask(lambda: db.session.scalar(select(func.count(CallAttempt.id)).where(*condition)))

    def wait_for_conversations(self, seconds: float) -> float:
        """Wait until calls that are reserved from now on were connected and recorded; say how long it took."""
        start, last = time.monotonic(), self.last_attempt()
        wait_for(lambda: self.talked_after(last) >= 3, seconds, lambda: self.floor.terminal)
        return time.monotonic() - start

    def find(self, part: str) -> list[psutil.Process]:
        """Processes of a part; "leader" is the engine that leads the campaign."""
        if part == "redis":
            listening = [c.pid for c in psutil.net_connections("tcp") if c.laddr.port == self.redis_port]
            return [process for process in self.floor.processes() if process.pid in listening]
        if part == "carrier":
            return self.floor.find("dialer.carriers.simulated")
        if part == "leader":
            _host, pid, _token = self.robots.redis.get(lease_key(self.campaign_id)).split(":")
            return [psutil.Process(int(pid))]
        return self.floor.find("telesales.processes.child", *part.split())

    def finish(self) -> None:
        """End the campaign and wait until nothing is in the air or on its way to the database."""
        with self.app.app_context(), every_client(), transaction():
            finish_campaign(self.campaign_id)
        wait_for(
            self.is_still,
            WAIT_SECONDS,
            lambda: f"{self.open_calls()} {self.robots.states()} {self.floor.terminal}",
        )

    def is_still(self) -> bool:
        client = self.robots.redis
        return not self.open_calls() and client.xlen(FACTS_STREAM) == 0

    def open_calls(self) -> list[str]:
        names = self.robots.redis.hkeys(floor_key(self.campaign_id))
        return [name for name in names if name.startswith("call:")]


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BusyFloor]:
    folder: Path = tmp_path_factory.mktemp("killing")
    floor = Floor(folder / "data", {"DEMO": "0", "ENGINES": "2"})
    busy = BusyFloor(floor)
    yield busy
    busy.robots.stop()
    floor.stop()


@pytest.mark.parametrize(
    "part", ["worker dial", "leader", "engine", "recorder", "carrier", "worker settle", "redis"]
)
def test_floor_goes_on_after_a_kill(busy: BusyFloor, part: str) -> None:
    busy.wait_for_conversations(60)

    for victim in busy.find(part):
        victim.kill()

    assert busy.wait_for_conversations(RECOVERS_SECONDS) < RECOVERS_SECONDS


def test_nothing_was_lost_and_nobody_dialed_twice(busy: BusyFloor) -> None:
    busy.finish()
    client = busy.robots.redis
    dialed = [fields for _id, fields in client.xrange(simulated_keys.DIALED_STREAM)]
    heard = [Event.from_fields(fields) for _id, fields in client.xrange(events_stream(busy.campaign_id))]
    talked = {event.attempt_id for event in heard if event.kind is EventKind.CALL_CONNECTED}

    def told(kind: str) -> set[int]:
        return set(db.session.scalars(select(CallEvent.attempt_id).where(CallEvent.kind == kind)))

    def look() -> None:
        states = set(db.session.scalars(select(CallAttempt.state)))
        assert states <= {"ended", "released"}
        assert {int(fields["attempt"]) for fields in dialed} <= told("call.ended")
        assert talked
        assert talked == told("call.connected")

    assert max(Counter(fields["attempt"] for fields in dialed).values()) == 1
    assert max(Counter(fields["number"] for fields in dialed).values()) == 1
    busy.ask(look)


def test_every_call_is_settled(busy: BusyFloor) -> None:
    unsettled = select(func.count(CallAttempt.id)).where(CallAttempt.settled_at.is_(None))

    wait_for(lambda: busy.ask(lambda: db.session.scalar(unsettled)) == 0, 90)


def test_no_agent_is_stuck(busy: BusyFloor) -> None:
    wait_for(lambda: set(busy.robots.states()) == {"ready"}, WAIT_SECONDS, lambda: str(busy.robots.states()))
