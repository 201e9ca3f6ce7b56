"""Orders of a supervisor take effect on a floor that runs: after the call, with nobody cut off."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from telesales.access.roles import Role
from telesales.agents.models import AgentStateChange, PauseReason, User
from telesales.app import create_app
from telesales.calls import floor as live_floor
from telesales.calls.models import CallAttempt
from telesales.config import Settings
from telesales.extensions import db, read_only, transaction
from telesales.supervision.queries import find_standing
from telesales.supervision.service import orders
from telesales.tenancy.scope import every_client
from tests.factories_agents import make_user
from tests.factories_dialing import make_dialing_campaign
from tests.floor.conftest import WAIT_SECONDS, Floor, redis_of, wait_for
from tests.floor.robots import Robots

pytestmark = [pytest.mark.floor, pytest.mark.xdist_group("floor")]

AGENTS, LEADS = 4, 800
TALKATIVE = {
    "speed": 10.0,
    "human": 0.8,
    "machine": 0.0,
    "ring_seconds": 4.0,
    "ring_deviation": 2.0,
    "refuse": 1.0,
    "listen": 0.0,
    "refuse_seconds": 25.0,
}


class SupervisedFloor:
    """Two campaigns, agents of both on the floor of the first, and a supervisor."""

    def __init__(self, floor: Floor) -> None:
        self.floor = floor
        floor.start().wait_until_ready()
        wait_for(lambda: "Start page" in floor.terminal, WAIT_SECONDS, lambda: floor.terminal)
        url = redis_of(floor)
        self.app: Flask = create_app(
            Settings(data_dir=floor.data_dir, redis_url=url, log_level="WARNING", demo=False)
        )
        with self.app.app_context(), every_client():
            agents = [make_user(name=f"Robot {number}") for number in range(AGENTS)]
            first = make_dialing_campaign(leads=LEADS, carrier_profile=TALKATIVE, max_lines=20, agents=agents)
            second = make_dialing_campaign(leads=0, agents=agents)
            supervisor = make_user(role=Role.SUPERVISOR, name="Kim Park")
            db.session.commit()
            self.agents = [agent.id for agent in agents]
            self.first, self.second, self.supervisor = first.id, second.id, supervisor.id
        self.robots = Robots(url, self.first, self.agents)

    def order(self, agent_id: int, verb, *rest) -> int:
        """Have a supervisor order something of an agent who talks; return the call."""
        wait_for(lambda: self.entry(agent_id).get("state") == "on_call", 60, lambda: self.floor.terminal)
        self.robots.stay_away.add(agent_id)
        with self.app.app_context(), every_client(), transaction():
            standing = find_standing(agent_id)
            verb(db.session.get_one(User, self.supervisor), standing, *rest)
            return standing.live.attempt_id or 0

    def entry(self, agent_id: int) -> dict:
        with self.app.app_context(), every_client():
            return live_floor.agent_state(agent_id) or {}

    def ask(self, question):
        with self.app.app_context(), every_client(), read_only():
            return question()

    def states_since(self, agent_id: int, attempt_id: int) -> list[tuple[str, int | None]]:
        """What the agent did since that call was connected, and who wanted it."""
        rows = self.ask(
            lambda: db.session.execute(
                select(AgentStateChange.state, AgentStateChange.by_id, AgentStateChange.attempt_id)
                .where(AgentStateChange.user_id == agent_id)
                .order_by(AgentStateChange.at, AgentStateChange.id)
            ).all()
        )
        start = next(
            (nth for nth, row in enumerate(rows) if (row[0], row[2]) == ("on_call", attempt_id)), len(rows)
        )
        return [(state, by) for state, by, _attempt in rows[start:]]


@pytest.fixture(scope="module")
def supervised(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SupervisedFloor]:
    folder: Path = tmp_path_factory.mktemp("supervising")
    floor = Floor(folder / "data", {"DEMO": "0"})
    supervised = SupervisedFloor(floor)
    yield supervised
    supervised.robots.stop()
    floor.stop()


def who_hung_up(supervised: SupervisedFloor, attempt_id: int) -> str:
    return supervised.ask(lambda: db.session.get_one(CallAttempt, attempt_id).cause)


def test_forced_pause_comes_after_the_call(supervised: SupervisedFloor) -> None:
    agent = supervised.agents[0]

    call = supervised.order(agent, orders.send_on_pause, PauseReason.COACHING)

    expected = [("on_call", None), ("wrap_up", None), ("paused", supervised.supervisor)]
    wait_for(
        lambda: supervised.states_since(agent, call) == expected,
        WAIT_SECONDS,
        lambda: supervised.floor.terminal,
    )
    assert supervised.entry(agent)["pause_reason"] == "coaching"
    assert who_hung_up(supervised, call) == "callee_hung_up"


def test_moved_agent_sits_at_the_other_campaign_after_the_call(supervised: SupervisedFloor) -> None:
    agent = supervised.agents[1]

    call = supervised.order(agent, orders.move, supervised.second)

    expected = [
        ("on_call", None),
        ("wrap_up", None),
        ("offline", supervised.supervisor),
        ("paused", None),
    ]
    wait_for(
        lambda: supervised.states_since(agent, call) == expected,
        WAIT_SECONDS,
        lambda: supervised.floor.terminal,
    )
    assert supervised.entry(agent)["campaign_id"] == supervised.second
    assert who_hung_up(supervised, call) == "callee_hung_up"


def test_agent_is_signed_off_now_when_that_was_confirmed(supervised: SupervisedFloor) -> None:
    agent = supervised.agents[2]

    call = supervised.order(agent, lambda by, standing: orders.send_off(by, standing, now=True))

    expected = [("on_call", None), ("offline", supervised.supervisor)]
    wait_for(
        lambda: supervised.states_since(agent, call) == expected,
        WAIT_SECONDS,
        lambda: supervised.floor.terminal,
    )
    wait_for(
        lambda: who_hung_up(supervised, call) == "hung_up", WAIT_SECONDS, lambda: supervised.floor.terminal
    )
