"""The two client sides of the simulated carrier: commands go to its process through Redis."""

import json
from collections.abc import Awaitable
from typing import cast

import redis
import redis.asyncio

from dialer import clock, live
from dialer.carriers import simulated_keys as keys
from dialer.carriers.behaviour import Profile
from dialer.carriers.inbound_events import came_in_event, gone_event
from dialer.ports import CarrierCall, CarrierUnavailableError, PlaceOrder, TakeOrder

NAME = "simulated"


class SimulatedPlacer:
    """Asks the simulated carrier to dial (synchronous, for jobs)."""

    def __init__(self, client: redis.Redis) -> None:
        self._client = client
        self._ask = client.register_script(keys.ASK)

    def place_call(self, order: PlaceOrder) -> None:
        """Ask for the call once; a second time changes nothing.

        When Redis fails in between, nobody knows whether the carrier was asked: its error goes through.
        """
        profile = dict(order.profile)
        Profile.read(profile)
        if order.recording is not None:
            self._client.set(keys.recorded_key(order.attempt_id), "1", ex=keys.KEEP_SECONDS)
        answer = self._ask(
            keys=[keys.call_key(order.attempt_id), live.SIMULATED_COMMANDS, live.alive_key("carrier", NAME)],
            args=[
                order.attempt_id,
                order.campaign_id,
                order.number,
                order.ring_seconds,
                json.dumps(profile, separators=(",", ":")),
                repr(clock.now()),
                order.caller_id,
            ],
        )
        if answer == keys.NOT_ALIVE:
            raise CarrierUnavailableError("the simulated carrier is not running")


class SimulatedTaker:
    """Takes calls that ring in on the simulated carrier (synchronous, for jobs)."""

    def __init__(self, client: redis.Redis) -> None:
        self._client = client
        self._take = client.register_script(keys.TAKE)
        self._leave = client.register_script(keys.LEAVE_UNTAKEN)

    def take_call(self, order: TakeOrder) -> None:
        """Give the call its attempt; one that has gone is told as come in and ended."""
        came_in, ended = (
            json.dumps(event.to_fields()) for event in (came_in_event(order), gone_event(order))
        )
        self._take(
            keys=[
                keys.inbound_key(order.call_id),
                keys.call_key(order.attempt_id),
                live.events_stream(order.campaign_id),
                keys.LIVE_SET,
                live.SIMULATED_COMMANDS,
                keys.INBOUND_SET,
            ],
            args=[
                order.call_id,
                order.attempt_id,
                order.campaign_id,
                json.dumps(dict(order.profile), separators=(",", ":")),
                repr(clock.now()),
                live.MAX_EVENTS,
                keys.KEEP_SECONDS,
                came_in,
                ended,
            ],
        )

    def refuse_call(self, call_id: str) -> None:
        """Hang up."""
        self._leave(keys=[keys.inbound_key(call_id), keys.INBOUND_SET], args=[call_id])


class SimulatedControl:
    """Steers calls on the simulated carrier (asynchronous, for the engine)."""

    def __init__(self, client: "redis.asyncio.Redis") -> None:
        self._client = client
        self._forbid = client.register_script(keys.FORBID)

    async def connect(self, attempt_id: int, agent_id: int) -> None:
        """Bridge the call with an agent."""
        await self._send("connect", attempt_id, agent=str(agent_id))

    async def play_message(self, attempt_id: int, message: str) -> None:
        """Play the message, then hang up."""
        await self._send("play_message", attempt_id, message=message)

    async def hang_up(self, attempt_id: int) -> None:
        """End the call."""
        await self._send("hang_up", attempt_id)

    async def find_call(self, attempt_id: int) -> CarrierCall | None:
        """Say what the carrier knows; a forbidden call that was never placed is ended."""
        record = await cast(Awaitable[dict[str, str]], self._client.hgetall(keys.call_key(attempt_id)))
        if not record:
            return None
        state = "ended" if record["state"] == keys.FORBIDDEN else record["state"]
        return CarrierCall(attempt_id, int(record.get("campaign", 0)), state)

    async def forbid(self, attempt_id: int) -> bool:
        """Lay a tombstone unless the call was asked for already."""
        answer = await self._forbid(keys=[keys.call_key(attempt_id)], args=[keys.KEEP_SECONDS])
        return bool(answer)

    async def _send(self, command: str, attempt_id: int, **facts: str) -> None:
        fields: dict[str, str] = {"command": command, "attempt": str(attempt_id), **facts}
        await self._client.xadd(live.SIMULATED_COMMANDS, fields)  # type: ignore[arg-type]
