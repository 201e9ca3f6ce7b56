"""Carries out what the floor asks of the carrier and of the jobs. Nothing here may be lost: the floor repeats it."""

import asyncio
import logging
from collections.abc import Coroutine, Iterable
from typing import Any

from redis.asyncio import Redis

from dialer import clock
from dialer.core.floor.call import CallState
from dialer.core.floor.effects import (
    Command,
    Connect,
    Effect,
    Fact,
    HangUp,
    PlayMessage,
    Push,
    Reconcile,
    Requeue,
    Withdraw,
)
from dialer.engine.reserving import Reserver
from dialer.events import CallCause, Event, EventKind
from dialer.live import post_event_async
from dialer.ports import CallControl, Campaigns, CampaignSettings, CarrierCall

log = logging.getLogger(__name__)
Work = Coroutine[Any, Any, None]
COMMAND_SECONDS = 5.0
UNPLACED = frozenset({CallState.RESERVED.value, CallState.ORIGINATING.value})
UNANSWERED = UNPLACED | {CallState.RINGING.value}
HEARD_OF: dict[str, EventKind] = {
    "ringing": EventKind.CALL_RINGING,
    "answered": EventKind.CALL_ANSWERED,
    "ended": EventKind.CALL_ENDED,
}


class Hands:
    """The carrier side of one leadership. Commands run beside the loop, so that a slow carrier holds nothing up."""

    def __init__(
        self, client: Redis, control: CallControl, campaigns: Campaigns, reserver: Reserver, campaign_id: int
    ) -> None:
        self._client, self.control = client, control
        self._campaigns, self._reserver = campaigns, reserver
        self._campaign_id = campaign_id
        self.message = self.inbound_message = ""
        self._tasks: set[asyncio.Task[None]] = set()

    def use_messages(self, settings: CampaignSettings) -> None:
        """What people hear for whom nobody is free."""
        self.message, self.inbound_message = settings.message, settings.inbound_message or settings.message

    def carry_out(self, effects: Iterable[Effect]) -> None:
        """Start everything that an effect asks for."""
        for effect in effects:
            if isinstance(effect, Fact | Push):
                continue
            task = asyncio.create_task(self._try(self._work_for(effect)))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    def _work_for(self, effect: Command) -> Work:
        match effect:
            case Connect(attempt_id, agent_id):
                return self.control.connect(attempt_id, agent_id)
            case PlayMessage(attempt_id, inbound):
                return self.control.play_message(
                    attempt_id, self.inbound_message if inbound else self.message
                )
            case HangUp(attempt_id):
                return self.control.hang_up(attempt_id)
            case Withdraw(attempt_id):
                return self._withdraw(attempt_id)
            case Requeue(attempt_id):
                return asyncio.to_thread(self._reserver.queue_again, attempt_id)
            case Reconcile(attempt_id, state):
                return self._reconcile(attempt_id, state)

    async def _try(self, work: Work) -> None:
        try:
            async with asyncio.timeout(COMMAND_SECONDS):
                await work
        except Exception:
            log.exception("a command failed and will be repeated", extra={"campaign": self._campaign_id})

    async def _withdraw(self, attempt_id: int) -> None:
        if not await self._release(attempt_id):
            await self.control.hang_up(attempt_id)

    async def _release(self, attempt_id: int) -> bool:
        """Make certain that the call is never placed; then its lead may be dialed again."""
        if not await self.control.forbid(attempt_id):
            return False
        await asyncio.to_thread(self._campaigns.release_attempt, attempt_id, reason="never placed")
        await self._post(EventKind.CALL_ENDED, attempt_id, cause=CallCause.FAILED.value, never_placed=True)
        return True

    async def _reconcile(self, attempt_id: int, state: str) -> None:
        if state in UNPLACED and await self._release(attempt_id):
            return
        found = await self.control.find_call(attempt_id)
        if found is None:
            found = CarrierCall(attempt_id, self._campaign_id, "ended")
        kind = HEARD_OF.get(found.state)
        if kind is EventKind.CALL_ENDED:
            await self._post(kind, attempt_id, cause=CallCause.FAILED.value)
        elif kind is not None and state in UNANSWERED:
            await self._post(kind, attempt_id)
        elif found.state == "connected" and state in UNANSWERED:
            await self.control.hang_up(attempt_id)

    async def _post(self, kind: EventKind, attempt_id: int, **data: Any) -> None:
        event = Event(kind, clock.now(), self._campaign_id, attempt_id=attempt_id, data=data)
        await post_event_async(self._client, event)

    async def finish(self) -> None:
        """Wait for what is under way."""
        await asyncio.gather(*self._tasks, return_exceptions=True)
