"""A callee on one node and an agent on another: the two nodes call each other by SIP, and two bridges become one.

Every node knows the others by endpoints pushed over ARI; the password between them is random and stays in Redis.
"""

import logging
import secrets
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, cast
from urllib.parse import urlsplit

from dialer.carriers.asterisk import keys
from dialer.carriers.asterisk.agents_book import REALM, agent_channel, digest_of
from dialer.carriers.asterisk.ari import AriRefusedError
from dialer.carriers.asterisk.book import Call
from dialer.carriers.asterisk.callers import endpoint_of
from dialer.carriers.asterisk.calls import Calls
from dialer.carriers.asterisk.legs import Legs
from dialer.carriers.asterisk.settings import AGENT_CONTEXT, INBOUND_CONTEXT, Node
from dialer.carriers.asterisk.switch import Switch

log = logging.getLogger(__name__)

KIND = "link"
USER = "link"  # endpoint under which the other nodes call
ANSWER_SECONDS = 4
AGENT_DIGITS, ATTEMPT_DIGITS = 9, 12
COMMON = {
    "direct_media": "no",
    "disallow": "all",
    "allow": "ulaw,alaw",
    "rtp_symmetric": "yes",
    "send_connected_line": "no",
    "timers": "no",
    "dtmf_mode": "rfc4733",
    "rtp_timeout": "30",
}
Linked = Callable[[Call, int, str], Awaitable[None]]


def link_channel(attempt_id: int) -> str:
    """Id of the channel to the agent's node, and of the bridge that the callee shares with it."""
    return f"{KIND}-{attempt_id:012d}"


def number_of(attempt_id: int, agent_id: int) -> str:
    """What is dialed on the other node."""
    return f"0{attempt_id:0{ATTEMPT_DIGITS}d}{agent_id:0{AGENT_DIGITS}d}"


def is_link(channel: Mapping[str, Any]) -> bool:
    """It came from another node: over the endpoint for which only nodes know the password."""
    return endpoint_of(channel) == USER


async def leave_bridge(switch: Switch, call: Call) -> None:
    """The person and the agent do not hear each other any more; a link that is not needed is hung up."""
    if call.bridge:
        await switch.try_to("POST", f"bridges/{call.bridge}/removeChannel", channel=call.channel)
    if call.bridge == link_channel(call.attempt_id):
        await switch.try_to("DELETE", f"channels/{call.bridge}")


