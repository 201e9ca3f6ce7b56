"""Agents' telephones: credentials, the permanent leg, people joined with it, and what happens when it is gone."""

import threading
import time

from dialer.carriers.asterisk import keys
from dialer.events import CallCause, EventKind
from dialer.ports import LineState
from tests.telephony.audio import linear, share, silence
from tests.telephony.callee import CALLEE_HERTZ, Phone
from tests.telephony.gateway import CAMPAIGN, PASSWORD, floor_of, phone_of, run
from tests.telephony.rtp import LOOK

AGENT = 3
AGENT_HERTZ = 440


def leg_of(phone):
    return next(call for call in reversed(phone.calls.values()) if not call.ended.is_set())


def is_lost(event):
    return (event.kind, event.agent_id) == (EventKind.AGENT_LOST, AGENT)


def test_agent_and_callee_hear_each_other_and_nobody_else(gateway):
    async def test():
        async with floor_of(gateway) as (floor, carrier), phone_of(AGENT) as phone:
            await floor.seat(AGENT, phone, gateway.servers[0])
            number = floor.place(1)
            call = await carrier.next_call(number)
            await floor.connect(1, AGENT)

            await call.media.hears(AGENT_HERTZ, least=0.9)
            await leg_of(phone).media.hears(CALLEE_HERTZ, least=0.9)

            assert floor.talk(1).agent_id == AGENT

    run(test())


def test_the_agent_is_the_first_whom_the_callee_hears(gateway):
    """No music, no silence and no hello of a machine goes before; how soon it comes is measured in bench/telephony."""

    async def test():
        first = []
        async with floor_of(gateway) as (floor, carrier), phone_of(AGENT) as phone:
            await floor.seat(AGENT, phone, gateway.servers[0])
            for attempt in range(1, 11):
                number = floor.place(attempt)
                call = await carrier.next_call(number)
                await floor.connect(attempt, AGENT)
                await call.media.hears(AGENT_HERTZ)
                first.append(share(linear(call.media.heard[:LOOK]), AGENT_HERTZ))
                await call.hang_up()
                await floor.hears(attempt, EventKind.CALL_ENDED)

        assert min(first) > 0.5, first

    run(test())


def test_one_leg_serves_call_after_call(gateway):
    async def test():
        async with floor_of(gateway) as (floor, carrier), phone_of(AGENT) as phone:
            await floor.seat(AGENT, phone, gateway.servers[0])
            for attempt in (1, 2):
                number = floor.place(attempt)
                call = await carrier.next_call(number)
                await floor.connect(attempt, AGENT)
                await call.media.hears(AGENT_HERTZ)
                await floor.control.hang_up(attempt)
                await floor.hears(attempt, EventKind.CALL_ENDED)
                assert await call.over() == "bye"

            assert len(phone.calls) == 1

    run(test())


def test_a_second_person_takes_the_place_of_one_whose_hanging_up_was_lost(gateway):
    async def test():
        async with floor_of(gateway) as (floor, carrier), phone_of(AGENT) as phone:
            await floor.seat(AGENT, phone, gateway.servers[0])
            first, second = floor.place(1), floor.place(2)
            await floor.connect(1, AGENT)
            await floor.connect(2, AGENT)

            assert await (await carrier.next_call(first)).over() == "bye"
            await (await carrier.next_call(second)).media.hears(AGENT_HERTZ, least=0.9)
            assert (await floor.hears(1, EventKind.CALL_ENDED)).data["cause"] == CallCause.HUNG_UP

    run(test())


def test_a_telephone_that_falls_silent_is_lost_long_before_its_registration(gateway):
    async def test():
        async with floor_of(gateway) as (floor, carrier):
            async with phone_of(AGENT) as phone:
                await floor.seat(AGENT, phone, gateway.servers[0])
                number = floor.place(1)
                await carrier.next_call(number)
                await floor.connect(1, AGENT)
            gone = time.time()  # no goodbye: as when the network is gone

            lost = await floor.hears_where(is_lost, "agent.lost")

            assert lost.at - gone < 20  # four and a little on a free machine; it is registered for 120
            assert lost.campaign_id == CAMPAIGN

    run(test())


def test_an_agent_who_puts_the_telephone_down_leaves_nobody_alone(gateway):
    async def test():
        async with floor_of(gateway) as (floor, _carrier), phone_of(AGENT) as phone:
            await floor.seat(AGENT, phone, gateway.servers[0])
            floor.place(1)
            await floor.connect(1, AGENT)
            await leg_of(phone).hang_up()

            await floor.hears_where(is_lost, "agent.lost")

            await floor.until(lambda: floor.line(AGENT) is LineState.CONNECTED, "rung again")

    run(test())


def test_a_person_for_whom_no_leg_is_there_is_told_to_the_floor(gateway):
    async def test():
        async with floor_of(gateway) as (floor, _carrier):
            floor.place(1)
            await floor.hears(1, EventKind.CALL_ANSWERED)
            await floor.control.connect(1, AGENT)

            await floor.hears_where(is_lost, "agent.lost")

            assert EventKind.CALL_CONNECTED not in floor.kinds(1)

    run(test())


