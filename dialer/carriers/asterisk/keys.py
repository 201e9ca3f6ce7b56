"""Where the gateway keeps calls, nodes and agents in Redis, and the scripts that change them in one step.

A call's hash goes queued → assigned (to a trunk) → dialing (claimed: the node is asked now, once) → ringing → answered → connected
or playing or apart (on its own with a third person) → ended. Only `dialing` and later may have reached the network.
"""

DIALED_STREAM = "ts:asterisk:dialed"  # every attempt that a node was asked for: attempt, node, trunk, at
ROUTER_LEASE = "ts:asterisk:router"
LINK_SECRET = "ts:asterisk:link_secret"  # with which nodes call each other; random  # noqa: S105
AGENTS = "ts:asterisk:agents"  # set: agents who may have a telephone
GROUP = "router"
MAX_DIALED = 1_000_000
KEEP_SECONDS = 86_400  # a call that is over, and a tombstone

QUEUED = "queued"
ASSIGNED = "assigned"
DIALING = "dialing"
RINGING = "ringing"
ANSWERED = "answered"
CONNECTED = "connected"
PLAYING = "playing"
APART = "apart"
ENDED = "ended"
FORBIDDEN = "forbidden"
NOT_ALIVE = -1
BEFORE_DIALING = (QUEUED, ASSIGNED)
BEFORE_ANSWER = (DIALING, RINGING)
ON_THE_LINE = (ANSWERED, CONNECTED, PLAYING, APART)
IN_THE_AIR = BEFORE_ANSWER + ON_THE_LINE


def call_key(attempt_id: int | str) -> str:
    """Hash with what the gateway knows of an attempt."""
    return f"ts:asterisk:call:{attempt_id}"


def node_commands(node: str) -> str:
    """Stream of what a node is to do, read by the gateway that serves it."""
    return f"ts:asterisk:node:{node}:commands"


def node_calls(node: str) -> str:
    """Set of attempts assigned to a node and not over."""
    return f"ts:asterisk:node:{node}:calls"


def node_lease(node: str) -> str:
    """Which gateway serves a node."""
    return f"ts:asterisk:node:{node}:lease"


def node_up(node: str) -> str:
    """There while the node is connected and its state known; expires in seconds."""
    return f"ts:asterisk:node:{node}:up"


def trunk_calls(trunk: str) -> str:
    """Set of attempts on a trunk."""
    return f"ts:asterisk:trunk:{trunk}:calls"


def trunk_recent(trunk: str) -> str:
    """Sorted set: attempts by the time at which they were assigned."""
    return f"ts:asterisk:trunk:{trunk}:recent"


def trunk_failures(trunk: str) -> str:
    """Calls in a row that the trunk could not place."""
    return f"ts:asterisk:trunk:{trunk}:failures"


def trunk_rests(trunk: str) -> str:
    """There while the trunk is not to be used; says why."""
    return f"ts:asterisk:trunk:{trunk}:rests"


def trunk_registration(trunk: str) -> str:
    """How the trunk stands with its carrier, as a node told lately; only of trunks that register."""
    return f"ts:asterisk:trunk:{trunk}:registration"


def trunk_silent(trunk: str) -> str:
    """There while the carrier does not answer when it is asked how it is; some never do."""
    return f"ts:asterisk:trunk:{trunk}:silent"


def caller_ids(day: int) -> str:
    """Hash of a day since 1970 (UTC): our number -> calls that showed it."""
    return f"ts:asterisk:caller_ids:{day}"


def agent_key(agent_id: int) -> str:
    """Hash with an agent's credentials (a digest, never the password) and node; expires with the credentials."""
    return f"ts:asterisk:agent:{agent_id}"


# keys: call, commands, heartbeat; args: attempt, campaign, number, caller id, ring seconds, profile, now, recording plan
ASK = """
if redis.call('EXISTS', KEYS[1]) == 1 then return 0 end
if redis.call('EXISTS', KEYS[3]) == 0 then return -1 end
redis.call('HSET', KEYS[1], 'state', 'queued', 'campaign', ARGV[2], 'number', ARGV[3], 'caller_id', ARGV[4],
  'ring_seconds', ARGV[5], 'profile', ARGV[6], 'since', ARGV[7], 'recording', ARGV[8])
redis.call('XADD', KEYS[2], '*', 'command', 'place', 'attempt', ARGV[1])
return 1
"""

# keys: call; args: seconds to keep the tombstone. A call that no node was asked for can still be forbidden.
FORBID = """
local state = redis.call('HGET', KEYS[1], 'state')
if state == 'forbidden' then return 1 end
if state and state ~= 'queued' and state ~= 'assigned' then return 0 end
if state == 'assigned' then
  redis.call('SREM', 'ts:asterisk:node:' .. redis.call('HGET', KEYS[1], 'node') .. ':calls', ARGV[2])
  redis.call('SREM', 'ts:asterisk:trunk:' .. redis.call('HGET', KEYS[1], 'trunk') .. ':calls', ARGV[2])
end
redis.call('HSET', KEYS[1], 'state', 'forbidden')
redis.call('EXPIRE', KEYS[1], ARGV[1])
return 1
"""

