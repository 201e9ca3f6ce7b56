"""Whatever dies: no call is placed twice, nobody is left alone, every call comes to a recorded end."""

import asyncio
import collections

from dialer import live
from dialer.carriers.asterisk import keys
from dialer.events import CallCause, EventKind
from dialer.ports import LineState
from tests.telephony.audio import write_tone
from tests.telephony.cable import CutCable
from tests.telephony.callee import CALLEE_HERTZ, rings
from tests.telephony.gateway import CAMPAIGN, Floor, GatewayProcess, floor_of, phone_of, run, run_gateway

AGENT = 3
MANY = 20
UNASKED = "check_seconds = 0"  # carriers of tests come and go


def test_a_node_killed_during_twenty_calls(make_asterisks, redis_url, redis_server):
    async def test(gateway, servers):
        async with floor_of(gateway) as (floor, carrier):
            numbers = [floor.place(attempt) for attempt in range(1, MANY + 1)]
            for attempt in range(1, MANY + 1):
                await floor.hears(attempt, EventKind.CALL_ANSWERED)
            on = {attempt: floor.redis.hget(keys.call_key(attempt), "node") for attempt in range(1, MANY + 1)}
            assert collections.Counter(on.values()) == {"one": 10, "two": 10}

            servers[0].kill()
            later = [floor.place(attempt) for attempt in range(101, 106)]

            for attempt, node in on.items():
                if node == "one":
                    ended = await floor.hears(attempt, EventKind.CALL_ENDED)
                    assert ended.data["cause"] == CallCause.CALLEE_HUNG_UP
                else:
                    assert EventKind.CALL_ENDED not in floor.kinds(attempt)
            for attempt in range(101, 106):  # the other node takes them
                await floor.hears(attempt, EventKind.CALL_ANSWERED)
                assert floor.redis.hget(keys.call_key(attempt), "node") == "two"
            assert carrier.dialed() == dict.fromkeys(numbers + later, 1)
            for attempt in [*on, *range(101, 106)]:
                await floor.control.hang_up(attempt)
            for attempt in [*on, *range(101, 106)]:
                await floor.hears(attempt, EventKind.CALL_ENDED)
            ends = collections.Counter(
                event.attempt_id for event in floor.events() if event.kind is EventKind.CALL_ENDED
            )
            assert set(ends.values()) == {1}

    with make_asterisks(("one", "two"), trunk=UNASKED) as servers, run_gateway(servers, redis_url) as gateway:
        run(test(gateway, servers))


def test_calls_that_a_dead_node_was_not_asked_for_go_to_another(make_asterisks, redis_url, redis_server):
    async def test(gateway, servers):
        async with floor_of(gateway) as (floor, carrier):
            gateway.kill()  # nobody asks the nodes for anything
            floor.redis.set(keys.node_up("one"), "x")
            floor.redis.set(live.alive_key("carrier", "asterisk"), "x", ex=60)
            for attempt in range(1, 5):
                floor.place(attempt)
            servers[0].kill()
            await asyncio.to_thread(gateway.start)

            for attempt in range(1, 5):
                await floor.hears(attempt, EventKind.CALL_ANSWERED)

            assert set(carrier.dialed().values()) == {1}

    with make_asterisks(("one", "two"), trunk=UNASKED) as servers, run_gateway(servers, redis_url) as gateway:
        run(test(gateway, servers))


def test_telephones_of_a_dead_node_are_sent_to_another(make_asterisks, redis_url, redis_server):
    async def test(gateway, servers):
        async with Floor(gateway) as floor, phone_of(AGENT) as phone:
            floor.redis.delete(keys.node_up("two"))
            await floor.seat(AGENT, phone, servers[0])
            servers[0].kill()

            await floor.until(
                lambda: floor.telephone.find_line(AGENT).address == servers[1].node.browser_url, "moved"
            )
            assert floor.line(AGENT) is not LineState.CONNECTED
            assert EventKind.AGENT_LOST in [event.kind for event in floor.events()]
            assert await phone.sign_on(servers[1].sip) == 200
            await floor.until(lambda: floor.line(AGENT) is LineState.CONNECTED, "connected again")

    with make_asterisks(("one", "two"), trunk=UNASKED) as servers, run_gateway(servers, redis_url) as gateway:
        run(test(gateway, servers))


