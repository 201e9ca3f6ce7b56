"""From a decision to calls on their way: attempt rows, events, jobs. Runs in a thread of its own."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from redis.client import Redis

from dialer import clock
from dialer.events import Event, EventKind
from dialer.jobs import queue_again, queue_calls
from dialer.live import MAX_EVENTS, events_stream, fence_key
from dialer.ports import Campaigns, Reservation

# keys: fence, events; args: fence, most events, n fields, fields of each event
POST_AS_LEADER = """
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
local width = tonumber(ARGV[3])
for first = 4, #ARGV, width do
  redis.call('XADD', KEYS[2], 'MAXLEN', '~', ARGV[2], '*', unpack(ARGV, first, first + width - 1))
end
return 1
"""


class Reserver:
    """Claims leads for one leadership. What it cannot announce as leader it does not dial."""

    def __init__(self, campaigns: Campaigns, client: Redis, *, campaign_id: int, fence: int) -> None:
        self._campaigns, self._client = campaigns, client
        self._campaign_id, self._fence = campaign_id, fence
        self._post = client.register_script(POST_AS_LEADER)

    def reserve(self, count: int, decision: Mapping[str, Any]) -> Sequence[Reservation]:
        """Claim up to `count` leads, tell the floor, queue one job each."""
        found = self._campaigns.reserve_leads(self._campaign_id, count, decision=decision)
        if found and self._announce(found):
            queue_calls(self._client, [reservation.attempt_id for reservation in found])
        return found

    def _announce(self, found: Sequence[Reservation]) -> bool:
        now = clock.now()
        flat: list[str] = []
        for reservation in found:
            event = Event(
                EventKind.CALL_RESERVED,
                now,
                self._campaign_id,
                attempt_id=reservation.attempt_id,
                data={"lead_id": reservation.lead_id},
            )
            for field in event.to_fields().items():
                flat += field
        width = len(flat) // len(found)
        keys = [fence_key(self._campaign_id), events_stream(self._campaign_id)]
        return bool(self._post(keys=keys, args=cast(Any, [self._fence, MAX_EVENTS, width, *flat])))

    def queue_again(self, attempt_id: int) -> None:
        """The job did not come: queue it once more if it was lost."""
        queue_again(self._client, attempt_id)
