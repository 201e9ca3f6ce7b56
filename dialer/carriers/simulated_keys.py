"""Where the simulated carrier keeps its calls in Redis, and the scripts that change them in one step."""

DIALED_STREAM = "ts:carrier:simulated:dialed"  # every attempt that was really dialed: attempt, number, at
LIVE_SET = "ts:carrier:simulated:live"  # attempts that are not over
OWNER_KEY = "ts:carrier:simulated:owner"  # token of the process that started last
MAX_DIALED = 1_000_000
KEEP_SECONDS = 86_400  # a call that is over, and a tombstone
GROUP = "carrier"  # reads the commands

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


def recorded_key(attempt_id: int) -> str:
    """Set for a call that is recorded."""
    return f"ts:carrier:simulated:recorded:{attempt_id}"


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

# keys: call, dialed stream, live calls; args: attempt, now, most entries of the dialed stream
DIAL = """
if redis.call('HGET', KEYS[1], 'state') ~= 'queued' then return 0 end
if redis.call('HSETNX', KEYS[1], 'dialed_at', ARGV[2]) == 0 then return 0 end
redis.call('HSET', KEYS[1], 'since', ARGV[2])
redis.call('SADD', KEYS[3], ARGV[1])
redis.call('XADD', KEYS[2], 'MAXLEN', '~', ARGV[3], '*', 'attempt', ARGV[1],
  'number', redis.call('HGET', KEYS[1], 'number'), 'at', ARGV[2])
return 1
"""

# keys: call, events of the campaign, live calls
# args: attempt, states it may be in (,a,b,), new state, now, most events, seconds to keep, agent, events as JSON
ADVANCE = """
local state = redis.call('HGET', KEYS[1], 'state')
if not state or not string.find(ARGV[2], ',' .. state .. ',', 1, true) then return 0 end
redis.call('HSET', KEYS[1], 'state', ARGV[3], 'since', ARGV[4])
if ARGV[7] ~= '' then redis.call('HSET', KEYS[1], 'agent', ARGV[7]) end
for i = 8, #ARGV do
  local fields = {}
  for name, value in pairs(cjson.decode(ARGV[i])) do
    fields[#fields + 1] = name
    fields[#fields + 1] = value
  end
  redis.call('XADD', KEYS[2], 'MAXLEN', '~', ARGV[5], '*', unpack(fields))
end
if ARGV[3] == 'ended' then
  redis.call('SREM', KEYS[3], ARGV[1])
  redis.call('EXPIRE', KEYS[1], ARGV[6])
end
return 1
"""