def test_a_node_that_comes_back_within_seconds_has_lost_its_calls_and_takes_new_ones(
    make_asterisks, redis_url, redis_server
):
    async def test(gateway, server):
        async with floor_of(gateway) as (floor, carrier), phone_of(AGENT) as phone:
            await floor.seat(AGENT, phone, server)
            floor.place(1)
            await floor.connect(1, AGENT)
            server.kill()
            await asyncio.to_thread(server.start)

            assert (await floor.hears(1, EventKind.CALL_ENDED)).data["lost"]
            await floor.hears_where(lambda event: event.kind is EventKind.AGENT_LOST, "agent.lost")
            await floor.until(lambda: floor.redis.exists(keys.node_up(server.node.name)), "served again")
            await floor.until(lambda: f"phone-{AGENT}" in server.cli("pjsip show endpoints"), "opened again")
            assert await phone.sign_on(server.sip) == 200
            await floor.until(lambda: floor.line(AGENT) is LineState.CONNECTED, "connected again")
            number = floor.place(2)
            call = await carrier.next_call(number)
            await floor.connect(2, AGENT)
            await call.media.hears(440)

    with make_asterisks(("one",), trunk=UNASKED) as (server,), run_gateway([server], redis_url) as gateway:
        run(test(gateway, server))


def test_a_cut_socket_loses_no_call_and_what_happened_meanwhile_is_found(asterisk, redis_url, redis_server):
    async def test():
        port = asterisk.node.network.http_port
        async with CutCable(port) as cable:
            change = (f"127.0.0.1:{port}/ari", f"127.0.0.1:{cable.port}/ari")
            gateway = GatewayProcess([asterisk], redis_url, change=change)
            try:
                await asyncio.to_thread(gateway.start)
                await cut(gateway, cable)
            finally:
                await asyncio.to_thread(gateway.stop)
                gateway.redis.close()

    async def cut(gateway, cable):
        async with floor_of(gateway) as (floor, carrier), phone_of(AGENT) as phone:
            await floor.seat(AGENT, phone, asterisk)
            stays, leaves, waits = (floor.place(attempt) for attempt in (1, 2, 3))
            await floor.connect(1, AGENT)
            await floor.hears(2, EventKind.CALL_ANSWERED)
            await floor.hears(3, EventKind.CALL_ANSWERED)
            for _ in range(3):
                cable.cut()
            await (await carrier.next_call(leaves)).hang_up()

            assert (await floor.hears(2, EventKind.CALL_ENDED)).data["cause"] == CallCause.CALLEE_HUNG_UP
            await floor.until(lambda: floor.redis.exists(keys.node_up(asterisk.node.name)), "served again")
            await (await carrier.next_call(stays)).media.hears(440)
            await floor.control.hang_up(1)
            await floor.hears(1, EventKind.CALL_ENDED)
            await floor.control.connect(3, AGENT)
            await floor.hears(3, EventKind.CALL_CONNECTED)
            await (await carrier.next_call(waits)).media.hears(440)
            assert set(carrier.dialed().values()) == {1}
            assert not [event for event in floor.events() if event.kind is EventKind.AGENT_LOST]

    run(test())


