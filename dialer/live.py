"""Live state in Redis: the names of all keys, and how an event is posted.

Keys of one campaign share a hash tag so that they sit on one node of a cluster.
"""

from typing import Any, cast

import redis
import redis.asyncio

from dialer.events import Event

MAX_EVENTS = 100_000
FACTS_STREAM = "ts:facts"  # everything that happened, for the recorder
DECISION_FACT = "pacing.decision"  # kind of the fact that tells a pacing decision
CONTROL_STREAM = "ts:control"  # "look again" for engines: a campaign changed
PUSH_STREAM = "ts:push"  # messages for browsers; the same as telesales.push.messages.STREAM
ON_FLOOR_KEY = "ts:on_floor"  # hash: agent id -> campaign id
PRESENCE_KEY = "ts:presence"  # sorted set: agent id -> when the desk was last heard of
SIMULATED_COMMANDS = "ts:carrier:simulated:commands"
ASTERISK_COMMANDS = "ts:carrier:asterisk:commands"


def events_stream(campaign_id: int) -> str:
    """Stream of what happened in a campaign, read by the engine that leads it."""
    return f"ts:{{c{campaign_id}}}:events"


def floor_key(campaign_id: int) -> str:
    """Hash with the floor as the engine sees it: `agent:<id>`, `call:<attempt id>`, `checkpoint`, `pacing` …"""
    return f"ts:{{c{campaign_id}}}:floor"


def agent_entry(agent_id: int) -> str:
    """Name of an agent's entry in the floor hash."""
    return f"agent:{agent_id}"


SNAPSHOT_ENTRY = "snapshot"  # entry of the floor hash: the last picture of the floor
WORKING_ENTRY = "working"  # entry of the floor hash: how many agents work, those on a break not counted


def lease_key(campaign_id: int) -> str:
    """Who leads the campaign; expires in seconds."""
    return f"ts:{{c{campaign_id}}}:lease"


def fence_key(campaign_id: int) -> str:
    """Counter of leaders: a write with an older number is refused."""
    return f"ts:{{c{campaign_id}}}:fence"


def carrier_commands(carrier: str) -> str:
    """Stream of what a carrier is asked to do."""
    return f"ts:carrier:{carrier}:commands"


def talk_key(attempt_id: int) -> str:
    """What the telephone does with a bridged call, as JSON (`dialer.ports.Talk`)."""
    return f"ts:telephone:talk:{attempt_id}"


def line_key(agent_id: int) -> str:
    """The telephone of an agent or supervisor, as JSON (`dialer.ports.Line`)."""
    return f"ts:telephone:line:{agent_id}"


def supervision_key(supervisor_id: int) -> str:
    """Whose calls a supervisor takes part in, as JSON (`dialer.ports.Supervision`)."""
    return f"ts:telephone:supervision:{supervisor_id}"


def alive_key(part: str, name: str) -> str:
    """Heartbeat of a process; expires in seconds."""
    return f"ts:alive:{part}:{name}"


def post_event(client: "redis.Redis | redis.client.Pipeline", event: Event) -> None:
    """Append an event to the stream of its campaign."""
    client.xadd(
        events_stream(event.campaign_id), cast(Any, event.to_fields()), maxlen=MAX_EVENTS, approximate=True
    )


async def post_event_async(client: "redis.asyncio.Redis", event: Event) -> None:
    """Append an event to the stream of its campaign."""
    await client.xadd(
        events_stream(event.campaign_id), cast(Any, event.to_fields()), maxlen=MAX_EVENTS, approximate=True
    )