def test_a_telephone_that_registers_anew_without_a_call_is_not_missed(gateway):
    async def test():
        server = gateway.servers[0]
        async with floor_of(gateway) as (floor, _carrier), phone_of(AGENT) as old, phone_of(AGENT) as new:
            await floor.seat(AGENT, old, server)
            before = leg_of(old)

            assert await new.sign_on(server.sip) == 200  # the page was loaded again

            assert await before.over() == "bye"
            call = await new.next_call(f"phone-{AGENT}")
            await floor.until(lambda: floor.line(AGENT) is LineState.CONNECTED, "connected again")
            assert not call.ended.is_set()
            assert not [event for event in floor.events() if is_lost(event)]

    run(test())


def test_a_page_that_is_loaded_again_in_a_conversation_finds_the_callee_on_the_line(gateway):
    async def test():
        server = gateway.servers[0]
        async with (
            floor_of(gateway) as (floor, carrier),
            phone_of(AGENT) as old,
            phone_of(AGENT, hertz=600) as new,
        ):
            await floor.seat(AGENT, old, server)
            number = floor.place(1)
            call = await carrier.next_call(number)
            await floor.connect(1, AGENT)
            await call.media.hears(AGENT_HERTZ)

            assert await new.sign_on(server.sip) == 200

            await call.media.hears(600)
            await leg_of(new).media.hears(CALLEE_HERTZ)
            assert not [event for event in floor.events() if is_lost(event)]

    run(test())


def test_credentials_are_wrong_unknown_closed_or_over(gateway):
    async def test():
        sip = gateway.servers[0].sip
        async with (
            floor_of(gateway) as (floor, _carrier),
            Phone(f"phone-{AGENT}", PASSWORD) as phone,
            Phone(f"phone-{AGENT}", "guess") as guesser,
        ):
            assert await phone.sign_on(sip) == 401  # nobody opened it
            await floor.open(AGENT)
            assert await guesser.sign_on(sip) in (401, 403)
            assert await phone.sign_on(sip) == 200
            floor.telephone.close_agent(AGENT)
            await floor.until(lambda: floor.line(AGENT) is None, "closed")
            await floor.until(lambda: f"phone-{AGENT}" not in endpoints(gateway), "credentials gone")
            assert await phone.sign_on(sip) == 401
            floor.telephone.open_agent(AGENT, PASSWORD, time.time() + 5)
            await floor.until(lambda: f"phone-{AGENT}" in endpoints(gateway), "credentials there")
            await floor.until(lambda: f"phone-{AGENT}" not in endpoints(gateway), "credentials over")
            assert await phone.sign_on(sip) == 401

    run(test())


def endpoints(gateway):
    return gateway.servers[0].cli("pjsip show endpoints")


def test_the_password_is_never_in_redis(gateway):
    """Also not for a moment: its append-only file keeps what is deleted until it is written anew."""

    async def test():
        async with floor_of(gateway) as (floor, _carrier), phone_of(AGENT) as phone:
            sent = []
            watching = threading.Event()

            def listen():
                with floor.redis.monitor() as monitor:
                    watching.set()
                    for told in monitor.listen():
                        sent.append(told["command"])
                        if "over now" in told["command"]:
                            return

            thread = threading.Thread(target=listen)
            thread.start()
            watching.wait()
            await floor.seat(AGENT, phone, gateway.servers[0])  # it registers with this password
            floor.redis.echo("over now")
            thread.join()

            assert [command for command in sent if "agent.open" in command]
            assert not [command for command in sent if PASSWORD in command]
            assert PASSWORD not in gateway.said()

    run(test())


def test_an_agent_who_says_nothing_is_still_there(gateway):
    async def test():
        async with floor_of(gateway) as (floor, _carrier), phone_of(AGENT) as phone:
            await floor.seat(AGENT, phone, gateway.servers[0])
            leg = leg_of(phone)
            leg.media.say(silence())
            await leg.media.hears_more(frames=0)
            floor.place(1)
            await floor.connect(1, AGENT)
            await leg.media.hears(CALLEE_HERTZ)

            assert not leg.ended.is_set()

    run(test())


def test_credentials_that_are_over_end_no_conversation(gateway):
    async def test():
        async with floor_of(gateway) as (floor, carrier), phone_of(AGENT) as phone:
            await floor.seat(AGENT, phone, gateway.servers[0])
            number = floor.place(1)
            call = await carrier.next_call(number)
            await floor.connect(1, AGENT)
            floor.redis.delete(keys.agent_key(AGENT))  # as Redis does when their time is over

            await call.media.hears_more(frames=100)
            await call.media.hears(AGENT_HERTZ)
            await floor.control.hang_up(1)

            await floor.hears(1, EventKind.CALL_ENDED)
            assert await leg_of(phone).over() == "bye"

    run(test())


def test_an_agent_whose_credentials_are_over_is_given_to_nobody(gateway):
    async def test():
        async with floor_of(gateway) as (floor, _carrier), phone_of(AGENT) as phone:
            await floor.seat(AGENT, phone, gateway.servers[0])
            floor.redis.delete(keys.agent_key(AGENT))

            await floor.hears_where(is_lost, "agent.lost")
            assert await leg_of(phone).over() == "bye"

    run(test())