def test_calls_go_on_while_the_gateway_is_dead_and_are_taken_up(gateway):
    async def test():
        async with floor_of(gateway) as (floor, carrier), phone_of(AGENT) as phone:
            await floor.seat(AGENT, phone, gateway.servers[0])
            carrier.behaves("+12025550004", rings)
            numbers = [floor.place(attempt, ring_seconds=15) for attempt in (1, 2, 3, 4)]
            await floor.connect(1, AGENT)
            await floor.hears(2, EventKind.CALL_ANSWERED)
            await floor.hears(3, EventKind.CALL_ANSWERED)
            await floor.hears(4, EventKind.CALL_RINGING)
            gateway.kill()
            talking = await carrier.next_call(numbers[0])
            await talking.media.hears(440)  # nobody notices
            await (await carrier.next_call(numbers[1])).hang_up()
            await floor.control.play_message(3, "We are sorry.")
            await asyncio.to_thread(gateway.start)

            assert (await floor.hears(2, EventKind.CALL_ENDED)).data["cause"] == CallCause.CALLEE_HUNG_UP
            await floor.hears(3, EventKind.CALL_MESSAGE_PLAYED)
            await floor.hears(3, EventKind.CALL_ENDED)
            assert (await floor.hears(4, EventKind.CALL_ENDED)).data["cause"] == CallCause.NO_ANSWER
            await talking.media.hears(440)
            leg = next(iter(phone.calls.values()))
            await leg.media.hears(CALLEE_HERTZ)
            assert len(phone.calls) == 1  # the leg was kept
            await talking.hang_up()
            assert (await floor.hears(1, EventKind.CALL_ENDED)).data["cause"] == CallCause.CALLEE_HUNG_UP
            assert carrier.dialed() == dict.fromkeys(numbers, 1)

    run(test())


def test_a_message_is_heard_to_its_end_though_the_gateway_dies(gateway):
    async def test():
        async with floor_of(gateway) as (floor, carrier):
            write_tone(gateway.log.parent / "sounds" / f"campaign-{CAMPAIGN}-abandoned.wav", 620, 12.0)
            number = floor.place(1)
            call = await carrier.next_call(number)
            await floor.hears(1, EventKind.CALL_ANSWERED)
            await floor.control.play_message(1, "We are sorry.")
            await call.media.hears(620)
            gateway.kill()
            await asyncio.to_thread(gateway.start)

            played = await floor.hears(1, EventKind.CALL_MESSAGE_PLAYED)
            await floor.hears(1, EventKind.CALL_ENDED)
            await call.media.hears_whole(620, 12.0)
            assert played.data["seconds"] >= 11.5

    try:
        run(test())
    finally:
        (gateway.log.parent / "sounds" / f"campaign-{CAMPAIGN}-abandoned.wav").unlink()


def test_a_gateway_killed_again_and_again_while_calls_are_placed(gateway):
    async def test():
        async with floor_of(gateway) as (floor, carrier):
            attempts = range(1, 41)
            for attempt in attempts:
                floor.place(attempt)
                if attempt % 10 == 5:
                    gateway.kill()
                    await asyncio.to_thread(gateway.start)
            for attempt in attempts:
                await floor.hears_where(
                    lambda event, attempt=attempt: (
                        event.attempt_id == attempt
                        and event.kind in (EventKind.CALL_ANSWERED, EventKind.CALL_ENDED)
                    ),
                    f"fate of {attempt}",
                )
                await floor.control.hang_up(attempt)
            for attempt in attempts:
                await floor.hears(attempt, EventKind.CALL_ENDED)

            assert set(carrier.dialed().values()) == {1}
            assert all(floor.count_dialed(attempt) <= 1 for attempt in attempts)
            assert gateway.servers[0].ari("GET", "channels") == []

    run(test())


def test_two_gateways_share_the_nodes_and_one_takes_over(make_asterisks, redis_url, redis_server):
    async def test(first, second):
        async with floor_of(first) as (floor, carrier):
            floor.place(1)
            await floor.hears(1, EventKind.CALL_ANSWERED)
            holder = floor.redis.get(keys.node_lease("one"))
            await asyncio.to_thread(second.start)
            assert floor.redis.get(keys.node_lease("one")) == holder
            first.kill()

            await floor.until(
                lambda: floor.redis.get(keys.node_lease("one")) not in (None, holder), "taken over"
            )
            floor.place(2)
            await floor.hears(2, EventKind.CALL_ANSWERED)
            await floor.control.hang_up(1)
            await floor.hears(1, EventKind.CALL_ENDED)
            assert set(carrier.dialed().values()) == {1}

    with (
        make_asterisks(("one",), trunk=UNASKED) as servers,
        run_gateway(servers, redis_url) as first,
    ):
        second = GatewayProcess(servers, redis_url)
        try:
            run(test(first, second))
        finally:
            second.stop()
            second.redis.close()
