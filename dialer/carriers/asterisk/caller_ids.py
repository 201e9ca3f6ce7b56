"""Which of our numbers a person sees: only numbers of the trunk, the campaign's own first, none above its daily count."""

from collections.abc import Awaitable, Collection, Mapping
from typing import cast

from redis.asyncio import Redis

from dialer import clock, live
from dialer.carriers.asterisk import keys
from dialer.carriers.asterisk.book import Call
from dialer.carriers.asterisk.settings import Trunk
from dialer.carriers.talks import dump

DAY_SECONDS = 86_400
KEEP_SECONDS = 3 * DAY_SECONDS
DIALED = "call.dialed"  # fact: data trunk, node, caller_id

# keys: today's counts, call, facts; args: number, most calls a day (0: any), seconds to keep the counts, fact
SHOW = """
local most = tonumber(ARGV[2])
if most > 0 and tonumber(redis.call('HGET', KEYS[1], ARGV[1]) or '0') >= most then return 0 end
redis.call('HINCRBY', KEYS[1], ARGV[1], 1)
redis.call('EXPIRE', KEYS[1], ARGV[3])
redis.call('HSET', KEYS[2], 'shown', ARGV[1])
redis.call('XADD', KEYS[3], '*', 'fact', ARGV[4])
return 1
"""


def pick_caller_id(
    trunk: Trunk, wanted: str, calls_today: Mapping[str, int], barred: Collection[str] = ()
) -> str | None:
    """The number to show; None when every number of the trunk that is not barred rests. Pure."""
    most = trunk.caller_id_daily_calls
    awake = [
        number
        for number in trunk.caller_ids
        if number not in barred and (not most or calls_today.get(number, 0) < most)
    ]
    if wanted in awake:
        return wanted
    return min(awake, key=lambda number: calls_today.get(number, 0), default=None)


def counts_key(at: float) -> str:
    """Hash of a day (UTC): number -> calls that showed it."""
    return keys.caller_ids(int(at // DAY_SECONDS))


class CallerIds:
    """Counts what is shown, so that no number is shown once too often, whoever dials at the same moment."""

    def __init__(self, client: Redis) -> None:
        self._client = client
        self._show = client.register_script(SHOW)

    async def calls_today(self) -> dict[str, int]:
        """How many calls showed each number since midnight UTC."""
        found = await cast(Awaitable[dict[str, str]], self._client.hgetall(counts_key(clock.now())))
        return {number: int(count) for number, count in found.items()}

    async def show(self, call: Call, trunk: Trunk) -> str | None:
        """Choose, count and tell the number of a call that is dialed now; None when all of them rest."""
        for _ in trunk.caller_ids:
            number = pick_caller_id(trunk, call.caller_id, await self.calls_today(), call.others_numbers)
            if number is None:
                return None
            if await self._try(call, trunk, number):
                return number
        return None

    async def _try(self, call: Call, trunk: Trunk, number: str) -> bool:
        at = clock.now()
        fact = {
            "kind": DIALED,
            "at": at,
            "source": f"call:{call.attempt_id}:dialed:{round(at * 1_000_000)}",
            "campaign": call.campaign_id,
            "attempt": call.attempt_id,
            "agent": None,
            "data": {"trunk": trunk.name, "node": trunk.node, "caller_id": number},
        }
        done = await self._show(
            keys=[counts_key(at), keys.call_key(call.attempt_id), live.FACTS_STREAM],
            args=[number, trunk.caller_id_daily_calls, KEEP_SECONDS, dump(fact)],
        )
        return bool(done)
