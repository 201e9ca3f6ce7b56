"""Agents who may have a telephone, as they stand in Redis: digests of passwords, which never come here themselves."""

import hashlib
from collections.abc import Awaitable, Mapping
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import urlsplit

from redis.asyncio import Redis

from dialer import clock, live
from dialer.carriers.asterisk import keys
from dialer.carriers.asterisk.settings import Telephony
from dialer.carriers.talks import TalkBook, read_line
from dialer.carriers.telephone import TelephoneCommand
from dialer.events import Event, EventKind
from dialer.ports import Line, LineState

REALM = "telesales"


@dataclass(frozen=True, slots=True)
class AgentRecord:
    """An agent's credentials. `home`: the node where the telephone is to register; `node`: where its leg is up."""

    agent_id: int
    digest: str
    expires: float
    home: str
    node: str = ""


def agent_channel(agent_id: int) -> str:
    """Name of an agent's leg, bridge, and of the endpoint of the browser's telephone. Of one length, as those of calls."""
    return f"agent-{agent_id:09d}"


def phone_endpoint(agent_id: int) -> str:
    """Name of the endpoint for an ordinary SIP telephone of the agent."""
    return f"phone-{agent_id}"


def digest_of(user: str, password: str) -> str:
    """What a SIP server keeps in place of a password."""
    return hashlib.md5(f"{user}:{REALM}:{password}".encode()).hexdigest()  # noqa: S324 - the digest of SIP


def digests_of(agent_id: int, password: str) -> Mapping[str, str]:
    """What the gateway is told in place of a password: one digest for each way in which a telephone may register."""
    return {
        "browser": digest_of(agent_channel(agent_id), password),
        "phone": digest_of(phone_endpoint(agent_id), password),
    }


