"""The two client sides of the carrier `asterisk`: commands go to its gateway through Redis."""

import json
from collections.abc import Awaitable
from dataclasses import asdict
from typing import cast

import redis
import redis.asyncio

from dialer import clock, live
from dialer.carriers.asterisk import keys
from dialer.ports import CarrierCall, CarrierUnavailableError, PlaceOrder

NAME = "asterisk"
SHOWN_STATES = {keys.FORBIDDEN: keys.ENDED, keys.APART: keys.ENDED, keys.ASSIGNED: keys.QUEUED}


class AsteriskPlacer:
    """Asks the gateway to dial (synchronous, for jobs)."""

    def __init__(self, client: redis.Redis) -> None:
        self._ask = client.register_script(keys.ASK)

    def place_call(self, order: PlaceOrder) -> None:
        """Ask for the call once; a second time changes nothing.

        When Redis fails in between, nobody knows whether the gateway was asked: its error goes through.
        """
        answer = self._ask(
            keys=[keys.call_key(order.attempt_id), live.ASTERISK_COMMANDS, live.alive_key("carrier", NAME)],
            args=[
                order.attempt_id,
                order.campaign_id,
                order.number,
                order.caller_id,
                order.ring_seconds,
                json.dumps(dict(order.profile), separators=(",", ":")),
                repr(clock.now()),
                "" if order.recording is None else json.dumps(asdict(order.recording)),
            ],
        )
        if answer == keys.NOT_ALIVE:
            raise CarrierUnavailableError("no Asterisk node is connected")


class AsteriskControl:
    """Steers calls (asynchronous, for the engine)."""

    def __init__(self, client: "redis.asyncio.Redis") -> None:
        self._client = client
        self._forbid = client.register_script(keys.FORBID)
        self._send = client.register_script(keys.SEND)

    async def connect(self, attempt_id: int, agent_id: int) -> None:
        """Bridge the call with an agent."""
        await self._tell("connect", attempt_id, agent=str(agent_id))

    async def play_message(self, attempt_id: int, message: str) -> None:
        """Play the message, then hang up."""
        await self._tell("play_message", attempt_id, message=message)

    async def hang_up(self, attempt_id: int) -> None:
        """End the call."""
        await self._tell("hang_up", attempt_id)

    async def find_call(self, attempt_id: int) -> CarrierCall | None:
        """Say what the gateway knows; a call whose agent is out of it has ended for the floor."""
        record = await cast(Awaitable[dict[str, str]], self._client.hgetall(keys.call_key(attempt_id)))
        if not record:
            return None
        state = SHOWN_STATES.get(record["state"], record["state"])
        return CarrierCall(attempt_id, int(record.get("campaign", 0)), state)

    async def forbid(self, attempt_id: int) -> bool:
        """Lay a tombstone unless a node may have been asked for the call already."""
        answer = await self._forbid(keys=[keys.call_key(attempt_id)], args=[keys.KEEP_SECONDS, attempt_id])
        return bool(answer)

    async def _tell(self, command: str, attempt_id: int, **facts: str) -> None:
        fields = [
            text
            for pair in ({"command": command, "attempt": str(attempt_id)} | facts).items()
            for text in pair
        ]
        await self._send(keys=[keys.call_key(attempt_id), live.ASTERISK_COMMANDS], args=fields)
