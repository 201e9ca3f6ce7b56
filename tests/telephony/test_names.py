"""Asterisk takes a channel's name for another one's when it begins alike: ours never do."""

from dialer.events import EventKind
from dialer.ports import LineState
from tests.telephony.gateway import floor_of, phone_of, run

NUMBERS = {10: "+12025550010", 1: "+12025550001", 100: "+12025550100"}


def test_calls_whose_numbers_begin_alike_are_up_together(gateway):
    async def test():
        async with floor_of(gateway) as (floor, carrier):
            for attempt, number in NUMBERS.items():
                floor.place(attempt, number)
                await floor.hears(attempt, EventKind.CALL_ANSWERED)

            assert all([await floor.control.find_call(attempt) for attempt in NUMBERS])
            assert len(carrier.calls) == len(NUMBERS)

    run(test())


def test_agents_whose_numbers_begin_alike_are_connected_together(gateway):
    async def test():
        async with (
            floor_of(gateway) as (floor, _),
            phone_of(10) as tenth,
            phone_of(1) as first,
        ):
            for agent, phone in ((10, tenth), (1, first)):
                await floor.seat(agent, phone, gateway.servers[0])

            assert {floor.line(agent) for agent in (1, 10)} == {LineState.CONNECTED}

    run(test())
