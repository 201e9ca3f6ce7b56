"""The recorded message that is left on an answering machine, after its tone: by an agent, or when detection found one."""

import asyncio
import logging
from collections.abc import Mapping
from typing import Any

from dialer.carriers.asterisk import keys
from dialer.carriers.asterisk.book import Call
from dialer.carriers.asterisk.calls import Calls
from dialer.carriers.asterisk.messages import Messages
from dialer.carriers.talks import TalkFact
from dialer.events import Answer, CallCause, EventKind

log = logging.getLogger(__name__)

QUIET_MS = 1200  # so long a silence follows the greeting and its tone
LOUDNESS = 256
LONGEST_GREETING_SECONDS = 40.0
FIRST_QUIET_SECONDS = 1.5  # a machine that says nothing has said its greeting already


class Voicemail:
    """Waits until a machine is quiet, then speaks and hangs up."""

    def __init__(self, calls: Calls, messages: Messages) -> None:
        self._calls, self._messages, self._switch = calls, messages, calls.switch
        self._heard: dict[int, asyncio.Event] = {}
        self._quiet: dict[int, asyncio.Event] = {}

    async def machine_answered(self, call: Call, kept: Mapping[str, Any]) -> None:
        """Detection found a machine: for the floor the call is over at once, and no agent is kept for it."""
        async with call.lock:
            if call.state not in keys.BEFORE_ANSWER or call.why:
                return
            answered = call.event(EventKind.CALL_ANSWERED, answer=Answer.MACHINE.value, detection=dict(kept))
            ended = call.ended(CallCause.HUNG_UP, voicemail=True)
            facts = {"answered_at": answered.at, "apart": TalkFact.VOICEMAIL_DROPPED.value, "by_itself": "1"}
            if await self._calls.book.advance(call, keys.BEFORE_ANSWER, keys.APART, answered, ended, **facts):
                call.answered_at = answered.at
                self._calls.unwatch(call)
                await self.begin(call)

    async def begin(self, call: Call) -> None:
        """The machine is ours alone now; the caller holds the lock."""
        self._heard[call.attempt_id], self._quiet[call.attempt_id] = asyncio.Event(), asyncio.Event()
        await self._switch.try_to(
            "POST",
            f"channels/{call.channel}/variable",
            variable="TALK_DETECT(set)",
            value=f"{QUIET_MS},{LOUDNESS}",
        )
        self._switch.spawn(self._speak_when_quiet(call))

    def talking(self, call: Call, *, begins: bool) -> None:
        """The machine speaks, or has been quiet for a while."""
        events = self._heard if begins else self._quiet
        event = events.get(call.attempt_id)
        if event is not None:
            event.set()

    async def _speak_when_quiet(self, call: Call) -> None:
        heard, quiet = self._heard[call.attempt_id], self._quiet[call.attempt_id]
        try:
            if await _within(FIRST_QUIET_SECONDS, heard):
                await _within(LONGEST_GREETING_SECONDS, quiet)
        finally:
            self._heard.pop(call.attempt_id, None)
            self._quiet.pop(call.attempt_id, None)
        async with call.lock:
            if call.state == keys.APART and not call.why:
                await self._messages.start_voicemail(call)

    async def adopt(self) -> None:
        """After a connection: a machine that hears nothing is not kept."""
        for call in list(self._calls.known.values()):
            dropped = call.state == keys.APART and call.facts.get("apart") == TalkFact.VOICEMAIL_DROPPED
            if dropped and call.attempt_id not in self._heard and not await self._messages.is_heard(call):
                await self._calls.hang_up(call)


async def _within(seconds: float, event: asyncio.Event) -> bool:
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return False
    return True
