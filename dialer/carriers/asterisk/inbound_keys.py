"""Where the gateway keeps calls that ring in until somebody takes them, and the scripts that change them in one step.

A call's hash goes ringing → taken (it has an attempt: `keys.call_key` goes on with it) or gone (hung up, or refused).
"""

RINGING = "ringing"
TAKEN = "taken"
GONE = "gone"


def inbound_key(call_id: str) -> str:
    """Hash with a call that rings in, by the id that Asterisk gave its channel."""
    return f"ts:asterisk:inbound:{call_id}"


def node_inbound(node: str) -> str:
    """Sorted set: calls on a node that nobody has taken, by when they are announced next."""
    return f"ts:asterisk:node:{node}:inbound"


# keys: call that rings in, untaken calls of the node; args: call id, number, dialed, node, trunk, now, seconds to keep
RING_IN = """
if redis.call('EXISTS', KEYS[1]) == 1 then return 0 end
redis.call('HSET', KEYS[1], 'state', 'ringing', 'number', ARGV[2], 'dialed', ARGV[3], 'node', ARGV[4], 'trunk', ARGV[5],
  'since', ARGV[6])
redis.call('EXPIRE', KEYS[1], ARGV[7])
redis.call('ZADD', KEYS[2], ARGV[6], ARGV[1])
return 1
"""

# keys: call that rings in, untaken calls of the node; args: call id. Returns its attempt when it was taken already.
LEAVE = """
redis.call('ZREM', KEYS[2], ARGV[1])
if redis.call('HGET', KEYS[1], 'state') == 'ringing' then redis.call('HSET', KEYS[1], 'state', 'gone') end
return redis.call('HGET', KEYS[1], 'attempt') or ''
"""

# keys: call that rings in; args: call id. The node's gateway is told to hang up, now or when it is back.
REFUSE = """
if redis.call('HGET', KEYS[1], 'state') ~= 'ringing' then return 0 end
local node = redis.call('HGET', KEYS[1], 'node')
redis.call('HSET', KEYS[1], 'state', 'gone')
redis.call('ZREM', 'ts:asterisk:node:' .. node .. ':inbound', ARGV[1])
redis.call('XADD', 'ts:asterisk:node:' .. node .. ':commands', '*', 'command', 'refuse', 'call', ARGV[1])
return 1
"""

# keys: call that rings in, call, events of the campaign
# args: call id, attempt, campaign, profile, now, most events, seconds to keep, seconds to wait, recording plan,
#   came in, ended (events as JSON)
TAKE = """
local function post(text)
  local fields = {}
  for name, value in pairs(cjson.decode(text)) do
    fields[#fields + 1] = name
    fields[#fields + 1] = value
  end
  redis.call('XADD', KEYS[3], 'MAXLEN', '~', ARGV[6], '*', unpack(fields))
end
if redis.call('EXISTS', KEYS[2]) == 1 then return 0 end
local is_there = redis.call('HGET', KEYS[1], 'state') == 'ringing'
local function known(name) return redis.call('HGET', KEYS[1], name) or '' end
redis.call('HSET', KEYS[2], 'state', is_there and 'answered' or 'ended', 'campaign', ARGV[3], 'number', known('number'),
  'caller_id', known('dialed'), 'ring_seconds', '0', 'profile', ARGV[4], 'since', ARGV[5], 'answered_at', ARGV[5],
  'channel', ARGV[1], 'wait', ARGV[8], 'recording', ARGV[9])
post(ARGV[10])
if is_there then
  local node, trunk = known('node'), known('trunk')
  redis.call('HSET', KEYS[1], 'state', 'taken', 'attempt', ARGV[2])
  redis.call('ZREM', 'ts:asterisk:node:' .. node .. ':inbound', ARGV[1])
  redis.call('HSET', KEYS[2], 'node', node, 'trunk', trunk)
  redis.call('SADD', 'ts:asterisk:node:' .. node .. ':calls', ARGV[2])
  redis.call('SADD', 'ts:asterisk:trunk:' .. trunk .. ':calls', ARGV[2])
  redis.call('XADD', 'ts:asterisk:node:' .. node .. ':commands', '*', 'command', 'welcome', 'attempt', ARGV[2])
else
  redis.call('EXPIRE', KEYS[2], ARGV[7])
  post(ARGV[11])
end
return 1
"""
