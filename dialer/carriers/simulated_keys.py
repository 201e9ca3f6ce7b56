"""Where the simulated carrier keeps its calls in Redis, and the scripts that change them in one step."""

DIALED_STREAM = "ts:carrier:simulated:dialed"  # every attempt that was really dialed: attempt, number, at
LIVE_SET = "ts:carrier:simulated:live"  # attempts that are not over
RING_BACKS = "ts:carrier:simulated:ring_backs"  # sorted set: attempts whose people ring back, by when
INBOUND_SET = (
    "ts:carrier:simulated:inbound"  # sorted set: calls that nobody has taken, by when they are announced next
)
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
GONE = "gone"  # of a call that rings in: hung up, or refused, before it was taken
TAKEN = "taken"
NOT_ALIVE = -1


def call_key(attempt_id: int) -> str:
    """Hash with what the carrier knows of an attempt."""
    return f"ts:carrier:simulated:call:{attempt_id}"


def inbound_key(call_id: str) -> str:
    """Hash with a call that rings in: whose it is, and its attempt once it is taken."""
    return f"ts:carrier:simulated:inbound:{call_id}"


def recorded_key(attempt_id: int) -> str:
    """Set for a call that is recorded."""
    return f"ts:carrier:simulated:recorded:{attempt_id}"


# keys: call, commands, heartbeat; args: attempt, campaign, number, ring seconds, profile, now, caller id
ASK = """
if redis.call('EXISTS', KEYS[1]) == 1 then return 0 end
if redis.call('EXISTS', KEYS[3]) == 0 then return -1 end
redis.call('HSET', KEYS[1], 'state', 'queued', 'campaign', ARGV[2], 'number', ARGV[3],
  'ring_seconds', ARGV[4], 'profile', ARGV[5], 'since', ARGV[6], 'caller_id', ARGV[7])
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

# keys: call, events of the campaign, live calls, ring-backs
# args: attempt, states it may be in (,a,b,), new state, now, most events, seconds to keep, agent, rings back at, events as JSON
ADVANCE = """
local state = redis.call('HGET', KEYS[1], 'state')
if not state or not string.find(ARGV[2], ',' .. state .. ',', 1, true) then return 0 end
redis.call('HSET', KEYS[1], 'state', ARGV[3], 'since', ARGV[4])
if ARGV[7] ~= '' then redis.call('HSET', KEYS[1], 'agent', ARGV[7]) end
if ARGV[8] ~= '' then redis.call('ZADD', KEYS[4], ARGV[8], ARGV[1]) end
for i = 9, #ARGV do
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

# keys: call that rings in, calls that nobody has taken, ring-backs
# args: call id, number, dialed, profile, now, attempt whose person rings back or empty, seconds to keep
RING_IN = """
if ARGV[6] ~= '' and redis.call('ZREM', KEYS[3], ARGV[6]) == 0 then return 0 end
if redis.call('EXISTS', KEYS[1]) == 1 then return 0 end
redis.call('HSET', KEYS[1], 'state', 'ringing', 'number', ARGV[2], 'dialed', ARGV[3], 'profile', ARGV[4], 'since', ARGV[5])
redis.call('EXPIRE', KEYS[1], ARGV[7])
redis.call('ZADD', KEYS[2], ARGV[5], ARGV[1])
return 1
"""

# keys: call that rings in, calls that nobody has taken; args: call id
LEAVE_UNTAKEN = """
redis.call('ZREM', KEYS[2], ARGV[1])
if redis.call('HGET', KEYS[1], 'state') ~= 'ringing' then return 0 end
redis.call('HSET', KEYS[1], 'state', 'gone')
return 1
"""

# keys: call that rings in, call, events of the campaign, live calls, commands, calls that nobody has taken
# args: call id, attempt, campaign, profile, now, most events, seconds to keep, came in, ended (events as JSON)
TAKE = """
local function post(text)
  local fields = {}
  for name, value in pairs(cjson.decode(text)) do
    fields[#fields + 1] = name
    fields[#fields + 1] = value
  end
  redis.call('XADD', KEYS[3], 'MAXLEN', '~', ARGV[6], '*', unpack(fields))
end
redis.call('ZREM', KEYS[6], ARGV[1])
if redis.call('EXISTS', KEYS[2]) == 1 then return 0 end
local is_there = redis.call('HGET', KEYS[1], 'state') == 'ringing'
redis.call('HSET', KEYS[1], 'state', 'taken', 'attempt', ARGV[2])
redis.call('EXPIRE', KEYS[1], ARGV[7])
redis.call('HSET', KEYS[2], 'state', is_there and 'answered' or 'ended', 'campaign', ARGV[3], 'ring_seconds', '0',
  'profile', ARGV[4], 'since', ARGV[5], 'inbound', '1')
post(ARGV[8])
if is_there then
  redis.call('SADD', KEYS[4], ARGV[2])
  redis.call('XADD', KEYS[5], '*', 'command', 'adopt', 'attempt', ARGV[2])
else
  redis.call('EXPIRE', KEYS[2], ARGV[7])
  post(ARGV[9])
end
return 1
"""
