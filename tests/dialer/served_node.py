"""The gateway's service of one played node: calls stand in Redis, orders come by its stream, what happens is told on the socket."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import redis
from redis.asyncio import Redis

from dialer import clock, live
from dialer.carriers.asterisk import keys
from dialer.carriers.asterisk.agents_book import agent_channel, digests_of
from dialer.carriers.asterisk.book import channel_of
from dialer.carriers.asterisk.service import NodeService
from dialer.carriers.asterisk.settings import Node, Telephony, Trunk
from dialer.carriers.asterisk.sound_server import SoundServer
from dialer.carriers.telephone import TelephoneCommand
from dialer.events import Event, EventKind
from tests.dialer.held_node import PATIENCE_SECONDS, HeldNode, held_node

CAMPAIGN, AGENT = 5, 7
NODE, OTHER = "one", "two"
TRUNK = Trunk(
    "one-out",
    NODE,
    "one-out",
    "carrier.example",
    5060,
    "udp",
    "",
    "",
    register=False,
    srtp=False,
    match=(),
    codecs=("ulaw",),
    max_channels=10,
    calls_per_second=10.0,
    weight=1,
    number_style="e164",
    prefix="",
    caller_ids=("+12125550100",),
    caller_id_daily_calls=0,
)
Play = Callable[["Scene"], Awaitable[None]]


@dataclass
class Scene:
    """What a test does to the service, and what it finds."""

    node: HeldNode
    server: redis.Redis
    telephony: Telephony
    client: Redis

    # what was before
    def write_call(self, attempt: int, state: str, **facts: object) -> str:
        """A call of this node as it stands in Redis; return its channel."""
        known = {
            "state": state,
            "campaign": CAMPAIGN,
            "number": "+12125550123",
            "caller_id": "+12125550100",
            "ring_seconds": 30,
            "profile": "{}",
            "since": repr(clock.now()),
            "node": NODE,
            "trunk": TRUNK.name,
        } | facts
        self.server.hset(keys.call_key(attempt), mapping={name: str(value) for name, value in known.items()})
        self.server.sadd(keys.node_calls(NODE), attempt)
        self.server.sadd(keys.trunk_calls(TRUNK.name), attempt)
        return str(facts.get("channel", channel_of(attempt)))

    def answered(self, attempt: int, state: str = keys.ANSWERED, **facts: object) -> str:
        """A person is on the line, and waits for a word unless it is told otherwise; their channel is on the node."""
        channel = self.write_call(attempt, state, answered_at=repr(clock.now()), **facts)
        self.has_channel(channel)
        return channel

    def has_channel(self, name: str, state: str = "Up") -> None:
        channel = {"id": name, "state": state, "name": "PJSIP/one-out-00000001"}
        self.node.there["channels"].append(channel)
        self.node.there[f"channels/{name}"] = channel

    def has_no_channel(self, name: str) -> None:
        """It is gone; nobody has said so."""
        del self.node.there[f"channels/{name}"]
        self.node.there["channels"][:] = [one for one in self.node.there["channels"] if one["id"] != name]

    async def seat(self, agent_id: int = AGENT, node: str = NODE) -> None:
        """The leg of an agent is up."""
        expires = str(clock.now() + 600)
        opened = {"command": TelephoneCommand.OPEN_AGENT, "agent": str(agent_id), "expires": expires}
        self.server.set(keys.node_up(node), "x")
        service = self.service()
        await service.switch.agents.take(opened | dict(digests_of(agent_id, "secret")))
        await self.client.hset(keys.agent_key(agent_id), mapping={"home": node, "node": node})
        if node == NODE:
            self.has_channel(agent_channel(agent_id))

    # the service
    def service(self) -> NodeService:
        async def announce(_call: Any) -> None:
            """Nobody rings here."""

        return NodeService(
            self.client,
            self.telephony,
            self.telephony.node(NODE),
            password="secret",
            token="token",
            announce=announce,
            sounds=SoundServer(self.client),
        )

    @asynccontextmanager
    async def served(self, *, wait: bool = True) -> AsyncIterator[NodeService]:
        """A gateway that knows nothing but what stands in Redis begins to serve the node."""
        self.server.set(keys.node_lease(NODE), "token")
        self.server.delete(keys.node_up(NODE))
        service = self.service()
        serving = asyncio.create_task(service.serve())
        try:
            if wait:
                await self.until_up(service)
            yield service
        finally:
            for event in self.node.held.values():
                event.set()
            service.stop()
            await serving

    async def until_up(self, service: NodeService) -> None:
        await self.until(lambda: service.is_up and self.server.exists(keys.node_up(NODE)), "the node is up")

    def order(self, command: str, attempt: int, **fields: object) -> None:
        words = {"command": command, "attempt": str(attempt)}
        words |= {name: str(value) for name, value in fields.items()}
        self.server.xadd(keys.node_commands(NODE), words)

    async def until_obeyed(self) -> None:
        await self.until(lambda: not self.server.xlen(keys.node_commands(NODE)), "every order is carried out")

    # what comes of it
    def events(self, attempt: int) -> list[Event]:
        found = self.server.xrange(live.events_stream(CAMPAIGN))
        events = [Event.from_fields(fields) for _, fields in found]
        return [event for event in events if event.attempt_id == attempt]

    def kinds(self, attempt: int) -> list[EventKind]:
        return [event.kind for event in self.events(attempt)]

    def facts(self, attempt: int) -> list[str]:
        """What happened to a talk, without the words before it."""
        found = [json.loads(fields["fact"]) for _, fields in self.server.xrange(live.FACTS_STREAM)]
        return [fact["kind"].removeprefix("call.") for fact in found if fact["attempt"] == attempt]

    async def until_told(self, attempt: int, kind: EventKind) -> Event:
        await self.until(lambda: kind in self.kinds(attempt), f"{kind} of call {attempt}")
        return next(event for event in self.events(attempt) if event.kind is kind)

    def state(self, attempt: int) -> str:
        return str(self.server.hget(keys.call_key(attempt), "state"))

    async def until(self, is_so: Callable[[], object], what: str) -> None:
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                while not is_so():
                    await asyncio.sleep(0.005)
        except TimeoutError:
            raise AssertionError(f"never: {what}; asked: {self.node.asked}") from None


def play(redis_url: str, server: redis.Redis, scene: Play) -> None:
    """Play a scene on a node that knows no channel yet."""

    async def whole() -> None:
        client = Redis.from_url(redis_url, decode_responses=True)
        async with held_node() as node:
            node.there |= {
                "asterisk/ping": {"ping": "pong"},
                "channels": [],
                "endpoints/PJSIP": [],
                "recordings/stored": [],
            }
            nodes = tuple(_node(name, node.url) for name in (NODE, OTHER))
            await scene(Scene(node, server, Telephony(nodes, (TRUNK,)), client))
        await client.aclose()

    asyncio.run(whole())


def _node(name: str, url: str) -> Node:
    browser = f"wss://{name}.example/ws"
    return Node(name, url, "telesales", "", browser, max_channels=10, weight=1, sounds_folder="/sounds")


def over(channel: str, *, cause: int = 16) -> dict[str, Any]:
    """A channel is gone."""
    return {"type": "ChannelDestroyed", "channel": {"id": channel, "state": "Up"}, "cause": cause}


def started(channel: str, *args: str) -> dict[str, Any]:
    """A channel of ours was answered."""
    return {"type": "StasisStart", "channel": {"id": channel, "state": "Up"}, "args": list(args)}
