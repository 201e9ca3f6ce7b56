"""The calls of people on one node: placed, rung, answered, ended. What the node says decides, never what was hoped."""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any

from dialer import clock
from dialer.carriers.asterisk import detection, keys
from dialer.carriers.asterisk.ari import AriLostError, AriRefusedError
from dialer.carriers.asterisk.book import Call
from dialer.carriers.asterisk.caller_ids import CallerIds
from dialer.carriers.asterisk.causes import TRUNK_FAILED, cause_of
from dialer.carriers.asterisk.switch import Switch
from dialer.carriers.asterisk.trunk_health import TrunkHealth
from dialer.events import Answer, CallCause, EventKind

log = logging.getLogger(__name__)

KIND = "call"  # the Stasis argument of these channels
SILENT_SECONDS = 15.0  # a carrier that lets nothing be heard gets so much more than the ring time
SPARE_SECONDS = 30  # Asterisk hangs up by itself when no gateway is left to do it
HELLO_SECONDS = 30.0  # an answered person for whom nobody says anything: the engine is gone


class Calls:
    """Follows every call of one node."""

    def __init__(self, switch: Switch) -> None:
        self.switch = switch
        self.book = switch.book
        self._caller_ids, self._trunks = CallerIds(switch.client), TrunkHealth(switch.client)
        self.known: dict[int, Call] = {}
        self._timers: dict[int, asyncio.TimerHandle] = {}
        self.on_over: list[Callable[[Call], Coroutine[Any, Any, None]]] = []

    async def find(self, attempt_id: int) -> Call | None:
        """A call of this node; None when it is not here or over."""
        call = self.known.get(attempt_id)
        if call is None:
            call = await self.book.find(attempt_id)
            if call is None or call.node != self.switch.node.name or call.state == keys.ENDED:
                return None
            call = self.known.setdefault(attempt_id, call)
        return call

    def on_channel(self, name: str) -> Call | None:
        """The call of somebody who rang us, by the id that Asterisk gave its channel."""
        return next((call for call in self.known.values() if call.is_inbound and call.channel == name), None)

    def is_talking(self, agent_id: int) -> bool:
        """Somebody listens to this agent."""
        return any(call.agent_id == agent_id and call.state == keys.CONNECTED for call in self.known.values())

    # placing
    async def originate(self, call: Call) -> None:
        """Ask the node to dial, once. The order may be read again, when it is in the air and followed already."""
        async with call.lock:
            if call.state not in keys.BEFORE_DIALING:
                return
            if not await self.book.claim(call, self.switch.token):
                self.forget(call)
                return
            await self._dial(call)

    async def _dial(self, call: Call) -> None:
        trunk = self.switch.trunk(call.trunk)
        shown = await self._caller_ids.show(call, trunk)
        if shown is None:
            await self._give_back(call)
            return
        try:
            await self.switch.originate(
                call.channel,
                f"PJSIP/{trunk.dialed(call.number)}@{trunk.endpoint}",
                kind=KIND,
                callerId=f'"{shown}" <{shown}>',
                timeout=int(call.ring_seconds + SILENT_SECONDS + SPARE_SECONDS),
            )
        except AriRefusedError as error:
            log.warning("%s refused call %s: %s", call.trunk, call.attempt_id, error)
            await self._trunks.failed(call.trunk)
            await self._give_back(call, refused_by=call.trunk)
            return
        except AriLostError as error:
            if not error.sent:
                await self._give_back(call)
                return
            # nobody knows: the look after the next connection tells, or the watch when the socket stays
        self.watch_ringing(call)

    async def _give_back(self, call: Call, refused_by: str = "") -> None:
        """It was certainly not dialed."""
        await self.book.put_back(call, (keys.DIALING,), refused_by=refused_by)
        self.forget(call)

    # what the node says
    async def rings(self, call: Call) -> None:
        """The callee's telephone rings, or the network plays something."""
        async with call.lock:
            if call.state != keys.DIALING:
                return
            ringing = call.event(EventKind.CALL_RINGING)
            if await self.book.advance(call, (keys.DIALING,), keys.RINGING, ringing):
                self.watch_ringing(call)
        await self._trunks.worked(call.trunk)

    async def picked_up(self, call: Call) -> None:
        """Somebody or something picked up: who, is found out first when the campaign wants to know."""
        if not detection.is_wanted(call):
            await self.answered(call)
            return
        async with call.lock:
            if call.state not in keys.BEFORE_ANSWER or detection.is_under_way(call):
                return
            await self.book.advance(call, keys.BEFORE_ANSWER, call.state, judging=clock.now())
            self.watch(call, clock.now() + detection.LONGEST_SECONDS, "verdict")
            await detection.begin(self.switch, call)

    async def answered(self, call: Call, answer: Answer = Answer.HUMAN, **data: Any) -> None:
        """A person, or a machine, waits for somebody to speak."""
        async with call.lock:
            if call.state not in keys.BEFORE_ANSWER:
                return
            event = call.event(EventKind.CALL_ANSWERED, answer=answer.value, **data)
            done = await self.book.advance(
                call, keys.BEFORE_ANSWER, keys.ANSWERED, event, answered_at=event.at
            )
            if done:
                call.answered_at = event.at
                self.watch(call, event.at + HELLO_SECONDS, "nobody")
        await self._trunks.worked(call.trunk)

    async def gone(self, call: Call, cause: int, sip: int | None) -> None:
        """Its channel does not exist any more."""
        async with call.lock:
            rang, answered = call.state != keys.DIALING, call.answered_at or detection.is_under_way(call)
            if call.why:
                found = CallCause(call.why)
            else:
                found = CallCause.CALLEE_HUNG_UP if answered else cause_of(cause, sip, rang=rang)
            await self.end_locked(call, found, network={"cause": cause, "sip": sip})
        if not rang and found in TRUNK_FAILED:
            await self._trunks.failed(call.trunk)
        elif not call.why:
            await self._trunks.worked(call.trunk)

    async def end_locked(self, call: Call, cause: CallCause, **data: Any) -> None:
        """Its last change. A floor that has let go of the call already is told nothing more."""
        events = [] if call.state == keys.APART else [call.ended(cause, **data)]
        if events and call.state in keys.BEFORE_ANSWER and detection.is_under_way(call):
            events.insert(0, call.event(EventKind.CALL_ANSWERED, **detection.hung_up(call)))
        if events and call.pressed and "opted_out" not in call.facts:
            events.insert(0, call.event(EventKind.CALL_OPTED_OUT, key=call.pressed))
        await self.book.advance(call, keys.BEFORE_DIALING + keys.IN_THE_AIR, keys.ENDED, *events)
        self.forget(call)
        for follow in self.on_over:
            self.switch.spawn(follow(call))
        talk = await self.switch.talks.find_talk(call.attempt_id)
        if talk is not None:
            await self.switch.talks.end_talk(talk)

    # ending
    async def hang_up(self, call: Call, why: CallCause = CallCause.HUNG_UP) -> None:
        """End a call in any state."""
        async with call.lock:
            await self.hang_up_locked(call, why)

    async def hang_up_for_floor(self, call: Call) -> None:
        """The same, unless the floor has let go of it when its turn comes: then it is not the floor's any more."""
        async with call.lock:
            if call.state != keys.APART:
                await self.hang_up_locked(call)

    async def hang_up_locked(self, call: Call, why: CallCause = CallCause.HUNG_UP) -> None:
        """The same, for who holds the lock."""
        if call.state in keys.BEFORE_DIALING:
            if await self.book.advance(call, keys.BEFORE_DIALING, keys.ENDED, call.ended(why)):
                self.forget(call)
                return
            await self._read_again(call)
        if call.state not in keys.IN_THE_AIR:
            self.forget(call)
            return
        if not call.why:
            call.why = why.value
            await self.book.advance(call, (call.state,), call.state, why=call.why)
        try:
            await self.switch.ask("DELETE", f"channels/{call.channel}", reason_code=16)
        except AriRefusedError:  # it is gone; its event may have come in an hour when nobody listened
            await self.end_locked(call, CallCause(call.why))

    async def _read_again(self, call: Call) -> None:
        """Somebody else's, or nobody's, is as good as forbidden here."""
        found = await self.book.find(call.attempt_id)
        ours = found is not None and found.node == self.switch.node.name
        call.state = found.state if found and ours else keys.FORBIDDEN

    # time
    def watch_ringing(self, call: Call) -> None:
        """Nobody's telephone rings for longer than it may."""
        if call.state == keys.DIALING:
            self.watch(call, call.since + call.ring_seconds + SILENT_SECONDS, "silence")
        elif call.state == keys.RINGING:
            self.watch(call, call.since + call.ring_seconds, "ring")

    def watch(self, call: Call, until: float, what: str) -> None:
        """Look at the call again when it has stayed so long in its state."""
        self.unwatch(call)
        state, loop = call.state, asyncio.get_running_loop()
        self._timers[call.attempt_id] = loop.call_later(
            max(0.0, until - clock.now()),
            lambda: self.switch.spawn(self._time_is_over(call, state, what)),
        )

    def watch_waiting(self, call: Call) -> None:
        """Nobody waits for a word longer than an engine may need to say it; who rang us has a time of their own."""
        self.watch(call, clock.now() + call.wait_seconds + HELLO_SECONDS, "nobody")

    def unwatch(self, call: Call) -> None:
        """Nothing is waited for any more."""
        timer = self._timers.pop(call.attempt_id, None)
        if timer is not None:
            timer.cancel()

    async def _time_is_over(self, call: Call, state: str, what: str) -> None:
        if what == "verdict":
            await self.answered(call, detection=detection.no_verdict(call))
            return
        async with call.lock:
            if call.state != state:
                return
            causes = {"silence": CallCause.FAILED, "ring": CallCause.NO_ANSWER}
            await self.hang_up_locked(call, causes.get(what, CallCause.HUNG_UP))
        if what == "silence":
            await self._trunks.failed(call.trunk)

    def forget(self, call: Call) -> None:
        """It is over, or somebody else's."""
        self.unwatch(call)
        self.known.pop(call.attempt_id, None)
