"""A callee on one node and the agent on another: they hear each other all the same."""

from dialer import clock
from dialer.carriers import make_taker
from dialer.carriers.asterisk import inbound_keys, keys
from dialer.events import CallCause, EventKind
from dialer.ports import TakeOrder
from tests.telephony.asterisk_server import CALLER_IDS
from tests.telephony.audio import tone
from tests.telephony.callee import CALLEE_HERTZ
from tests.telephony.gateway import CAMPAIGN, MESSAGE_HERTZ, floor_of, phone_of, run, run_gateway

AGENT = 3
AGENT_HERTZ = 440
TRUNKS_OF_TWO = ('name = "one-out"', 'name = "one-out"\nweight = 0')


def play(make_asterisks, redis_url, test):
    async def scene(gateway, servers):
        async with floor_of(gateway) as (floor, carrier), phone_of(AGENT) as phone:
            await floor.seat(AGENT, phone, servers[0])
            await test(floor, carrier, phone)

    with (
        make_asterisks(("one", "two"), trunk="check_seconds = 0") as servers,
        run_gateway(servers, redis_url, change=TRUNKS_OF_TWO) as gateway,
    ):
        run(scene(gateway, servers))


async def connect(floor, carrier, attempt):
    number = floor.place(attempt)
    call = await carrier.next_call(number)
    await floor.connect(attempt, AGENT)
    assert floor.redis.hget(keys.call_key(attempt), "node") == "two"
    return call


def test_agent_and_callee_of_two_nodes_hear_each_other_call_after_call(
    make_asterisks, redis_url, redis_server
):
    async def test(floor, carrier, phone):
        leg = await phone.next_call(f"phone-{AGENT}")
        for attempt in (1, 2):
            call = await connect(floor, carrier, attempt)
            await call.media.hears(AGENT_HERTZ, least=0.9)
            await leg.media.hears(CALLEE_HERTZ, least=0.9)
            await call.hang_up()
            ended = await floor.hears(attempt, EventKind.CALL_ENDED)
            assert ended.data["cause"] == CallCause.CALLEE_HUNG_UP

        assert len(phone.calls) == 1
        assert EventKind.AGENT_LOST not in [event.kind for event in floor.events()]

    play(make_asterisks, redis_url, test)


def test_hold_and_message_work_over_the_link(make_asterisks, redis_url, redis_server):
    async def test(floor, carrier, phone):
        call = await connect(floor, carrier, 1)
        leg = await phone.next_call(f"phone-{AGENT}")
        await call.media.hears(AGENT_HERTZ, least=0.9)
        floor.telephone.hold(1)
        await floor.talks(1, lambda talk: talk.held, "held")
        await call.media.hears_no_more(AGENT_HERTZ)
        floor.telephone.resume(1)
        await call.media.hears(AGENT_HERTZ, least=0.9)
        await leg.media.hears(CALLEE_HERTZ, least=0.9)
        await floor.control.play_message(1, "We are sorry.")
        await call.media.hears(MESSAGE_HERTZ, least=0.9)
        await floor.hears(1, EventKind.CALL_ENDED)

        second = await connect(floor, carrier, 2)
        await second.media.hears(AGENT_HERTZ, least=0.9)

    play(make_asterisks, redis_url, test)


def test_a_stranger_who_rings_a_trunk_does_not_wait_in_silence(gateway):
    async def test():
        server = gateway.servers[0]
        async with floor_of(gateway) as (_floor, carrier):
            call = await carrier.dial(server.sip, "+442079460100", "+12025550199")

            assert call.code >= 400

    run(test())


def test_who_rings_in_on_one_node_talks_with_an_agent_on_the_other(make_asterisks, redis_url, redis_server):
    async def test(floor, carrier, phone):
        leg = await phone.next_call(f"phone-{AGENT}")
        sip = floor.gateway.servers[1].sip
        person, answer = await carrier.begin(sip, CALLER_IDS[0], "+12025550142", tone(CALLEE_HERTZ))
        untaken = inbound_keys.node_inbound("two")
        await floor.until(lambda: floor.redis.zcard(untaken), "rung in")
        (name,) = floor.redis.zrange(untaken, 0, -1)
        make_taker("asterisk", floor.redis).take_call(
            TakeOrder(1, CAMPAIGN, name, clock.now(), None, 120.0, {})
        )
        await answer
        await floor.control.connect(1, AGENT)
        await floor.hears(1, EventKind.CALL_CONNECTED)

        await person.media.hears(AGENT_HERTZ, least=0.9)
        await leg.media.hears(CALLEE_HERTZ, least=0.9)

    play(make_asterisks, redis_url, test)
