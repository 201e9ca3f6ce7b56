"""Legs of agents when what happens to them is heard out of step; the node is played, for Asterisk is never this slow on demand."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
import redis
from redis.asyncio import Redis

from dialer import clock, live
from dialer.carriers.asterisk.agents_book import digests_of
from dialer.carriers.asterisk.ari import AriClient
from dialer.carriers.asterisk.legs import Legs
from dialer.carriers.asterisk.settings import APPLICATION, Node, Telephony
from dialer.carriers.asterisk.switch import Switch
from dialer.carriers.talks import read_line
from dialer.carriers.telephone import TelephoneCommand
from dialer.ports import LineState
from tests.dialer.held_node import HeldNode, held_node

AGENT = 7
LEG = f"agent-{AGENT:09d}"
PHONE = f"phone-{AGENT}"
CONTACT = "sip:phone@198.51.100.7"
Scene = Callable[[Legs, HeldNode], Awaitable[None]]


@asynccontextmanager
async def legs_on(node: HeldNode, redis_url: str) -> AsyncIterator[Legs]:
    client = Redis.from_url(redis_url, decode_responses=True)
    known = Node("one", node.url, "telesales", "", "wss://one.example/ws", max_channels=10, weight=1)
    switch = Switch(client, Telephony((known,), ()), known, "token")
    switch.ari = AriClient(node.url, "telesales", "secret", app=APPLICATION, hear=lambda _: None)
    await switch.ari.open()
    opened = {"command": TelephoneCommand.OPEN_AGENT, "agent": str(AGENT), "expires": str(clock.now() + 600)}
    await switch.agents.take(opened | dict(digests_of(AGENT, "secret")))
    yield Legs(switch, is_talking=lambda _: False)
    await switch.ari.close()
    await switch.finish()
    await client.aclose()


@pytest.fixture
def played(redis_url: str, redis_server: redis.Redis) -> Callable[[Scene], None]:
    def play(scene: Scene) -> None:
        async def whole() -> None:
            async with held_node() as node, legs_on(node, redis_url) as legs:
                await scene(legs, node)

        asyncio.run(whole())

    return play


def line(server: redis.Redis) -> LineState:
    found = read_line(server.get(live.line_key(AGENT)))
    assert found is not None
    return found.state


async def registered(legs: Legs, node: HeldNode) -> None:
    """The telephone is there and rung."""
    node.there[f"endpoints/PJSIP/{PHONE}"] = {"state": "online"}
    await legs.open(AGENT)
    assert node.count("POST", f"channels/{LEG}") == 1


def test_a_leg_that_ends_while_it_is_seated_is_not_taken_for_one_that_is_up(played, redis_server) -> None:
    async def scene(legs: Legs, node: HeldNode) -> None:
        await registered(legs, node)
        seated = node.hold("addChannel")
        legs.switch.spawn(legs.came_up(AGENT))
        await node.until_asked("POST", "addChannel")
        legs.switch.spawn(legs.went_down(AGENT))
        seated.set()
        await node.until_asked("POST", f"channels/{LEG}", times=2)

        assert not legs.has_leg(AGENT)
        assert line(redis_server) is LineState.LOST

    played(scene)


def test_a_leg_that_cannot_be_seated_is_not_up(played, redis_server) -> None:
    async def scene(legs: Legs, node: HeldNode) -> None:
        await registered(legs, node)
        node.refused.add("addChannel")
        await legs.came_up(AGENT)

        assert not legs.has_leg(AGENT)
        assert line(redis_server) is not LineState.CONNECTED

    played(scene)


def test_a_leg_that_was_up_and_cannot_be_seated_after_a_connection_is_lost(played, redis_server) -> None:
    async def scene(legs: Legs, node: HeldNode) -> None:
        await registered(legs, node)
        await legs.came_up(AGENT)
        assert line(redis_server) is LineState.CONNECTED
        node.there |= {f"channels/{LEG}": {"state": "Up"}, "endpoints/PJSIP": []}
        node.refused.add("addChannel")
        await legs.adopt()

        assert not legs.has_leg(AGENT)
        assert line(redis_server) is LineState.LOST

    played(scene)


def test_a_telephone_that_answers_during_the_look_at_what_is_there_is_up(played, redis_server) -> None:
    async def scene(legs: Legs, node: HeldNode) -> None:
        await registered(legs, node)
        seated = node.hold("addChannel")
        legs.switch.spawn(legs.came_up(AGENT))
        await node.until_asked("POST", "addChannel")
        node.there |= {f"channels/{LEG}": {"state": "Up"}, "endpoints/PJSIP": []}
        adopted = asyncio.create_task(legs.adopt())
        seated.set()
        await adopted

        assert legs.has_leg(AGENT)
        assert line(redis_server) is LineState.CONNECTED

    played(scene)


def test_a_telephone_that_is_rung_before_its_address_is_told_is_not_hung_up(played) -> None:
    async def scene(legs: Legs, node: HeldNode) -> None:
        await registered(legs, node)
        await legs.heard_of(PHONE, CONTACT, there=True)
        await legs.came_up(AGENT)

        assert node.count("DELETE", f"channels/{LEG}") == 0
        await legs.heard_of(PHONE, "sip:phone@198.51.100.8", there=True)
        assert node.count("DELETE", f"channels/{LEG}") == 1

    played(scene)


def test_a_telephone_whose_registration_nobody_told_of_is_rung(played) -> None:
    async def scene(legs: Legs, node: HeldNode) -> None:
        node.there["endpoints/PJSIP"] = [{"resource": PHONE, "state": "offline"}]
        await legs.open(AGENT)
        await legs.look_for_unheard()
        node.there["endpoints/PJSIP"] = [{"resource": PHONE, "state": "online"}]
        await legs.look_for_unheard()
        assert node.count("POST", f"channels/{LEG}") == 0  # it may be on its way out
        await legs.look_for_unheard()
        assert node.count("POST", f"channels/{LEG}") == 1

    played(scene)
