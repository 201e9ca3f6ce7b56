"""One of several processes works, the others stand by: a lease that expires by itself."""

import secrets

import redis

LEASE_MS = 4_000

TAKE = """
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
"""
LEAVE = "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0"


class Lease:
    """Taken by asking; kept by asking again within seconds."""

    def __init__(self, client: redis.Redis, key: str) -> None:
        self._key, self._token = key, secrets.token_hex(8)
        self._take, self._leave = client.register_script(TAKE), client.register_script(LEAVE)

    def take(self) -> bool:
        """Take or keep the lease; False when another process has it."""
        return bool(self._take(keys=[self._key], args=[self._token, LEASE_MS]))

    def leave(self) -> None:
        """Let another process work at once."""
        self._leave(keys=[self._key], args=[self._token])
