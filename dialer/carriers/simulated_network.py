"""The simulated network: calls that ring, are answered, talk and end by themselves or by command."""

import asyncio
import heapq
import logging
from collections.abc import Awaitable, Callable, Mapping

from dialer import clock
from dialer.carriers import simulated_keys as keys
from dialer.carriers.simulated_calls import AWAY, CallBook, SimulatedCall
from dialer.carriers.simulated_inbound import RING_IN, InboundLine
from dialer.carriers.simulated_talks import Talks
from dialer.events import CallCause, EventKind

logger = logging.getLogger(__name__)

STALE_SECONDS = 10.0  # a call asked for longer ago is not dialed: nobody waits for it any more
RETRY_SECONDS = 0.2
IN_THE_AIR = (keys.QUEUED, keys.RINGING, keys.ANSWERED, keys.CONNECTED, keys.PLAYING)


class Network:
    """Moves calls on when their time has come."""

    def __init__(self, book: CallBook, talks: Talks, inbound: InboundLine) -> None:
        self._book, self._talks, self._inbound = book, talks, inbound
        self._calls: dict[int, SimulatedCall] = {}
        self._due: list[tuple[float, int, str]] = []  # when, attempt, the state it leaves
        self._changed = asyncio.Event()

    async def resume(self) -> int:
        """Take up the calls that an earlier process left; return how many."""
        for call in await self._book.list_live():
            if call.attempt_id not in self._calls:
                self._follow(call)
        return len(self._calls)

    async def obey(self, fields: Mapping[str, str]) -> None:
        """Carry out one command; one that came before changes nothing."""
        if fields["command"] == RING_IN:
            await self._inbound.ring_in(fields)
            return
        if "attempt" not in fields:
            await self._talks.obey_person(fields)
            return
        attempt_id, command = int(fields["attempt"]), fields["command"]
        call = self._calls.get(attempt_id) or await self._book.find(attempt_id)
        if call is None:
            logger.warning("%s for an unknown call", command, extra={"attempt": attempt_id})
            return
        await self.COMMANDS.get(command, Network._talk)(self, call, fields)

    async def run(self) -> None:
        """Move calls on for ever."""
        while True:
            wait = self._due[0][0] - clock.now() if self._due else None
            if wait is not None and wait <= 0:
                await self._move_next()
                continue
            self._changed.clear()
            try:
                await asyncio.wait_for(self._changed.wait(), wait)
            except TimeoutError:
                continue

    async def _move_next(self) -> None:
        _, attempt_id, state = heapq.heappop(self._due)
        call = self._calls.get(attempt_id)
        if call is None or call.state != state:
            return
        try:
            await self.STEPS[state](self, call)
            if call.state == state:
                await self._read_again(attempt_id)
        except AWAY:
            heapq.heappush(self._due, (clock.now() + RETRY_SECONDS, attempt_id, state))

    async def _read_again(self, attempt_id: int) -> None:
        """Redis knows the call otherwise: it lost its last second, or another process moved the call."""
        self._calls.pop(attempt_id, None)
        call = await self._book.find(attempt_id)
        if call and call.state != keys.QUEUED:  # a queued one comes back with its command
            self._follow(call)

    def _follow(self, call: SimulatedCall) -> None:
        if call.state == keys.ENDED:
            self._calls.pop(call.attempt_id, None)
            return
        self._calls[call.attempt_id] = call
        heapq.heappush(self._due, (call.since + stay_seconds(call), call.attempt_id, call.state))
        self._changed.set()

    # what happens by itself
    async def _leave_queue(self, call: SimulatedCall) -> None:
        if call.plan.ringing_after is None:
            await self._end(call, call.plan.cause, (keys.QUEUED,))
            return
        now = clock.now()
        ringing = call.event(EventKind.CALL_RINGING, now)
        if await self._book.advance(call, (keys.QUEUED,), keys.RINGING, ringing, now=now):
            self._follow(call)

    async def _leave_ringing(self, call: SimulatedCall) -> None:
        if call.plan.answer is None:
            await self._end(call, call.plan.cause, (keys.RINGING,))
            return
        now, callee = clock.now(), call.plan.callee
        answered = call.event(
            EventKind.CALL_ANSWERED,
            now,
            answer=call.plan.answer.value,
            callee={"mood": callee.mood, "interest": callee.interest},
        )
        if await self._book.advance(call, (keys.RINGING,), keys.ANSWERED, answered, now=now):
            self._follow(call)

    async def _leave_line(self, call: SimulatedCall) -> None:
        await self._end(call, CallCause.CALLEE_HUNG_UP, (call.state,))
        await self._talks.over(call.attempt_id)

    async def _leave_message(self, call: SimulatedCall) -> None:
        if call.plan.message < call.plan.message_length:
            await self._leave_line(call)
            return
        now = clock.now()
        played = call.event(EventKind.CALL_MESSAGE_PLAYED, now, seconds=round(call.plan.message_length, 3))
        ended = call.event(EventKind.CALL_ENDED, now, cause=CallCause.HUNG_UP.value)
        if await self._book.advance(call, (keys.PLAYING,), keys.ENDED, played, ended, now=now):
            self._follow(call)
            self._inbound.stir()

    async def _end(self, call: SimulatedCall, cause: CallCause, states: tuple[str, ...]) -> bool:
        now = clock.now()
        ended = call.event(EventKind.CALL_ENDED, now, cause=cause.value)
        done = await self._book.advance(call, states, keys.ENDED, ended, now=now)
        if done:
            self._follow(call)
            self._inbound.stir()
        return done

    # what is commanded
    async def _adopt(self, call: SimulatedCall, fields: Mapping[str, str]) -> None:
        """A call that rang in was taken: it waits for an agent."""
        if call.attempt_id not in self._calls:
            self._follow(call)

    async def _place(self, call: SimulatedCall, fields: Mapping[str, str]) -> None:
        now = clock.now()
        if call.state == keys.QUEUED and now - call.since > STALE_SECONDS:
            await self._end(call, CallCause.FAILED, (keys.QUEUED,))
        elif await self._book.dial(call, now):
            self._follow(call)

    async def _connect(self, call: SimulatedCall, fields: Mapping[str, str]) -> None:
        now, agent_id = clock.now(), int(fields["agent"])
        connected = call.event(EventKind.CALL_CONNECTED, now, agent_id=agent_id)
        answered = (keys.ANSWERED,)
        if await self._book.advance(call, answered, keys.CONNECTED, connected, now=now, agent_id=agent_id):
            self._follow(call)
        if call.state == keys.CONNECTED:
            recorded = await self._book.is_recorded(call.attempt_id)
            await self._talks.begin(call.attempt_id, call.campaign_id, agent_id, recorded=recorded)

    async def _play_message(self, call: SimulatedCall, fields: Mapping[str, str]) -> None:
        if await self._book.advance(call, (keys.ANSWERED,), keys.PLAYING, now=clock.now()):
            self._follow(call)

    async def _hang_up(self, call: SimulatedCall, fields: Mapping[str, str]) -> None:
        await self._end(call, CallCause.HUNG_UP, IN_THE_AIR)
        await self._talks.over(call.attempt_id)

    async def _talk(self, call: SimulatedCall, fields: Mapping[str, str]) -> None:
        async def end_call(cause: CallCause) -> bool:
            return await self._end(call, cause, (keys.CONNECTED,))

        await self._talks.obey(call.attempt_id, fields, end_call)

    STEPS: Mapping[str, Callable[["Network", SimulatedCall], Awaitable[None]]] = {
        keys.QUEUED: _leave_queue,
        keys.RINGING: _leave_ringing,
        keys.ANSWERED: _leave_line,
        keys.CONNECTED: _leave_line,
        keys.PLAYING: _leave_message,
    }
    COMMANDS: Mapping[str, Callable[["Network", SimulatedCall, Mapping[str, str]], Awaitable[None]]] = {
        "adopt": _adopt,
        "place": _place,
        "connect": _connect,
        "play_message": _play_message,
        "hang_up": _hang_up,
    }


def stay_seconds(call: SimulatedCall) -> float:
    """How long a call stays in its state when nobody commands otherwise."""
    plan = call.plan
    if call.state == keys.QUEUED:
        return plan.decided_after if plan.ringing_after is None else plan.ringing_after
    stays = {
        keys.RINGING: plan.decided_after,
        keys.ANSWERED: plan.patience,
        keys.CONNECTED: plan.talk,
        keys.PLAYING: plan.message,
    }
    return stays[call.state]
