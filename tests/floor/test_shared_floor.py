"""Two campaigns on one floor, whole: agents who signed on to one of them take calls of both, through kill -9 and parting."""

import itertools
import json
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psutil
import pytest
from sqlalchemy import func, select

from dialer.carriers import simulated_keys
from dialer.events import Event, EventKind
from dialer.live import (
    FACTS_STREAM,
    ON_FLOOR_KEY,
    PRESENCE_KEY,
    agent_entry,
    floor_key,
    lease_key,
    post_event,
)
from dialer.ports import DialingMode
from telesales.agents.models import User
from telesales.calls.models import CallAttempt, CallEvent
from telesales.campaigns.models import Campaign, CampaignAgent, SharedFloor
from telesales.campaigns.service import editing
from telesales.campaigns.service.running import finish_campaign
from telesales.desk.service import shift
from telesales.extensions import db, transaction
from telesales.tenancy.scope import every_client
from tests.factories_agents import make_user
from tests.factories_dialing import make_dialing_campaign
from tests.floor.conftest import WAIT_SECONDS, Floor, wait_for
from tests.floor.robots import Robots
from tests.floor.test_kill import LIVELY, BusyFloor

pytestmark = [pytest.mark.floor, pytest.mark.xdist_group("floor")]

AGENTS, HIGH_LEADS, LOW_LEADS = 5, 25, 900


class LentRobots(Robots):
    """They signed on to the first campaign, and work wherever they are sent."""

    def __init__(self, url: str, campaigns: list[int], agent_ids: list[int]) -> None:
        self.campaigns = campaigns
        super().__init__(url, campaigns[0], agent_ids)

    def entries(self) -> dict[int, dict | None]:
        found: dict[int, dict | None] = dict.fromkeys(self.agent_ids)
        pipe = self.redis.pipeline()  # both floors at one moment: an agent moves in one step
        for campaign in self.campaigns:
            pipe.hmget(floor_key(campaign), [agent_entry(agent) for agent in self.agent_ids])
        for values in pipe.execute():
            for agent, value in zip(self.agent_ids, values, strict=True):
                if value is not None:
                    assert found[agent] is None, "on two floors"
                    found[agent] = json.loads(value)
        return found

    def _act(self) -> None:
        self.redis.zadd(PRESENCE_KEY, {str(agent): time.time() for agent in self.agent_ids})
        for agent, entry in self.entries().items():
            here = self.redis.hget(ON_FLOOR_KEY, str(agent))
            if entry is None or here is None:
                continue
            if entry["state"] == "paused":
                self.tell(EventKind.AGENT_READY, agent, int(here))
            elif entry["state"] == "wrap_up":
                self.tell(EventKind.AGENT_WRAPPED_UP, agent, int(here), entry["attempt_id"])

    def tell(self, kind: EventKind, agent: int, campaign: int, attempt: int | None = None) -> None:
        post_event(self.redis, Event(kind, time.time(), campaign, attempt_id=attempt, agent_id=agent))


class SharedBusyFloor(BusyFloor):
    """Two campaigns: the first goes first and soon has no leads."""

    def __init__(self, floor: Floor) -> None:
        self.floor = floor
        floor.start().wait_until_ready()
        wait_for(lambda: "Start page" in floor.terminal, WAIT_SECONDS, lambda: floor.terminal)
        self.app = self._connect()
        with self.app.app_context(), every_client():
            agents = [make_user(name=f"Robot {number}") for number in range(AGENTS)]
            shared = SharedFloor(name="Everybody")
            self.campaigns = []
            for leads, priority in ((HIGH_LEADS, 1), (LOW_LEADS, 9)):
                campaign = make_dialing_campaign(
                    leads=leads,
                    carrier_profile=LIVELY,
                    max_lines=30,
                    priority=priority,
                    mode=DialingMode.PROGRESSIVE,
                )
                campaign.shared_floor = shared
                for agent in agents:
                    row = CampaignAgent(
                        client_id=campaign.client_id, campaign_id=campaign.id, user_id=agent.id
                    )
                    db.session.add(row)
                db.session.flush()
                self.campaigns.append(campaign.id)
            self.agents = [agent.id for agent in agents]
            db.session.commit()
        self.campaign_id = self.campaigns[0]
        self.robots = LentRobots(self.redis_url, self.campaigns, self.agents)
        self.sign_on()

    def sign_on(self) -> None:
        with self.app.test_request_context(), every_client(), transaction():
            for agent in self.agents:
                shift.sign_on(db.session.get(User, agent), self.campaigns[0])

    def talks(self) -> Counter:
        """Conversations by campaign."""
        rows = select(CallAttempt.campaign_id, func.count()).where(CallAttempt.connected_at.is_not(None))
        return Counter(
            dict(self.ask(lambda: db.session.execute(rows.group_by(CallAttempt.campaign_id)).all()))
        )

    def open_calls(self) -> list[str]:
        names = [name for campaign in self.campaigns for name in self.robots.redis.hkeys(floor_key(campaign))]
        return [name for name in names if name.startswith("call:")]


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SharedBusyFloor]:
    folder: Path = tmp_path_factory.mktemp("sharing")
    floor = Floor(folder / "data", {"DEMO": "0", "ENGINES": "2"})
    busy = SharedBusyFloor(floor)
    yield busy
    busy.robots.stop()
    floor.stop()


