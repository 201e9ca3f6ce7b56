"""What the operator sees of nodes and trunks: what the file says, and what the gateway keeps in Redis."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import redis

from dialer import live
from dialer.carriers.asterisk import keys
from dialer.carriers.asterisk.caller_ids import counts_key
from dialer.carriers.asterisk.client import NAME
from dialer.carriers.asterisk.settings import Node, Telephony, Trunk
from dialer.spool_news import LostRecording, SpoolReport, read_lost, read_spools

STAGES: Mapping[str, tuple[str, ...]] = {
    "waiting": keys.BEFORE_DIALING,
    "ringing": keys.BEFORE_ANSWER,
    "talking": (keys.CONNECTED, keys.APART),
    "other": (keys.ANSWERED, keys.PLAYING),
}
MOST_READ = 5_000  # calls whose state is looked up; the number of all is exact


@dataclass(frozen=True, slots=True)
class NodePicture:
    """One Asterisk now."""

    node: Node
    is_up: bool
    served_by: str  # the gateway's host and process; empty: nobody
    calls: int
    stages: Mapping[str, int]  # calls by what happens to them
    telephones: int  # legs of agents that are up


@dataclass(frozen=True, slots=True)
class NumberPicture:
    """One of our numbers today (UTC)."""

    number: str
    calls: int
    rests: bool


@dataclass(frozen=True, slots=True)
class TrunkPicture:
    """One trunk now."""

    trunk: Trunk
    is_up: bool  # its node is
    calls: int
    last_second: int
    rests: bool  # after too many failures in a row
    is_silent: bool  # the carrier does not answer when it is asked how it is
    failures: int  # in a row
    registration: str  # as its node told lately; empty: it does not register, or nothing is known
    numbers: Sequence[NumberPicture]

    @property
    def has_number(self) -> bool:
        """Some number may still be shown today."""
        return any(not number.rests for number in self.numbers)


@dataclass(frozen=True, slots=True)
class SpoolPicture:
    """Recordings of one machine that are on their way to the store."""

    report: SpoolReport
    oldest_seconds: float


@dataclass(frozen=True, slots=True)
class Picture:
    """Everything."""

    nodes: Sequence[NodePicture]
    trunks: Sequence[TrunkPicture]
    has_gateway: bool
    spools: Sequence[SpoolPicture]
    lost: Sequence[LostRecording]  # of the last seven days, the newest first

    @property
    def calls(self) -> int:
        """Calls in the air, all nodes together."""
        return sum(node.calls for node in self.nodes)


def take_picture(telephony: Telephony, client: redis.Redis, now: float) -> Picture:
    """Look at everything in a few round trips."""
    nodes = _nodes(telephony, client)
    is_up = {picture.node.name: picture.is_up for picture in nodes}
    counts = {str(number): int(count) for number, count in _hash(client, counts_key(now)).items()}
    trunks = _trunks(telephony.trunks, client, now, is_up, counts)
    spools = [SpoolPicture(spool, max(0.0, now - spool.oldest_at)) for spool in read_spools(client)]
    has_gateway = bool(client.exists(live.alive_key("carrier", NAME)))
    return Picture(nodes, trunks, has_gateway, spools, read_lost(client, now))


def _nodes(telephony: Telephony, client: redis.Redis) -> list[NodePicture]:
    with client.pipeline(transaction=False) as pipe:
        for node in telephony.nodes:
            pipe.exists(keys.node_up(node.name))
            pipe.get(keys.node_lease(node.name))
            pipe.smembers(keys.node_calls(node.name))
        answers: list[Any] = pipe.execute()
    legs = _legs(client)
    pictures = []
    for index, node in enumerate(telephony.nodes):
        up, lease, calls = answers[3 * index : 3 * index + 3]
        pictures.append(
            NodePicture(node, bool(up), lease or "", len(calls), _stages(client, calls), legs[node.name])
        )
    return pictures


def _stages(client: redis.Redis, attempts: Iterable[str]) -> Mapping[str, int]:
    with client.pipeline(transaction=False) as pipe:
        for attempt in sorted(attempts)[:MOST_READ]:
            pipe.hget(keys.call_key(attempt), "state")
        states = Counter(pipe.execute())
    return {stage: sum(states[state] for state in members) for stage, members in STAGES.items()}


def _legs(client: redis.Redis) -> Counter[str]:
    """Agents' telephones by the node on which they are connected."""
    agents: Any = client.smembers(keys.AGENTS)
    with client.pipeline(transaction=False) as pipe:
        for agent in agents:
            pipe.hget(keys.agent_key(int(agent)), "node")
        return Counter(filter(None, pipe.execute()))


def _trunks(
    trunks: Iterable[Trunk],
    client: redis.Redis,
    now: float,
    is_up: Mapping[str, bool],
    counts: Mapping[str, int],
) -> list[TrunkPicture]:
    pictures = []
    for trunk in trunks:
        with client.pipeline(transaction=False) as pipe:
            pipe.scard(keys.trunk_calls(trunk.name))
            pipe.zcount(keys.trunk_recent(trunk.name), now - 1, "+inf")
            pipe.exists(keys.trunk_rests(trunk.name))
            pipe.exists(keys.trunk_silent(trunk.name))
            pipe.get(keys.trunk_failures(trunk.name))
            pipe.get(keys.trunk_registration(trunk.name))
            calls, last_second, rests, silent, failures, registration = pipe.execute()
        pictures.append(
            TrunkPicture(
                trunk,
                is_up[trunk.node],
                calls,
                last_second,
                bool(rests),
                bool(silent),
                int(failures or 0),
                registration or "",
                [_number(trunk, number, counts.get(number, 0)) for number in trunk.caller_ids],
            )
        )
    return pictures


def _number(trunk: Trunk, number: str, calls: int) -> NumberPicture:
    return NumberPicture(number, calls, 0 < trunk.caller_id_daily_calls <= calls)


def _hash(client: redis.Redis, key: str) -> Mapping[str, str]:
    found: Any = client.hgetall(key)
    return dict(found)
