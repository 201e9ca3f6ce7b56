"""Carriers that take commands, and calls that are bridged: what a telephone needs of the world."""

import json
from typing import Any

import redis

from dialer import live
from dialer.carriers.asterisk import keys
from dialer.carriers.asterisk.caller_ids import counts_key
from dialer.carriers.talks import dump
from dialer.ports import Line, LineState, Talk
from telesales import clock
from tests.factories_desk import DeskScene

TELEPHONY_FILE = """
[[nodes]]
name = "one"
ari_url = "http://127.0.0.1:8088/ari"
ari_user = "telesales"
ari_password_env = "ASTERISK_PASSWORD"
browser_url = "wss://voice.example.com:8089/ws"
ice_servers = ["stun:stun.example.com:3478"]

[[trunks]]
name = "main"
node = "one"
host = "sip.example.com"
max_channels = 30
caller_ids = ["+12025550100"]
"""


def make_carrier(client: redis.Redis, carrier: str) -> None:
    """Let it look as if somebody ran the carrier."""
    client.set(live.alive_key("carrier", carrier), "1")


def make_talk(client: redis.Redis, scene: DeskScene, **values: Any) -> Talk:
    """The call of a scene is bridged with its agent."""
    talk = Talk(scene.attempt_id, scene.campaign_id, scene.agent_id, **values)
    client.set(live.talk_key(scene.attempt_id), dump(talk))
    return talk


def make_line(
    client: redis.Redis, agent_id: int, state: LineState = LineState.CONNECTED, **values: Any
) -> Line:
    """The agent's telephone."""
    usual = {"address": "wss://voice.example.com:8089/ws", "user": f"agent-{agent_id}", "domain": "one"}
    line = Line(agent_id, state, **{**usual, **values})
    client.set(live.line_key(agent_id), dump(line))
    return line


def commands(client: redis.Redis, carrier: str) -> list[dict[str, str]]:
    """What the carrier was asked to do."""
    return [fields for _, fields in client.xrange(live.carrier_commands(carrier))]


def pushed(client: redis.Redis, event: str) -> list[dict[str, Any]]:
    """Messages of this name that pages were sent."""
    entries = client.xrange(live.PUSH_STREAM)
    return [json.loads(fields["data"]) for _, fields in entries if fields["event"] == event]


def make_node_with_calls(client: redis.Redis) -> None:
    """The gateway serves the node of TELEPHONY_FILE: one call rings, one talks, one telephone is connected."""
    client.set(live.alive_key("carrier", "asterisk"), "gateway-1|0")
    client.set(keys.node_up("one"), "gateway-1")
    client.set(keys.node_lease("one"), "gateway-1")
    for attempt, state in ((1, keys.RINGING), (2, keys.CONNECTED)):
        client.sadd(keys.node_calls("one"), attempt)
        client.sadd(keys.trunk_calls("main"), attempt)
        client.hset(keys.call_key(attempt), "state", state)
    now = clock.now().timestamp()
    client.zadd(keys.trunk_recent("main"), {"2": now})
    client.sadd(keys.AGENTS, 4)
    client.hset(keys.agent_key(4), "node", "one")
    client.hset(counts_key(now), "+12025550100", 3)