class AgentBook:
    """Reads and changes what is known of agents' telephones."""

    def __init__(self, client: Redis, telephony: Telephony) -> None:
        self._client, self._telephony = client, telephony
        self.talks = TalkBook(client)

    async def take(self, fields: Mapping[str, str]) -> None:
        """Note that an agent's telephone is to be opened or closed."""
        agent_id = int(fields["agent"])
        if fields["command"] == TelephoneCommand.OPEN_AGENT:
            digests = {way: fields[way] for way in ("browser", "phone")}
            await self._open(agent_id, digests, float(fields["expires"]))
        else:
            await self.forget(agent_id)

    async def _open(self, agent_id: int, digests: Mapping[str, str], expires: float) -> None:
        known = await self.find(agent_id)
        home = (known and known.home) or await self._choose_home()
        key = keys.agent_key(agent_id)
        values = {**digests, "expires": repr(expires), "home": home}
        async with self._client.pipeline(transaction=True) as pipe:
            pipe.hset(key, mapping=cast(Any, values))
            pipe.expireat(key, int(expires) + 1)
            pipe.sadd(keys.AGENTS, agent_id)
            await pipe.execute()
        if known is None:
            await self.talks.write_line(Line(agent_id, LineState.OPENING))

    async def forget(self, agent_id: int) -> None:
        """The telephone is closed, or its credentials are over."""
        async with self._client.pipeline(transaction=True) as pipe:
            pipe.delete(keys.agent_key(agent_id))
            pipe.srem(keys.AGENTS, agent_id)
            await pipe.execute()
        await self.talks.close_line(agent_id)

    async def _choose_home(self, *, but: str = "") -> str:
        """A node that is up, with the fewest telephones for its weight."""
        agents = [agent for agent in await self.list_all() if agent]
        best, best_load = "", float("inf")
        for node in self._telephony.nodes:
            if node.name == but or not await self._client.exists(keys.node_up(node.name)):
                continue
            load = (1 + sum(agent.home == node.name for agent in agents)) / max(node.weight, 1)
            if load < best_load:
                best, best_load = node.name, load
        return best or self._telephony.nodes[0].name

    async def find(self, agent_id: int) -> AgentRecord | None:
        """Return an agent whose credentials hold."""
        found = await cast(Awaitable[dict[str, str]], self._client.hgetall(keys.agent_key(agent_id)))
        if "browser" not in found or float(found["expires"]) <= clock.now():
            return None
        return AgentRecord(
            agent_id,
            found["browser"],
            float(found["expires"]),
            home=found["home"],
            node=found.get("node", ""),
        )

    async def digest_for_phone(self, agent_id: int) -> str:
        """The digest of the ordinary telephone's endpoint."""
        found = await cast("Awaitable[str | None]", self._client.hget(keys.agent_key(agent_id), "phone"))
        return found or ""

    async def list_ids(self) -> list[int]:
        """Agents whose telephone was opened and not closed; the credentials of some may be over."""
        return sorted(
            int(agent) for agent in await cast(Awaitable[set[str]], self._client.smembers(keys.AGENTS))
        )

    async def list_all(self) -> list[AgentRecord | None]:
        """What is known of each of them."""
        return [await self.find(agent_id) for agent_id in await self.list_ids()]

    async def node_of(self, agent_id: int) -> str:
        """The node on which the agent's leg is up; empty when it is not."""
        return await cast("Awaitable[str | None]", self._client.hget(keys.agent_key(agent_id), "node")) or ""

    async def nodes_with_agents(self) -> frozenset[str]:
        """Nodes on which the leg of some agent is up."""
        return frozenset(agent.node for agent in await self.list_all() if agent and agent.node)

    async def has_leg(self, agent_id: int, node: str) -> None:
        """The leg is up on this node."""
        agent = await self.find(agent_id)
        if agent:
            await self._client.hset(keys.agent_key(agent_id), "node", node)
            if agent.home == node:
                await self._client.hdel(keys.agent_key(agent_id), "sent")
            await self._tell(agent_id, LineState.CONNECTED, node)

    async def has_no_leg(self, agent_id: int, node: str) -> None:
        """The leg that was up on this node is gone."""
        if await self.node_of(agent_id) == node:
            await self._client.hdel(keys.agent_key(agent_id), "node")
            agent = await self.find(agent_id)
            await self._tell(agent_id, LineState.LOST, agent.home if agent else node)

    async def is_open(self, agent_id: int, node: str) -> None:
        """The telephone may register on this node."""
        line = read_line(cast("str | None", await self._client.get(live.line_key(agent_id))))
        agent = await self.find(agent_id)
        if agent and agent.home == node and (line is None or line.state is LineState.OPENING):
            await self._tell(agent_id, LineState.OPEN, node)

    async def move_home(self, agent_id: int, dead: str) -> None:
        """The node is gone: the telephone shall register on another one."""
        agent = await self.find(agent_id)
        if agent is None or agent.home != dead:
            return
        home = await self._choose_home(but=dead)
        if home != dead:
            await self._client.hset(keys.agent_key(agent_id), "home", home)
            await self._tell(agent_id, LineState.LOST if agent.node else LineState.OPEN, home)

    async def move_to(self, agent_id: int, node: str) -> None:
        """A browser's telephone shall register on this node. One that is no browser does not hear of it, and stays."""
        agent = await self.find(agent_id)
        if agent is not None and node not in (agent.home, agent.node):
            sent = {"home": node, "sent": "1"}
            await self._client.hset(keys.agent_key(agent_id), mapping=cast(Any, sent))
            await self._tell(agent_id, LineState.OPEN, node)

    async def is_sent_away(self, agent_id: int, node: str) -> bool:
        """The telephone is on its way from this node to another: whatever is registered here is not rung any more."""
        home, sent = await cast(
            "Awaitable[list[str | None]]", self._client.hmget(keys.agent_key(agent_id), ["home", "sent"])
        )
        return bool(sent) and home != node

    async def stay(self, agent_id: int) -> None:
        """The telephone did not move: it is where its leg is up."""
        agent = await self.find(agent_id)
        if agent is not None and agent.node and agent.node != agent.home:
            await self._client.hset(keys.agent_key(agent_id), "home", agent.node)
            await self._client.hdel(keys.agent_key(agent_id), "sent")
            await self._tell(agent_id, LineState.CONNECTED, agent.node)

    async def _tell(self, agent_id: int, state: LineState, node: str) -> None:
        address = self._telephony.node(node).browser_url
        domain = urlsplit(address).hostname or ""
        line = Line(agent_id, state, address=address, user=agent_channel(agent_id), domain=domain)
        await self.talks.write_line(line)

    async def is_on_floor(self, agent_id: int | None) -> bool:
        """The engine has this agent on a floor."""
        return bool(await self._client.hexists(live.ON_FLOOR_KEY, str(agent_id)))

    async def tell_lost(self, agent_id: int, campaign_id: int | None = None) -> None:
        """Whoever cannot hear anybody is taken off the floor; whom the floor does not know is nobody's loss."""
        found = await cast("Awaitable[str | None]", self._client.hget(live.ON_FLOOR_KEY, str(agent_id)))
        campaign = campaign_id if found is None else int(found)
        if campaign is not None:
            lost = Event(
                EventKind.AGENT_LOST, clock.now(), campaign, agent_id=agent_id, data={"why": "telephone"}
            )
            await live.post_event_async(self._client, lost)
