"""The calls of the gateway as they stand in Redis. Each change, with the events that tell of it, is one step."""

import json
from asyncio import Lock
from collections.abc import Awaitable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

import redis
import redis.asyncio

from dialer import clock, live
from dialer.carriers.asterisk import keys
from dialer.events import CallCause, Event, EventKind
from dialer.ports import OTHERS_NUMBERS

AWAY = (redis.ConnectionError, redis.TimeoutError)
LEAST_RING_SECONDS = 15.0  # of ringing: less is unlawful in the United States


@dataclass(slots=True)
class Call:
    """A call of a person. `why` is the cause it will end with because we are ending it."""

    attempt_id: int
    campaign_id: int
    number: str
    caller_id: str
    ring_seconds: float
    profile: Mapping[str, Any]
    state: str
    since: float
    node: str = ""
    trunk: str = ""
    agent_id: int | None = None
    answered_at: float = 0.0
    why: str = ""
    refused: tuple[str, ...] = ()  # trunks that would not place it
    leaves: bool = False  # the person is putting the telephone down
    absences: int = 0  # how often the person was taken out of hearing of the agent
    pressed: str = ""  # the key that says "never again", from the moment in which it was heard
    facts: dict[str, str] = field(default_factory=dict)  # what else is in the record
    lock: Lock = field(default_factory=Lock)  # events and commands of one call happen one after the other

    @property
    def channel(self) -> str:
        """Id of its channel on the node: of our making, but for people who rang us."""
        return self.facts.get("channel") or channel_of(self.attempt_id)

    @property
    def is_inbound(self) -> bool:
        """The person rang us."""
        return "channel" in self.facts

    @property
    def others_numbers(self) -> tuple[str, ...]:
        """Numbers of the trunks that belong to other clients: this call never shows them."""
        return tuple(self.profile.get(OTHERS_NUMBERS, ()))

    @property
    def wait_seconds(self) -> float:
        """How long somebody who rang us waits for an agent, at most."""
        return float(self.facts.get("wait", 0))

    @property
    def bridge(self) -> str:
        """Where it meets its agent: the agent's own bridge, or the one that leads to another node."""
        return self.facts.get("bridge", "")

    @classmethod
    def read(cls, attempt_id: int, record: Mapping[str, str]) -> "Call":
        """Read a record."""
        agent = record.get("agent")
        return cls(
            attempt_id,
            int(record["campaign"]),
            number=record["number"],
            caller_id=record["caller_id"],
            ring_seconds=max(LEAST_RING_SECONDS, float(record["ring_seconds"])),
            profile=json.loads(record["profile"]),
            state=record["state"],
            since=float(record["since"]),
            node=record.get("node", ""),
            trunk=record.get("trunk", ""),
            agent_id=int(agent) if agent else None,
            answered_at=float(record.get("answered_at", 0)),
            why=record.get("why", ""),
            refused=tuple(filter(None, record.get("refused", "").split(","))),
            facts=dict(record),
        )

    def event(self, kind: EventKind, *, agent_id: int | None = None, **data: Any) -> Event:
        """Something that happened to this call just now."""
        return Event(
            kind, clock.now(), self.campaign_id, attempt_id=self.attempt_id, agent_id=agent_id, data=data
        )

    def ended(self, cause: CallCause | str, **data: Any) -> Event:
        """The event of its end."""
        return self.event(EventKind.CALL_ENDED, cause=str(cause), **data)


def channel_of(attempt_id: int) -> str:
    """Id of the channel of an attempt. Of one length: Asterisk refuses call-1 while call-10 is there."""
    return f"call-{attempt_id:012d}"


class CallBook:
    """Reads and changes the records of calls."""

    def __init__(self, client: "redis.asyncio.Redis") -> None:
        self._client = client
        self._claim = client.register_script(keys.CLAIM)
        self._advance = client.register_script(keys.ADVANCE)
        self._put_back = client.register_script(keys.PUT_BACK)

    async def find(self, attempt_id: int) -> Call | None:
        """Return a call that was asked for; None when it was not, or was forbidden."""
        record = await cast(Awaitable[dict[str, str]], self._client.hgetall(keys.call_key(attempt_id)))
        return Call.read(attempt_id, record) if "profile" in record else None

    async def list_on(self, node: str) -> list[Call]:
        """Calls that a node has or is to have; third persons, who stand there too, belong to calls."""
        members = await cast(Awaitable[set[str]], self._client.smembers(keys.node_calls(node)))
        found = [await self.find(int(member)) for member in sorted(members) if member.isdigit()]
        return [call for call in found if call]

    async def claim(self, call: Call, token: str) -> bool:
        """From now on the node may have dialed it. False when it is not ours to dial."""
        done = await self._claim(
            keys=[keys.call_key(call.attempt_id), keys.node_lease(call.node), keys.DIALED_STREAM],
            args=[call.attempt_id, call.node, token, repr(clock.now()), keys.MAX_DIALED],
        )
        if done:
            call.state, call.since = keys.DIALING, clock.now()
        return bool(done)

    async def put_back(self, call: Call, states: Iterable[str], *, refused_by: str = "") -> bool:
        """The network certainly never heard of it: another trunk may have it."""
        done = await self._put_back(
            keys=[
                keys.call_key(call.attempt_id),
                live.ASTERISK_COMMANDS,
                keys.trunk_calls(call.trunk),
                keys.node_calls(call.node),
            ],
            args=[call.attempt_id, f",{','.join(states)},", refused_by],
        )
        if done:
            call.state, call.since = keys.QUEUED, clock.now()
        return bool(done)

    async def advance(
        self, call: Call, states: Iterable[str], to: str, *events: Event, **values: object
    ) -> bool:
        """Move a call on and tell what happened, both or neither; False when it is in no such state."""
        now = clock.now()
        written = {
            name: repr(value) if isinstance(value, float) else str(value) for name, value in values.items()
        }
        done = await self._advance(
            keys=[keys.call_key(call.attempt_id), live.events_stream(call.campaign_id)],
            args=[
                call.attempt_id,
                f",{','.join(states)},",
                to,
                repr(now),
                live.MAX_EVENTS,
                keys.KEEP_SECONDS,
                json.dumps(written),
                *(json.dumps(event.to_fields()) for event in events),
            ],
        )
        if not done:
            return False
        if call.state != to:
            call.state, call.since = to, now
        call.facts |= written
        return True

    async def post(self, event: Event) -> None:
        """Tell the campaign something that changes no call."""
        await live.post_event_async(self._client, event)
