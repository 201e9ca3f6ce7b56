"""The floor in Redis: state, facts and messages move together, and only for the leader of today."""

import json
from collections.abc import Iterable, Mapping
from typing import Any, cast

from redis.asyncio import Redis

from dialer.core.floor.effects import Effect, Fact, Push
from dialer.core.floor.state import CHECKPOINT, Changes
from dialer.engine.lease import LeaseLostError
from dialer.live import FACTS_STREAM, ON_FLOOR_KEY, PUSH_STREAM, fence_key, floor_key

PUSH_LENGTH = 20_000

# keys: fence, floor, facts, push, on floor
# args: fence, campaign, n, (name, value) * n, n, name * n, n, fact * n, most messages, n, (topic, event, data) * n
COMMIT = """
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
local at = 2
local function take() at = at + 1; return ARGV[at] end
for _ = 1, tonumber(take()) do
  local name = take()
  redis.call('HSET', KEYS[2], name, take())
  local agent = string.match(name, '^agent:(.+)')
  if agent then redis.call('HSETNX', KEYS[5], agent, ARGV[2]) end
end
for _ = 1, tonumber(take()) do
  local name = take()
  redis.call('HDEL', KEYS[2], name)
  local agent = string.match(name, '^agent:(.+)')
  if agent and redis.call('HGET', KEYS[5], agent) == ARGV[2] then redis.call('HDEL', KEYS[5], agent) end
end
for _ = 1, tonumber(take()) do redis.call('XADD', KEYS[3], '*', 'fact', take()) end
local most = take()
for _ = 1, tonumber(take()) do
  local topic = take()
  local event = take()
  redis.call('XADD', KEYS[4], 'MAXLEN', '~', most, '*', 'topic', topic, 'event', event, 'data', take())
end
return 1
"""


class FloorStore:
    """Loads and commits the floor of one campaign under one leadership."""

    def __init__(self, client: Redis, campaign_id: int, fence: int) -> None:
        self.campaign_id, self.fence = campaign_id, fence
        self._client = client
        self._commit = client.register_script(COMMIT)
        self._keys = [fence_key(campaign_id), floor_key(campaign_id), FACTS_STREAM, PUSH_STREAM, ON_FLOOR_KEY]

    async def load(self) -> dict[str, str]:
        """Return all entries."""
        return cast(dict[str, str], await self._client.hgetall(floor_key(self.campaign_id)))

    async def commit(
        self,
        changes: Changes,
        effects: Iterable[Effect],
        *,
        checkpoint: str,
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        """Write all of it or nothing. Raises LeaseLostError when another engine has taken over."""
        effects = list(effects)
        written = {**changes.written, CHECKPOINT: checkpoint}
        written |= {name: dump(value) for name, value in (extra or {}).items()}
        facts = [dump_fact(effect, self.campaign_id) for effect in effects if isinstance(effect, Fact)]
        pushes = [effect for effect in effects if isinstance(effect, Push)]
        args: list[str | int] = [self.fence, self.campaign_id, len(written)]
        for entry in written.items():
            args += entry
        args += [len(changes.deleted), *changes.deleted, len(facts), *facts, PUSH_LENGTH, len(pushes)]
        for push in pushes:
            args += [push.topic, push.event, dump(push.data)]
        if not await self._commit(keys=self._keys, args=args):
            raise LeaseLostError(self.campaign_id)


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