class Links:
    """Links of one node, both ways."""

    def __init__(self, calls: Calls, legs: Legs) -> None:
        self._calls, self._legs, self._switch = calls, legs, calls.switch
        self._others = [node for node in self._switch.telephony.nodes if node.name != self._switch.node.name]
        self._wanted: dict[int, int] = {}  # attempt -> agent
        self._here: dict[int, str] = {}  # agent -> channel from another node in the agent's bridge

    async def prepare(self) -> None:
        """Make the other nodes known to this one."""
        if not self._others:
            return
        secret = await self._secret()
        login = {
            "auth_type": "md5",
            "username": USER,
            "realm": REALM,
            "md5_cred": digest_of(USER, secret),
        }
        await self._put("auth", USER, login)
        await self._put("endpoint", USER, COMMON | {"context": INBOUND_CONTEXT, "auth": USER})
        for node in self._others:
            name = f"to-{node.name}"
            await self._put("auth", name, {"auth_type": "userpass", "username": USER, "password": secret})
            await self._put("aor", name, {"contact": f"sip:{_address(node)}"})
            way = {"context": AGENT_CONTEXT, "aors": name, "outbound_auth": name, "from_user": USER}
            await self._put("endpoint", name, COMMON | way)

    async def _secret(self) -> str:
        client = self._switch.client
        await client.set(keys.LINK_SECRET, secrets.token_urlsafe(24), nx=True)
        return cast(str, await client.get(keys.LINK_SECRET))

    async def _put(self, kind: str, name: str, values: Mapping[str, str]) -> None:
        fields = [{"attribute": key, "value": value} for key, value in values.items()]
        await self._switch.ask(
            "PUT", f"asterisk/config/dynamic/res_pjsip/{kind}/{name}", body={"fields": fields}
        )

    # on the node of the callee
    async def call(self, call: Call, agent_id: int, node: str) -> None:
        """Call the node that has the agent's leg; the caller holds the lock."""
        self._wanted[call.attempt_id] = agent_id
        try:
            await self._switch.originate(
                link_channel(call.attempt_id),
                f"PJSIP/{number_of(call.attempt_id, agent_id)}@to-{node}",
                kind=f"{KIND},{agent_id}",
                timeout=ANSWER_SECONDS,
            )
        except AriRefusedError as error:
            log.info("no link from %s to %s: %s", self._switch.node.name, node, error)

    async def answered(self, attempt_id: int, agent_id: int, connect: Linked) -> None:
        """The agent's node is there: callee and link share a bridge, if the callee still waits for this agent."""
        call, name = await self._calls.find(attempt_id), link_channel(attempt_id)
        if call is None:
            await self._drop(attempt_id)
            return
        async with call.lock:
            if call.state == keys.ANSWERED and not call.why and self._wanted.get(attempt_id) == agent_id:
                del self._wanted[attempt_id]
                await self._switch.try_to("POST", f"bridges/{name}", type="mixing", name=name)
                await self._switch.try_to("POST", f"bridges/{name}/addChannel", channel=name)
                await connect(call, agent_id, name)
            if call.bridge != name:
                await self._drop(attempt_id)

    async def _drop(self, attempt_id: int) -> None:
        await self._switch.try_to("DELETE", f"channels/{link_channel(attempt_id)}")

    async def call_is_over(self, call: Call) -> None:
        """The agent's node shall not wait."""
        self._wanted.pop(call.attempt_id, None)
        if self._others:
            await self._take_down(call.attempt_id)

    async def _take_down(self, attempt_id: int) -> None:
        await self._drop(attempt_id)
        await self._switch.try_to("DELETE", f"bridges/{link_channel(attempt_id)}")

    async def gone(self, attempt_id: int) -> None:
        """The link broke: nobody is left on the line alone."""
        call = self._calls.known.get(attempt_id)
        if call is None:
            return
        async with call.lock:
            if call.state == keys.CONNECTED and call.bridge == link_channel(attempt_id):
                await self._calls.hang_up_locked(call)

    async def adopt(self, channels: Mapping[str, Any]) -> None:
        """After a connection: links that broke meanwhile, and those that lead nowhere."""
        for call in list(self._calls.known.values()):
            name = link_channel(call.attempt_id)
            if call.bridge != name or name in channels:
                continue
            if not await self._switch.find(f"channels/{name}"):  # nor since they were listed
                await self.gone(call.attempt_id)
        for name in channels:
            kind, _, number = name.partition("-")
            if kind == KIND and number.isdigit():
                await self._adopt(int(number))

    async def _adopt(self, attempt_id: int) -> None:
        """One that was answered while nobody listened is made anew, when the engine asks again."""
        call = self._calls.known.get(attempt_id)
        if call is None:
            await self._take_down(attempt_id)
            return
        async with call.lock:
            if call.bridge != link_channel(attempt_id):
                await self._drop(attempt_id)

    # on the node of the agent
    async def came_in(self, channel: Mapping[str, Any], number: str) -> None:
        """Another node calls for one of our agents."""
        name = str(channel["id"])
        agent_id = int(number[-AGENT_DIGITS:]) if self._is_link(channel, number) else 0
        if not agent_id or not self._legs.has_leg(agent_id):
            await self._switch.try_to("DELETE", f"channels/{name}", reason_code=21)
            return
        await self.free(agent_id)
        self._here[agent_id] = name
        await self._switch.ask("POST", f"bridges/{agent_channel(agent_id)}/addChannel", channel=name)
        await self._switch.ask("POST", f"channels/{name}/answer")

    def _is_link(self, channel: Mapping[str, Any], number: str) -> bool:
        return is_link(channel) and number.isdigit() and len(number) == 1 + ATTEMPT_DIGITS + AGENT_DIGITS

    async def free(self, agent_id: int) -> None:
        """The floor gives an agent one call: an older link is over."""
        before = self._here.pop(agent_id, None)
        if before is not None:
            await self._switch.try_to("DELETE", f"channels/{before}")


def _address(node: Node) -> str:
    """Where other nodes reach this one by SIP: the host of its ARI."""
    return f"{urlsplit(node.ari_url).hostname}:{node.network.sip_port}"
