"""The number that a person sees, through a real network."""

import json

from dialer import live
from dialer.events import EventKind
from tests.telephony.asterisk_server import CALLER_IDS
from tests.telephony.gateway import floor_of, run, run_gateway

NUMBER = "+12025550{}"


def test_a_number_rests_above_its_daily_count_and_calls_wait_when_all_of_them_do(
    make_asterisks, redis_url, redis_server
):
    async def test(gateway):
        async with floor_of(gateway) as (floor, carrier):
            seen = []
            for attempt in (101, 102):
                number = floor.place(attempt, NUMBER.format(attempt))
                seen.append((await carrier.next_call(number)).caller)
                await floor.hears(attempt, EventKind.CALL_ANSWERED)
            floor.place(103, NUMBER.format(103))

            assert seen == list(CALLER_IDS)
            assert await floor.control.forbid(103)
            assert len(carrier.calls) == 2

    with (
        make_asterisks(("one",), trunk="caller_id_daily_calls = 1") as servers,
        run_gateway(servers, redis_url) as gateway,
    ):
        run(test(gateway))


def test_what_was_shown_on_which_trunk_is_a_fact(gateway):
    async def test():
        async with floor_of(gateway) as (floor, carrier):
            await carrier.next_call(floor.place(104))
            entries = floor.redis.xrange(live.FACTS_STREAM)
            facts = [json.loads(fields["fact"]) for _, fields in entries]

            (dialed,) = [fact for fact in facts if fact["kind"] == "call.dialed"]
            assert dialed["attempt"] == 104
            assert dialed["data"] == {"trunk": "one-out", "node": "one", "caller_id": CALLER_IDS[0]}

    run(test())
