"""Trunks that fail rest for a while: their calls go out on others meanwhile."""

import logging

from redis.asyncio import Redis

from dialer.carriers.asterisk import keys
from dialer.carriers.asterisk.choosing import FAILURES_IN_A_ROW, REST_SECONDS

log = logging.getLogger(__name__)
KEEP_SECONDS = 3600


class TrunkHealth:
    """Counts failures in a row, for all gateways together."""

    def __init__(self, client: Redis) -> None:
        self._client = client

    async def failed(self, trunk: str) -> None:
        """The trunk could not place a call."""
        failures = int(await self._client.incr(keys.trunk_failures(trunk)))
        await self._client.expire(keys.trunk_failures(trunk), KEEP_SECONDS)
        if failures >= FAILURES_IN_A_ROW:
            log.warning("trunk %s rests: %d calls in a row could not be placed", trunk, failures)
            await self._client.set(keys.trunk_rests(trunk), f"{failures} failures", ex=REST_SECONDS)

    async def worked(self, trunk: str) -> None:
        """The network took a call."""
        await self._client.delete(keys.trunk_failures(trunk))
