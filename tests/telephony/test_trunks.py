"""Trunks that are full, slow, away or not there: not more calls than they have, and each goes where it can."""

import socket

from dialer.carriers.asterisk import keys
from dialer.events import CallCause, EventKind
from tests.telephony.callee import picks_up
from tests.telephony.gateway import Floor, floor_of, run, run_gateway

UNASKED = "check_seconds = 0"  # carriers of tests come and go


def test_a_carrier_that_is_not_there_is_no_answer_of_anybody(make_asterisks, redis_url, redis_server):
    """Nobody says anything, not even 100 Trying: after ring time and patience the call has failed."""

    async def test(gateway):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as deaf:
            deaf.bind(gateway.servers[0].carrier)
            async with Floor(gateway) as floor:
                floor.place(1, ring_seconds=15)
                ended = await floor.hears(1, EventKind.CALL_ENDED, 80.0)

                assert ended.data["cause"] == CallCause.FAILED
                assert EventKind.CALL_RINGING not in floor.kinds(1)

    with (
        make_asterisks(("one",), trunk=UNASKED) as servers,
        run_gateway(servers, redis_url) as gateway,
    ):
        run(test(gateway))


def test_not_more_calls_than_the_trunk_has_and_not_faster(make_asterisks, redis_url, redis_server):
    async def test(gateway):
        async with floor_of(gateway) as (floor, carrier):
            for attempt in range(1, 7):
                floor.place(attempt)
            for attempt in range(1, 5):
                await floor.hears(attempt, EventKind.CALL_ANSWERED)
            assert len(carrier.calls) == 4
            assert await floor.control.forbid(6)  # it was not placed and never will be

            await floor.control.hang_up(1)

            await floor.hears(5, EventKind.CALL_ANSWERED)
            placed = sorted(float(fields["at"]) for _, fields in floor.redis.xrange(keys.DIALED_STREAM))
            assert placed[2] - placed[0] >= 0.99
            assert len(carrier.calls) == 5

    slow = ("max_channels = 1000\ncalls_per_second = 200.0", "max_channels = 4\ncalls_per_second = 2.0")
    with (
        make_asterisks(("one",), trunk=UNASKED) as servers,
        run_gateway(servers, redis_url, change=slow) as gateway,
    ):
        run(test(gateway))


def test_an_endpoint_that_is_not_there_is_skipped_for_another_trunk(make_asterisks, redis_url, redis_server):
    async def test(gateway, servers):
        async with floor_of(gateway) as (floor, carrier):
            carrier.anybody = picks_up
            for attempt in range(1, 5):
                floor.place(attempt)
            for attempt in range(1, 5):
                await floor.hears(attempt, EventKind.CALL_ANSWERED)
                assert floor.redis.hget(keys.call_key(attempt), "trunk") == "two-out"
            assert set(carrier.dialed().values()) == {1}

    nowhere = ('name = "one-out"', 'name = "one-out"\nendpoint = "nowhere"')
    with (
        make_asterisks(("one", "two"), trunk=UNASKED) as servers,
        run_gateway(servers, redis_url, change=nowhere) as gateway,
    ):
        run(test(gateway, servers))
