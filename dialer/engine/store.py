"""Floors in Redis: state, facts and messages move together, and only for the leader of today."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from redis.asyncio import Redis

from dialer.core.floor.effects import Fact, Push
from dialer.core.floor.shared import Asked
from dialer.core.floor.state import CHECKPOINT, Changes
from dialer.engine.lease import LeaseLostError
from dialer.live import FACTS_STREAM, ON_FLOOR_KEY, PUSH_STREAM, fence_key, floor_key

PUSH_LENGTH = 20_000

# keys: facts, push, on floor, then fence and floor of each campaign
# args: fence * campaigns, (campaign, n, name * n) * campaigns, (campaign, n, (name, value) * n) * campaigns,
#       n, fact * n, most messages, n, (topic, event, data) * n
# Who leaves a floor goes first: an agent who moved is on no floor in between, and then on the new one.
COMMIT = """
local at = 0
local function take() at = at + 1; return ARGV[at] end
for i = 4, #KEYS, 2 do
  if redis.call('GET', KEYS[i]) ~= take() then return 0 end
end
for i = 5, #KEYS, 2 do
  local campaign = take()
  for _ = 1, tonumber(take()) do
    local name = take()
    redis.call('HDEL', KEYS[i], name)
    local agent = string.match(name, '^agent:(.+)')
    if agent and redis.call('HGET', KEYS[3], agent) == campaign then redis.call('HDEL', KEYS[3], agent) end
  end
end
for i = 5, #KEYS, 2 do
  local campaign = take()
  for _ = 1, tonumber(take()) do
    local name = take()
    redis.call('HSET', KEYS[i], name, take())
    local agent = string.match(name, '^agent:(.+)')
    if agent then redis.call('HSETNX', KEYS[3], agent, campaign) end
  end
end
for _ = 1, tonumber(take()) do redis.call('XADD', KEYS[1], '*', 'fact', take()) end
local most = take()
for _ = 1, tonumber(take()) do
  local topic = take()
  local event = take()
  redis.call('XADD', KEYS[2], 'MAXLEN', '~', most, '*', 'topic', topic, 'event', event, 'data', take())
end
return 1
"""


@dataclass(frozen=True, slots=True)
class Step:
    """What a step of the floor changed in one campaign."""

    changes: Changes
    checkpoint: str
    extra: Mapping[str, Any] = field(default_factory=dict)

    def written(self) -> dict[str, str]:
        """Entries by name."""
        extra = {name: dump(value) for name, value in self.extra.items()}
        return {**self.changes.written, CHECKPOINT: self.checkpoint, **extra}


class FloorStore:
    """Loads and commits the floors of one leadership: one campaign, or several that share agents."""

    def __init__(self, client: Redis, fences: Mapping[int, int]) -> None:
        self._client, self._fences = client, dict(fences)
        self._commit = client.register_script(COMMIT)
        self._keys = [FACTS_STREAM, PUSH_STREAM, ON_FLOOR_KEY]
        for campaign_id in fences:
            self._keys += [fence_key(campaign_id), floor_key(campaign_id)]

    async def load(self, campaign_id: int) -> dict[str, str]:
        """Return all entries."""
        return cast(dict[str, str], await self._client.hgetall(floor_key(campaign_id)))

    async def commit(self, steps: Mapping[int, Step], asked: Iterable[Asked]) -> None:
        """Write all of it or nothing. Raises LeaseLostError when another engine has taken over."""
        asked = list(asked)
        facts = [dump_fact(effect, campaign_id) for campaign_id, effect in asked if isinstance(effect, Fact)]
        pushes = [effect for _campaign_id, effect in asked if isinstance(effect, Push)]
        args: list[str | int] = [*self._fences.values()]
        for campaign_id in self._fences:
            deleted = steps[campaign_id].changes.deleted
            args += [campaign_id, len(deleted), *deleted]
        for campaign_id in self._fences:
            written = steps[campaign_id].written()
            args += [campaign_id, len(written)]
            for entry in written.items():
                args += entry
        args += [len(facts), *facts, PUSH_LENGTH, len(pushes)]
        for push in pushes:
            args += [push.topic, push.event, dump(push.data)]
        if not await self._commit(keys=self._keys, args=args):
            raise LeaseLostError(*self._fences)


def dump_fact(fact: Fact, campaign_id: int) -> str:
    """Return a fact as it stands in the stream."""
    return dump(
        {
            "kind": fact.kind,
            "at": fact.at,
            "source": fact.source,
            "campaign": campaign_id,
            "attempt": fact.attempt_id,
            "agent": fact.agent_id,
            "data": fact.data,
        }
    )


def dump(value: Any) -> str:
    """Return compact JSON."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
