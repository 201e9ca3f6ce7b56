"""Who leads a campaign: a lease that expires by itself, and a number that unmasks a leader of yesterday."""

from redis.asyncio import Redis

from dialer.live import fence_key, lease_key

LEASE_MS = 3_000
RENEW_SECONDS = 1.0

ACQUIRE = """
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return redis.call('INCR', KEYS[2])
"""
RENEW = """
if redis.call('GET', KEYS[2]) ~= ARGV[2] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[3])
return 1
"""
RELEASE = """
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0
"""


class LeaseLostError(Exception):
    """Another engine leads the campaign now."""


class Leases:
    """Leases held or wanted by one engine."""

    def __init__(self, client: Redis, name: str) -> None:
        self.name = name
        self._acquire = client.register_script(ACQUIRE)
        self._renew = client.register_script(RENEW)
        self._release = client.register_script(RELEASE)

    async def acquire(self, campaign_id: int) -> int | None:
        """Return the fencing number of a new leadership, None when another engine leads."""
        fence = int(await self._acquire(keys=_keys(campaign_id), args=[self.name, LEASE_MS]))
        return fence or None

    async def renew(self, campaign_id: int, fence: int) -> None:
        """Keep leading. A lease that ran out unnoticed is taken again unless somebody else was faster."""
        if not await self._renew(keys=_keys(campaign_id), args=[self.name, fence, LEASE_MS]):
            raise LeaseLostError(campaign_id)

    async def release(self, campaign_id: int) -> None:
        """Let another engine lead at once."""
        await self._release(keys=_keys(campaign_id), args=[self.name])


def _keys(campaign_id: int) -> list[str]:
    return [lease_key(campaign_id), fence_key(campaign_id)]