# keys: call, general commands; args: name, value, … of a command. To the node that has the call, else to the router.
SEND = """
local node = redis.call('HGET', KEYS[1], 'node')
local stream = KEYS[2]
if node then stream = 'ts:asterisk:node:' .. node .. ':commands' end
redis.call('XADD', stream, '*', unpack(ARGV))
return node and 1 or 0
"""

# keys: call, trunk calls, node calls, trunk recent, node commands, node up, trunk rests
# args: attempt, trunk cap, node cap, calls in the window, window, now, trunk, node, most seconds of age
ASSIGN = """
if redis.call('HGET', KEYS[1], 'state') ~= 'queued' then return 'gone' end
if redis.call('EXISTS', KEYS[6]) == 0 then return 'down' end
if redis.call('EXISTS', KEYS[7]) == 1 then return 'rests' end
if redis.call('SCARD', KEYS[2]) >= tonumber(ARGV[2]) or redis.call('SCARD', KEYS[3]) >= tonumber(ARGV[3]) then return 'full' end
redis.call('ZREMRANGEBYSCORE', KEYS[4], '-inf', tonumber(ARGV[6]) - tonumber(ARGV[5]))
if redis.call('ZCARD', KEYS[4]) >= tonumber(ARGV[4]) then return 'fast' end
redis.call('ZADD', KEYS[4], ARGV[6], ARGV[1])
redis.call('EXPIRE', KEYS[4], 3600)
redis.call('SADD', KEYS[2], ARGV[1])
redis.call('SADD', KEYS[3], ARGV[1])
redis.call('HSET', KEYS[1], 'state', 'assigned', 'trunk', ARGV[7], 'node', ARGV[8], 'since', ARGV[6])
redis.call('XADD', KEYS[5], '*', 'command', 'originate', 'attempt', ARGV[1])
return 'assigned'
"""

# keys: call, node lease, dialed stream; args: attempt, node, token of the gateway, now, most entries
# A call that has waited so long was allowed at another hour: it is not dialed, and the engine takes it back.
CLAIM = """
if redis.call('HGET', KEYS[1], 'state') ~= 'assigned' or redis.call('HGET', KEYS[1], 'node') ~= ARGV[2] then return 0 end
if redis.call('GET', KEYS[2]) ~= ARGV[3] then return 0 end
if tonumber(ARGV[4]) - tonumber(redis.call('HGET', KEYS[1], 'since')) > 30 then return 0 end
redis.call('HSET', KEYS[1], 'state', 'dialing', 'since', ARGV[4], 'dialed_at', ARGV[4])
redis.call('XADD', KEYS[3], 'MAXLEN', '~', ARGV[5], '*', 'attempt', ARGV[1], 'node', ARGV[2],
  'trunk', redis.call('HGET', KEYS[1], 'trunk'), 'at', ARGV[4])
return 1
"""

# keys: call, general commands, trunk calls, node calls; args: attempt, states it may be in (,a,b,), trunk that refused it or ''
# Only for a call that certainly never reached the network: it is queued again for another trunk.
PUT_BACK = """
local state = redis.call('HGET', KEYS[1], 'state')
if not state or not string.find(ARGV[2], ',' .. state .. ',', 1, true) then return 0 end
local refused = redis.call('HGET', KEYS[1], 'refused') or ','
if ARGV[3] ~= '' then refused = refused .. ARGV[3] .. ',' end
redis.call('HSET', KEYS[1], 'state', 'queued', 'refused', refused)
redis.call('HDEL', KEYS[1], 'node', 'trunk', 'dialed_at')
redis.call('SREM', KEYS[3], ARGV[1])
redis.call('SREM', KEYS[4], ARGV[1])
redis.call('XADD', KEYS[2], '*', 'command', 'place', 'attempt', ARGV[1])
return 1
"""

# keys: call, events of the campaign
# args: attempt, states it may be in (,a,b,), new state, now, most events, seconds to keep, fields as JSON, events as JSON …
ADVANCE = """
local state = redis.call('HGET', KEYS[1], 'state')
if not state or not string.find(ARGV[2], ',' .. state .. ',', 1, true) then return 0 end
redis.call('HSET', KEYS[1], 'state', ARGV[3])
if state ~= ARGV[3] then redis.call('HSET', KEYS[1], 'since', ARGV[4]) end
for name, value in pairs(cjson.decode(ARGV[7])) do redis.call('HSET', KEYS[1], name, value) end
for i = 8, #ARGV do
  local fields = {}
  for name, value in pairs(cjson.decode(ARGV[i])) do
    fields[#fields + 1] = name
    fields[#fields + 1] = value
  end
  redis.call('XADD', KEYS[2], 'MAXLEN', '~', ARGV[5], '*', unpack(fields))
end
if ARGV[3] == 'ended' then
  local node = redis.call('HGET', KEYS[1], 'node')
  local trunk = redis.call('HGET', KEYS[1], 'trunk')
  if node then redis.call('SREM', 'ts:asterisk:node:' .. node .. ':calls', ARGV[1]) end
  if trunk then redis.call('SREM', 'ts:asterisk:trunk:' .. trunk .. ':calls', ARGV[1]) end
  redis.call('EXPIRE', KEYS[1], ARGV[6])
end
return 1
"""