def test_agents_get_calls_of_both_campaigns_and_the_higher_priority_is_dialed_first(busy):
    low = busy.campaigns[1]
    wait_for(lambda: busy.talks()[low] >= AGENTS, 90, lambda: busy.floor.terminal)

    order = select(CallAttempt.campaign_id).order_by(CallAttempt.id).limit(HIGH_LEADS)
    first = Counter(busy.ask(lambda: list(db.session.scalars(order))))

    assert first == {busy.campaigns[0]: HIGH_LEADS}
    assert busy.talks()[busy.campaigns[0]] > 0


def test_floor_goes_on_with_lent_agents_after_its_leader_was_killed(busy):
    before = busy.talks()[busy.campaigns[1]]
    leaders = {busy.robots.redis.get(lease_key(campaign)) for campaign in busy.campaigns}
    assert len(leaders) == 1
    _host, pid, _token = leaders.pop().split(":")

    psutil.Process(int(pid)).kill()

    wait_for(lambda: busy.talks()[busy.campaigns[1]] >= before + 5, WAIT_SECONDS, lambda: busy.floor.terminal)


def test_parting_while_calls_are_in_the_air_sends_agents_home_and_loses_no_call(busy):
    first, second = busy.campaigns
    with busy.app.test_request_context(), every_client(), transaction():
        campaign = db.session.get_one(Campaign, second)
        values = replace(editing.values_of(campaign), floor="")
        editing.edit_campaign(second, values, base_version=campaign.version)

    seated = lambda: set(busy.robots.redis.hvals(ON_FLOOR_KEY))  # noqa: E731
    wait_for(lambda: seated() == {str(first)}, WAIT_SECONDS, lambda: f"{seated()} {busy.robots.states()}")
    wait_for(lambda: set(busy.robots.states()) == {"ready"}, WAIT_SECONDS, lambda: str(busy.robots.states()))


def test_nothing_was_lost_and_nobody_dialed_twice(busy):
    with busy.app.app_context(), every_client():
        for campaign_id in busy.campaigns:
            with transaction():
                finish_campaign(campaign_id)
    wait_for(
        lambda: not busy.open_calls() and busy.robots.redis.xlen(FACTS_STREAM) == 0,
        WAIT_SECONDS,
        lambda: f"{busy.open_calls()} {busy.floor.terminal}",
    )
    dialed = [fields for _id, fields in busy.robots.redis.xrange(simulated_keys.DIALED_STREAM)]

    def look() -> None:
        ended = set(db.session.scalars(select(CallEvent.attempt_id).where(CallEvent.kind == "call.ended")))
        connected = select(CallAttempt.agent_id, CallAttempt.connected_at, CallAttempt.ended_at)
        assert set(db.session.scalars(select(CallAttempt.state))) <= {"ended", "released"}
        assert {int(fields["attempt"]) for fields in dialed} <= ended
        talks: dict[int, list] = {}
        for agent, began, over in db.session.execute(connected.where(CallAttempt.connected_at.is_not(None))):
            talks.setdefault(agent, []).append((began, over))
        for of_agent in talks.values():
            of_agent.sort()
            assert all(over <= began for (_, over), (began, _) in itertools.pairwise(of_agent))

    assert max(Counter(fields["number"] for fields in dialed).values()) == 1
    busy.ask(look)
