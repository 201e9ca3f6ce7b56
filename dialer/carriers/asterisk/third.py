"""The third person of a call: consulted by the agent, or the one to whom the callee is handed on."""

import asyncio
import logging
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from dialer import clock
from dialer.carriers.asterisk import keys
from dialer.carriers.asterisk.ari import AriRefusedError
from dialer.carriers.asterisk.book import Call
from dialer.carriers.asterisk.calls import Calls
from dialer.carriers.asterisk.causes import cause_of
from dialer.carriers.asterisk.messages import Messages
from dialer.carriers.asterisk.room import Room
from dialer.carriers.talks import TalkFact
from dialer.ports import Consulted, Talk

log = logging.getLogger(__name__)

KIND = "third"
RING_SECONDS = 30
NUMBER = re.compile(r"\+[1-9]\d{6,14}")


class ThirdRefusedError(Exception):
    """Nobody was rung; `why` is a word for the desk."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def third_channel(attempt_id: int) -> str:
    """Id of the third person's channel."""
    return f"{KIND}-{attempt_id:012d}"


def check(call: Call, number: str, until: float) -> None:
    """What was allowed is looked at again in the moment of dialing, as far as it is known here. Raises ThirdRefusedError.

    Lists and laws are the application's to read: its word holds until a moment that it names, and not a second longer.
    """
    if not NUMBER.fullmatch(number) or number == call.number:
        raise ThirdRefusedError("not_possible")
    if clock.now() > until:
        raise ThirdRefusedError("too_late")


def apart_bridge(attempt_id: int) -> str:
    """Id of the bridge in which callee and third person talk without an agent."""
    return f"apart-{attempt_id:012d}"


