"""People who ring us on one node. It rings until a campaign takes the call: only then it is answered, and paid for.

Whom nobody takes hears that the line is busy. Whoever was taken hears music until an agent, or the message, is there.
"""

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, cast

from dialer import clock
from dialer.carriers.announcing import AGAIN_SECONDS
from dialer.carriers.asterisk import inbound_keys, keys
from dialer.carriers.asterisk.ari import AriRefusedError
from dialer.carriers.asterisk.book import Call
from dialer.carriers.asterisk.calls import Calls
from dialer.carriers.asterisk.client import NAME
from dialer.carriers.asterisk.settings import APPLICATION, INBOUND, INBOUND_CONTEXT, Trunk
from dialer.events import CallCause
from dialer.ports import RingingIn

log = logging.getLogger(__name__)

UNTAKEN_SECONDS = 30.0  # it rang for so long, and no worker was there to say who takes it
BUSY, NOT_FOR_YOU, NORMAL = 17, 21, 16
WITHHELD = "prohib"  # how Asterisk's names of presentations begin that hide the number
Announce = Callable[[RingingIn], Awaitable[None]]
Channel = Mapping[str, Any]


def endpoint_of(channel: Channel) -> str:
    """The PJSIP endpoint over which a channel came: Asterisk writes it, nobody outside does."""
    return str(channel.get("name", "")).removeprefix("PJSIP/").rpartition("-")[0]


