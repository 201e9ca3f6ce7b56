"""After a connection: what is recorded is compared with what is on the node, because nothing that happened meanwhile is told again."""

import asyncio
import logging
from collections.abc import Mapping
from typing import Any

from dialer import clock
from dialer.carriers.asterisk import detection, keys
from dialer.carriers.asterisk.book import Call
from dialer.carriers.asterisk.calls import KIND, Calls
from dialer.events import CallCause

log = logging.getLogger(__name__)

DOUBT_SECONDS = 2.0  # a call of which the node knows nothing yet may still come


class Resync:
    """Takes up the calls of one node, or ends them properly."""

    def __init__(self, calls: Calls) -> None:
        self._calls, self._switch = calls, calls.switch
        self._has_read = False

    async def read(self) -> None:
        """Know the calls before the node says anything of them, once: who answers before they are looked at is no stranger."""
        if not self._has_read:
            await self._list()
            self._has_read = True

    async def _list(self) -> list[Call]:
        for found in await self._calls.book.list_on(self._switch.node.name):
            self._calls.known.setdefault(found.attempt_id, found)
        return list(self._calls.known.values())

    async def adopt(self, channels: Mapping[str, Mapping[str, Any]]) -> list[Call]:
        """Compare the record with the node; return calls of which it knows nothing yet.

        Events come in already: what was read or listed a moment ago may be older than what was heard.
        """
        doubtful = []
        for call in await self._list():
            async with call.lock:
                await self._refresh(call)
            if call.state not in keys.IN_THE_AIR:
                continue
            channel = channels.get(call.channel) or await self._switch.find(f"channels/{call.channel}")
            if channel is None and call.state == keys.DIALING:
                doubtful.append(call)
            elif channel is None:
                await self._lost(call)
            else:
                await self._adopt(call, channel)
        await self._hang_up_strangers(channels)
        return doubtful

    async def _refresh(self, call: Call) -> None:
        """The record may be ahead of us, when Redis was away; the caller holds the lock."""
        found = await self._calls.book.find(call.attempt_id)
        if found is not None and found.state == keys.ENDED and call.state in keys.IN_THE_AIR:
            await self._calls.end_locked(call, CallCause.HUNG_UP)  # that was told; what follows was not done
            call.state = keys.ENDED
            return
        if found is None or found.node != self._switch.node.name or found.state == keys.ENDED:
            call.state = keys.FORBIDDEN
            self._calls.forget(call)
            return
        call.state, call.since, call.why = found.state, found.since, found.why or call.why
        call.facts |= found.facts
        call.answered_at, call.agent_id = found.answered_at, found.agent_id

    async def _adopt(self, call: Call, channel: Mapping[str, Any]) -> None:
        channel_state = str(channel["state"])
        if call.why:
            await self._calls.hang_up(call, CallCause(call.why))
        elif channel_state == "Ringing":
            await self._calls.rings(call)
        elif channel_state == "Up" and call.state in keys.BEFORE_ANSWER:
            await self._adopt_answered(call, channel)
        if call.state in keys.BEFORE_ANSWER and not detection.is_under_way(call):
            self._calls.watch_ringing(call)
        elif call.state == keys.ANSWERED:
            self._calls.watch_waiting(call)

    async def _adopt_answered(self, call: Call, channel: Mapping[str, Any]) -> None:
        if not detection.is_under_way(call):
            await self._calls.picked_up(call)
        elif detection.is_listening(channel):
            self._calls.watch(call, clock.now() + detection.LONGEST_SECONDS, "verdict")
        else:  # the verdict was told to nobody: no risk is taken with a person
            await self._calls.answered(call, detection=detection.no_verdict(call))

    async def _lost(self, call: Call) -> None:
        """It ended while nobody listened."""
        async with call.lock:
            if call.state not in keys.IN_THE_AIR:
                return  # its end was heard just now
            cause = CallCause.CALLEE_HUNG_UP if call.answered_at else CallCause.FAILED
            await self._calls.end_locked(call, CallCause(call.why) if call.why else cause, lost=True)

    async def _hang_up_strangers(self, channels: Mapping[str, Any]) -> None:
        """A channel whose call has been given up: nobody would ever speak to this person."""
        for name in channels:
            kind, _, number = name.partition("-")
            if kind == KIND and number.isdigit() and int(number) not in self._calls.known:
                await self._switch.try_to("DELETE", f"channels/{name}")

    async def settle_doubts(self, calls: list[Call]) -> None:
        """The node may have been asked for these when the socket broke: they are never asked for again."""
        if not calls:
            return
        await asyncio.sleep(DOUBT_SECONDS)
        for call in calls:
            if call.state == keys.DIALING and not await self._switch.find(f"channels/{call.channel}"):
                await self._lost(call)

    async def give_up(self) -> None:
        """The node is dead: its calls are over, and what it was not asked for goes to another one."""
        calls = await self._calls.book.list_on(self._switch.node.name)
        for found in calls:
            call = self._calls.known.setdefault(found.attempt_id, found)
            if found.state == keys.ASSIGNED:
                await self._give_back_unplaced([call])
            elif found.state in keys.IN_THE_AIR:
                call.state = found.state
                await self._lost(call)

    async def _give_back_unplaced(self, calls: list[Call]) -> None:
        """The node is gone before it was asked for these."""
        for call in calls:
            if call.state == keys.ASSIGNED:
                await self._calls.book.put_back(call, (keys.ASSIGNED,))
                self._calls.forget(call)