class Third:
    """Rings third persons of calls on one node, joins them, and leaves nobody alone when they go."""

    def __init__(self, calls: Calls, messages: Messages) -> None:
        self._calls, self._messages = calls, messages
        self._switch, self._talks = calls.switch, calls.switch.talks
        self._room = Room(calls.switch.client)

    # what is asked
    async def ring(self, call: Call, number: str, until: float) -> None:
        """Ring somebody over the trunk of the call, as one of its calls. Raises ThirdRefusedError."""
        check(call, number, until)
        trunk, channel = self._switch.trunk(call.trunk), third_channel(call.attempt_id)
        wait = await self._room.take(channel, trunk, self._switch.node)
        if wait is None:
            raise ThirdRefusedError("trunk_full")
        await asyncio.sleep(wait)
        try:
            await self._dial(call, number)
        except AriRefusedError:
            await self._free(call)
            raise

    async def _dial(self, call: Call, number: str) -> None:
        trunk = self._switch.trunk(call.trunk)
        shown = call.facts.get("shown") or call.caller_id  # who rang us sees the number that was dialed
        await self._switch.originate(
            third_channel(call.attempt_id),
            f"PJSIP/{trunk.dialed(number)}@{trunk.endpoint}",
            kind=KIND,
            callerId=f'"{shown}" <{shown}>',
            timeout=RING_SECONDS,
        )

    async def _free(self, call: Call) -> None:
        await self._room.free(third_channel(call.attempt_id), call.trunk, self._switch.node.name)

    async def give_music(self, call: Call) -> None:
        """The callee hears music, and the agent does not hear the callee."""
        call.absences += 1
        await self._switch.try_to("POST", f"bridges/{call.bridge}/removeChannel", channel=call.channel)
        await self._switch.ask("POST", f"channels/{call.channel}/moh")

    async def take_back(self, call: Call) -> None:
        """The callee is with the agent again."""
        await self._switch.try_to("DELETE", f"channels/{call.channel}/moh")
        await self._switch.ask("POST", f"bridges/{call.bridge}/addChannel", channel=call.channel)

    async def join(self, call: Call) -> None:
        """Callee and third person talk with each other alone."""
        bridge, third = apart_bridge(call.attempt_id), third_channel(call.attempt_id)
        await self._switch.try_to("POST", f"bridges/{bridge}", type="mixing", name=bridge)
        await self._switch.try_to("DELETE", f"channels/{call.channel}/moh")
        await self._switch.ask("POST", f"bridges/{bridge}/addChannel", channel=f"{call.channel},{third}")

    # what the node says
    async def answered(self, attempt_id: int) -> None:
        """The third person picked up."""
        call = await self._calls.find(attempt_id)
        if call is None:
            await self._switch.try_to("DELETE", f"channels/{third_channel(attempt_id)}")
            return
        async with call.lock:
            talk = await self._talks.find_talk(attempt_id)
            if call.state == keys.APART:
                await self._hand_over(call)
            elif talk is not None and talk.consulted is Consulted.RINGING:
                await self._switch.ask(
                    "POST",
                    f"bridges/{call.bridge}/addChannel",
                    channel=third_channel(attempt_id),
                )
                talking = replace(talk, consulted=Consulted.TALKING)
                await self._talks.write_talk(talking, TalkFact.CONSULT_ANSWERED)
            elif talk is None or talk.consulted is Consulted.NOBODY:
                await self._switch.try_to("DELETE", f"channels/{third_channel(attempt_id)}")

    async def _hand_over(self, call: Call) -> None:
        try:
            await self.join(call)
        except (
            AriRefusedError
        ):  # one of them is gone already, which we hear next; the bridge says who has talked
            await self._switch.try_to("DELETE", f"bridges/{apart_bridge(call.attempt_id)}")
            raise
        await self._tell(call, TalkFact.TRANSFER_ANSWERED)

    async def gone(self, attempt_id: int, cause: int, sip: int | None) -> None:
        """The third person hung up, or never came: the callee is not left with silence."""
        call = await self._calls.find(attempt_id)
        if call is None:
            return  # its place was freed with the call
        async with call.lock:
            await self._free(call)
            talk = await self._talks.find_talk(attempt_id)
            if call.state == keys.APART and call.facts.get("apart") == TalkFact.TRANSFERRED:
                await self._end_apart(call, cause, sip)
            elif talk is not None and talk.consulted is not Consulted.NOBODY:
                alone = replace(talk, held=False, consulted=Consulted.NOBODY, number="")
                joined = talk.consulted in (Consulted.TALKING, Consulted.MERGED)
                why = "hung_up" if joined else str(cause_of(cause, sip, rang=True))
                await self._talks.write_talk(alone, TalkFact.CONSULT_ENDED, why=why)
                await self.take_back(call)

    async def _end_apart(self, call: Call, cause: int, sip: int | None) -> None:
        if await self._switch.find(f"bridges/{apart_bridge(call.attempt_id)}"):
            await self._calls.hang_up_locked(call)  # they have talked
            return
        await self._tell(call, TalkFact.TRANSFER_FAILED, why=str(cause_of(cause, sip, rang=True)))
        await self._switch.try_to("DELETE", f"channels/{call.channel}/moh")
        await self._messages.apologize(call)

    async def _tell(self, call: Call, what: TalkFact, **data: str) -> None:
        talk = Talk(call.attempt_id, call.campaign_id, call.agent_id or 0)
        await self._talks.end_talk(talk, what, **data)

    async def call_is_over(self, call: Call) -> None:
        """Whoever was brought in for this callee goes too."""
        await self._free(call)
        await self._switch.try_to("DELETE", f"channels/{third_channel(call.attempt_id)}")
        await self._switch.try_to("DELETE", f"bridges/{apart_bridge(call.attempt_id)}")

    # after a connection
    async def adopt(self, channels: Mapping[str, Mapping[str, Any]]) -> None:
        """Compare third persons with what the talks say."""
        for name, channel in channels.items():
            kind, _, number = name.partition("-")
            if kind == KIND and number.isdigit():
                if int(number) not in self._calls.known:
                    await self._switch.try_to("DELETE", f"channels/{name}")
                elif channel["state"] == "Up":
                    await self._adopt_joined(self._calls.known[int(number)])
        for call in list(self._calls.known.values()):
            if third_channel(call.attempt_id) not in channels:
                await self._adopt_gone(call)

    async def _adopt_joined(self, call: Call) -> None:
        """It may have been answered while nobody listened, and joined with nobody."""
        bridge = await self._switch.find(f"bridges/{apart_bridge(call.attempt_id)}")
        if (
            call.state != keys.APART
            or bridge is None
            or third_channel(call.attempt_id) not in bridge["channels"]
        ):
            await self.answered(call.attempt_id)

    async def _adopt_gone(self, call: Call) -> None:
        """One who is being rung since the channels were listed is not gone."""
        async with call.lock:
            talk = await self._talks.find_talk(call.attempt_id)
            transferred = call.state == keys.APART and call.facts.get("apart") == TalkFact.TRANSFERRED
            if not transferred and (talk is None or talk.consulted is Consulted.NOBODY):
                await self._free(call)
                return
        if not await self._switch.find(f"channels/{third_channel(call.attempt_id)}"):
            await self.gone(call.attempt_id, 0, None)
