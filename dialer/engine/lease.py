"""Who leads a campaign: a lease that expires by itself, and a number that unmasks a leader of yesterday.

Campaigns that share agents are led by one leader: it has all their leases or none.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import cast

from redis.asyncio import Redis

from dialer import clock
from dialer.live import fence_key, lease_key

LEASE_MS = 3_000
RENEW_SECONDS = 1.0

# keys of all: lease and fence of each campaign; args: holder, how long, where to begin to count.
# Leaders are counted from a time on: a Redis that lost its memory gives no number of a leader who may still be there.
ACQUIRE = """
for i = 1, #KEYS, 2 do
  local holder = redis.call('GET', KEYS[i])
  if holder and holder ~= ARGV[1] then return {} end
end
local fences = {}
for i = 1, #KEYS, 2 do
  redis.call('SET', KEYS[i], ARGV[1], 'PX', ARGV[2])
  redis.call('SETNX', KEYS[i + 1], ARGV[3])
  table.insert(fences, redis.call('INCR', KEYS[i + 1]))
end
return fences
"""
RENEW = """
for i = 1, #KEYS, 2 do
  if redis.call('GET', KEYS[i + 1]) ~= ARGV[(i + 1) / 2 + 2] then return 0 end
end
for i = 1, #KEYS, 2 do redis.call('SET', KEYS[i], ARGV[1], 'PX', ARGV[2]) end
return 1
"""
RELEASE = """
for i = 1, #KEYS, 2 do
  if redis.call('GET', KEYS[i]) == ARGV[1] then redis.call('DEL', KEYS[i]) end
end
return 1
"""


class LeaseLostError(Exception):
    """Another engine leads one of the campaigns now."""


class Leases:
    """Leases held or wanted by one engine."""

    def __init__(self, client: Redis, name: str) -> None:
        self.name = name
        self._acquire = client.register_script(ACQUIRE)
        self._renew = client.register_script(RENEW)
        self._release = client.register_script(RELEASE)

    async def acquire(self, campaign_ids: Sequence[int]) -> dict[int, int] | None:
        """Return the fencing numbers of a new leadership; None, and nothing is taken, when another engine leads one."""
        args: list[str | int] = [self.name, LEASE_MS, round(1000 * clock.now())]
        fences = cast(list[int], await self._acquire(keys=_keys(campaign_ids), args=args))
        return dict(zip(campaign_ids, fences, strict=True)) if fences else None

    async def renew(self, fences: Mapping[int, int]) -> None:
        """Keep leading. A lease that ran out unnoticed is taken again unless somebody else was faster."""
        if not await self._renew(keys=_keys(fences), args=[self.name, LEASE_MS, *fences.values()]):
            raise LeaseLostError(*fences)

    async def release(self, campaign_ids: Iterable[int]) -> None:
        """Let another engine lead at once."""
        await self._release(keys=_keys(campaign_ids), args=[self.name])


def _keys(campaign_ids: Iterable[int]) -> list[str]:
    return [key for campaign_id in campaign_ids for key in (lease_key(campaign_id), fence_key(campaign_id))]