class Callers:
    """Lets people ring until somebody takes or refuses their call, and lets them wait for an agent."""

    def __init__(self, calls: Calls, announce: Announce) -> None:
        self._calls, self._switch, self._announce = calls, calls.switch, announce
        self._client, node = calls.switch.client, calls.switch.node.name
        self._untaken = inbound_keys.node_inbound(node)
        self._trunks = {trunk.endpoint: trunk for trunk in calls.switch.telephony.trunks_of(node)}
        self._ring_in = self._client.register_script(inbound_keys.RING_IN)
        self._leave = self._client.register_script(inbound_keys.LEAVE)

    # ringing
    async def came_in(self, channel: Channel, words: Sequence[str]) -> None:
        """Somebody rings: only over a trunk, and only as a caller. `words`: what was dialed, and how the number is shown."""
        name, trunk = str(channel["id"]), self._trunks.get(endpoint_of(channel))
        if trunk is None:
            await self._hang_up(name, NOT_FOR_YOU)
            return
        dialed, shown = (*words, "", "")[:2]
        number = "" if shown.startswith(WITHHELD) else trunk.read(str(channel["caller"]["number"]))
        facts = [name, number, await self._dialed(name, dialed, trunk), self._switch.node.name, trunk.name]
        found = [inbound_keys.inbound_key(name), self._untaken]
        if await self._ring_in(keys=found, args=[*facts, repr(clock.now()), keys.KEEP_SECONDS]):
            await self._switch.try_to("POST", f"channels/{name}/ring")
        await self.announce_due()

    async def _dialed(self, name: str, dialed: str, trunk: Trunk) -> str:
        """Our number. A carrier where we registered may dial our user name, and say in To what was dialed."""
        ours = trunk.own(dialed)
        if ours:
            return ours
        try:
            found = await self._switch.ask(
                "GET", f"channels/{name}/variable", variable="PJSIP_HEADER(read,To)"
            )
        except AriRefusedError:
            return trunk.read(dialed)
        user = str(found.get("value", "")).partition("sip:")[2].partition("@")[0]
        return trunk.own(user.partition(";")[0]) or trunk.read(dialed)

    async def announce_due(self) -> None:
        """Tell of everybody who rings, again and again until somebody takes or refuses the call."""
        now = clock.now()
        due: Any = await self._client.zrange(self._untaken, "-inf", repr(now), byscore=True)
        for name in due:
            record = await self._record(name)
            if record.get("state") != inbound_keys.RINGING:
                await self._client.zrem(self._untaken, name)
            elif now - float(record["since"]) > UNTAKEN_SECONDS:
                log.warning("nobody said who takes the call %s", name)
                await self.refuse(name)
            elif await self._client.zadd(self._untaken, {name: now + AGAIN_SECONDS}, xx=True, ch=True):
                number, dialed, since = record["number"], record["dialed"], float(record["since"])
                await self._announce(RingingIn(NAME, name, number, dialed, since))

    async def refuse(self, name: str) -> None:
        """Nobody takes it: busy. A call that was taken meanwhile goes on."""
        if not await self._let_go(name):
            await self._hang_up(name, BUSY)

    async def gone(self, name: str, cause: int, sip: int | None) -> None:
        """The channel does not exist any more; the call may have been taken just now."""
        attempt = await self._let_go(name)
        call = await self._calls.find(int(attempt)) if attempt else None
        if call is not None:
            await self._calls.gone(call, cause, sip)

    async def _let_go(self, name: str) -> str:
        answer = await self._leave(keys=[inbound_keys.inbound_key(name), self._untaken], args=[name])
        return str(answer)

    async def _record(self, name: str) -> dict[str, str]:
        key = inbound_keys.inbound_key(name)
        return await cast(Awaitable[dict[str, str]], self._client.hgetall(key))

    async def _hang_up(self, name: str, cause: int) -> None:
        await self._switch.try_to("DELETE", f"channels/{name}", reason_code=cause)

    # waiting
    async def welcome(self, call: Call) -> None:
        """A campaign has taken the call: answer it, and let the person hear music. Once."""
        async with call.lock:
            if call.state != keys.ANSWERED or call.why or "welcomed" in call.facts:
                return
            try:
                await self._switch.ask("POST", f"channels/{call.channel}/answer")
                await give_music(self._calls, call)
            except AriRefusedError:  # gone in this moment
                await self._calls.end_locked(call, CallCause.CALLEE_HUNG_UP)
                return
            await self._calls.book.advance(call, (keys.ANSWERED,), keys.ANSWERED, welcomed="1")
            self._calls.watch_waiting(call)

    # after a connection
    async def adopt(self, channels: Mapping[str, Channel]) -> None:
        """Who rang while nobody listened is taken up, and who has gone is let go."""
        for name in cast(list[str], await self._client.zrange(self._untaken, 0, -1)):
            if name not in channels and not await self._switch.find(f"channels/{name}"):
                await self.gone(name, NORMAL, None)
        for name, channel in channels.items():
            words = _words_of(channel)
            if words is not None and endpoint_of(channel) in self._trunks:
                await self._adopt(name, channel, words)
        await self.announce_due()

    async def _adopt(self, name: str, channel: Channel, words: list[str]) -> None:
        record = await self._record(name)
        if not record:
            await self.came_in(channel, words)
        elif record["state"] == inbound_keys.GONE:
            await self._hang_up(name, BUSY)
        elif record["state"] == inbound_keys.TAKEN and int(record["attempt"]) not in self._calls.known:
            await self._hang_up(name, NORMAL)  # its call was given up: nobody would ever speak to this person

    async def give_up(self) -> None:
        """The node is dead: nobody rings there."""
        for name in cast(list[str], await self._client.zrange(self._untaken, 0, -1)):
            await self._let_go(name)


async def give_music(calls: Calls, call: Call) -> None:
    """Somebody who waits for an agent does not wait in silence."""
    await calls.switch.ask("POST", f"channels/{call.channel}/moh")


async def stop_music(calls: Calls, call: Call) -> None:
    """Somebody speaks now."""
    if call.is_inbound:
        await calls.switch.try_to("DELETE", f"channels/{call.channel}/moh")


def _words_of(channel: Channel) -> list[str] | None:
    """What the dialplan told the application of a channel that is with it; None for any other channel."""
    plan = channel.get("dialplan", {})
    start = f"{APPLICATION},{INBOUND},"
    data = str(plan.get("app_data", ""))
    if plan.get("context") != INBOUND_CONTEXT or not data.startswith(start):
        return None
    return data.removeprefix(start).split(",")
