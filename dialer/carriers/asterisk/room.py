"""Room for a third person on the trunk of a call: the trunk's channels and calls per second, the node's channels.

Third persons stand in the same sets as calls, under the names of their channels, so that one cap counts them all.
"""

from redis.asyncio import Redis

from dialer import clock
from dialer.carriers.asterisk import keys
from dialer.carriers.asterisk.choosing import rate_window
from dialer.carriers.asterisk.settings import Node, Trunk

LONGEST_WAIT = 1.5  # seconds for which the agent and the call are kept waiting for a trunk's next call

# keys: trunk calls, node calls, trunk recent; args: channel, trunk cap, node cap, calls in the window, window, now, longest wait
# A trunk that may place no call in this moment: its next one is taken, so that a busy floor does not go first for ever.
TAKE = """
if redis.call('SISMEMBER', KEYS[1], ARGV[1]) == 1 then return '0' end
if redis.call('SCARD', KEYS[1]) >= tonumber(ARGV[2]) or redis.call('SCARD', KEYS[2]) >= tonumber(ARGV[3]) then return 'full' end
local calls, window, now = tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6])
redis.call('ZREMRANGEBYSCORE', KEYS[3], '-inf', now - window)
local at, before = now, redis.call('ZCARD', KEYS[3])
if before >= calls then
  at = tonumber(redis.call('ZRANGE', KEYS[3], before - calls, before - calls, 'WITHSCORES')[2]) + window
end
if at - now > tonumber(ARGV[7]) then return 'full' end
redis.call('ZADD', KEYS[3], string.format('%.6f', at), ARGV[1] .. '@' .. ARGV[6])
redis.call('EXPIRE', KEYS[3], 3600)
redis.call('SADD', KEYS[1], ARGV[1])
redis.call('SADD', KEYS[2], ARGV[1])
return string.format('%.6f', math.max(0, at - now))
"""


class Room:
    """Takes and frees the places of third persons."""

    def __init__(self, client: Redis) -> None:
        self._client = client
        self._take = client.register_script(TAKE)

    async def take(self, channel: str, trunk: Trunk, node: Node) -> float | None:
        """Take a place; after how many seconds the trunk may place the call, None when it is full."""
        calls, window = rate_window(trunk.calls_per_second)
        answer = await self._take(
            keys=[keys.trunk_calls(trunk.name), keys.node_calls(node.name), keys.trunk_recent(trunk.name)],
            args=[
                channel,
                trunk.max_channels,
                node.max_channels,
                calls,
                repr(window),
                repr(clock.now()),
                LONGEST_WAIT,
            ],
        )
        return None if answer == "full" else float(answer)

    async def free(self, channel: str, trunk: str, node: str) -> None:
        """The channel is gone, or never came."""
        async with self._client.pipeline(transaction=True) as pipe:
            pipe.srem(keys.trunk_calls(trunk), channel)
            pipe.srem(keys.node_calls(node), channel)
            await pipe.execute()
