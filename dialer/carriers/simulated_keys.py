"""Where the simulated carrier keeps its calls in Redis, and the scripts that change them in one step."""

DIALED_STREAM = "ts:carrier:simulated:dialed"  # every attempt that was really dialed: attempt, number, at
LIVE_SET = "ts:carrier:simulated:live"  # attempts that are not over
OWNER_KEY = "ts:carrier:simulated:owner"  # token of the process that started last
MAX_DIALED = 1_000_000
KEEP_SECONDS = 86_400  # a call that is over, and a tombstone

QUEUED = "queued"
RINGING = "ringing"
ANSWERED = "answered"
CONNECTED = "connected"
PLAYING = "playing"
ENDED = "ended"
FORBIDDEN = "forbidden"
NOT_ALIVE = -1


def call_key(attempt_id: int) -> str:
    """Hash with what the carrier knows of an attempt."""
    return f"ts:carrier:simulated:call:{attempt_id}"


# keys: call, commands, heartbeat; args: attempt, campaign, number, ring seconds, profile, now
ASK = """
if redis.call('EXISTS', KEYS[1]) == 1 then return 0 end
if redis.call('EXISTS', KEYS[3]) == 0 then return -1 end
redis.call('HSET', KEYS[1], 'state', 'queued', 'campaign', ARGV[2], 'number', ARGV[3],
  'ring_seconds', ARGV[4], 'profile', ARGV[5], 'since', ARGV[6])
redis.call('XADD', KEYS[2], '*', 'command', 'place', 'attempt', ARGV[1])
return 1
"""

# keys: call; args: seconds to keep the tombstone
FORBID = """
local state = redis.call('HGET', KEYS[1], 'state')
if state == 'forbidden' then return 1 end
if state then return 0 end
redis.call('HSET', KEYS[1], 'state', 'forbidden')
redis.call('EXPIRE', KEYS[1], ARGV[1])
return 1
"""
