"""Which trunk a call goes out on. Pure: what is known of the trunks is an argument."""

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace

from dialer.carriers.asterisk.settings import Node, Trunk

FAILURES_IN_A_ROW = 5  # congestion or silence; then the trunk rests
REST_SECONDS = 10


@dataclass(frozen=True, slots=True)
class Way:
    """A trunk with its node, and how much is on them now."""

    trunk: Trunk
    node: Node
    on_trunk: int
    on_node: int
    has_agents: bool = True  # an agent's leg is on this node
    is_silent: bool = False  # the carrier does not answer when it is asked how it is


def rank_ways(ways: Iterable[Way], *, caller_id: str, refused: Iterable[str] = ()) -> list[Way]:
    """The trunks that may be asked, the best first: those of the caller id, near agents, with the least load for their weight."""
    refused = frozenset(refused)
    usable = [
        way
        for way in ways
        if way.trunk.weight > 0 and way.trunk.name not in refused and way.on_trunk < way.trunk.max_channels
        if way.on_node < way.node.max_channels
    ]
    return sorted((way for way in usable if _may_show(way.trunk, usable, caller_id)), key=_load)


def _may_show(trunk: Trunk, usable: Iterable[Way], caller_id: str) -> bool:
    """A number that belongs to some trunk is shown on that trunk alone."""
    return caller_id in trunk.caller_ids or not any(caller_id in way.trunk.caller_ids for way in usable)


def _load(way: Way) -> tuple[bool, bool, float, str]:
    node_weight = max(way.node.weight, 1)
    share = max(
        (way.on_trunk + 1) / way.trunk.weight,
        (way.on_node + 1) / (node_weight * way.trunk.weight),
    )
    return (not way.has_agents, way.is_silent, share, way.trunk.name)


def with_one_more(way: Way, taken: Way) -> Way:
    """What is on a way after a call was given to another one, or to itself."""
    return replace(
        way,
        on_trunk=way.on_trunk + (way.trunk.name == taken.trunk.name),
        on_node=way.on_node + (way.node.name == taken.node.name),
    )


def rate_window(calls_per_second: float) -> tuple[int, float]:
    """A whole number of calls and the seconds in which at most so many may be placed."""
    calls = max(1, math.floor(calls_per_second))
    return calls, calls / calls_per_second
