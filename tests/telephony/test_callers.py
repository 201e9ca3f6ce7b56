"""People who ring us over a real trunk: they ring until somebody takes the call, wait with music, and are never left in silence."""

import json

import pytest

from dialer import clock
from dialer.carriers.asterisk import inbound_keys, keys
from dialer.events import CallCause, EventKind
from dialer.ports import RecordingPlan
from tests.telephony.agent import UserAgent
from tests.telephony.asterisk_server import CALLER_IDS
from tests.telephony.gateway import MESSAGE_HERTZ, phone_of
from tests.telephony.ring_in import PERSON_HERTZ, THEIRS, play

AGENT = 3
AGENT_HERTZ = 440


def test_who_rings_is_not_answered_before_somebody_takes_the_call_and_then_talks_with_an_agent(gateway):
    async def test(line, floor):
        async with phone_of(AGENT) as phone:
            await floor.seat(AGENT, phone, gateway.servers[0])
            leg = await phone.next_call(f"phone-{AGENT}")
            person, answer = await line.ring_in()
            call = await line.announced()
            assert (call.number, call.dialed) == (THEIRS, CALLER_IDS[0])
            assert not answer.done()

            line.take(call)
            await answer
            assert person.code == 200
            await person.media.hears_more(frames=50)  # music
            await floor.hears(1, EventKind.CALL_CAME_IN)
            await floor.control.connect(1, AGENT)
            await floor.hears(1, EventKind.CALL_CONNECTED)

            await person.media.hears(AGENT_HERTZ, least=0.9)
            await leg.media.hears(PERSON_HERTZ, least=0.9)
            await person.hang_up()
            ended = await floor.hears(1, EventKind.CALL_ENDED)
            assert ended.data["cause"] == CallCause.CALLEE_HUNG_UP
            assert floor.redis.scard(keys.trunk_calls("one-out")) == 0

    play(gateway, test)


@pytest.mark.parametrize(
    ("dialed", "caller", "extra", "number"),
    [
        ("442079460100", THEIRS, "", THEIRS),
        ("02079460100", "0012025550142", "", THEIRS),
        (CALLER_IDS[0], "02079460958", "", "02079460958"),  # the application knows the country of our number
        (CALLER_IDS[0], "anonymous", "", ""),
        (CALLER_IDS[0], "anonymous", f"P-Asserted-Identity: <sip:{THEIRS}@carrier>\r\nPrivacy: id\r\n", ""),
        (CALLER_IDS[0], "switch-7", f"P-Asserted-Identity: <sip:{THEIRS}@carrier>\r\n", THEIRS),
        (f"{CALLER_IDS[0]};npdi=yes", THEIRS, "", THEIRS),
    ],
)
def test_both_numbers_are_read_however_the_carrier_writes_them(gateway, dialed, caller, extra, number):
    async def test(line, floor):
        person, _ = await line.ring_in(dialed, caller, extra)
        call = await line.announced()

        assert (call.number, call.dialed) == (number, CALLER_IDS[0])
        await person.hang_up()

    play(gateway, test)


def test_whom_nobody_takes_hears_that_the_line_is_busy_and_pays_nothing(gateway):
    async def test(line, floor):
        person, answer = await line.ring_in("+442079469999")
        call = await line.announced()
        assert call.dialed == "+442079469999"

        line.taker.refuse_call(call.call_id)
        line.taker.refuse_call(call.call_id)
        await answer

        assert person.code == 486
        line.take(call)  # too late
        await floor.hears(1, EventKind.CALL_ENDED)
        assert floor.kinds(1) == [EventKind.CALL_CAME_IN, EventKind.CALL_ENDED]

    play(gateway, test)


def test_without_a_worker_it_does_not_ring_for_ever(gateway):
    async def test(line, floor):
        person, answer = await line.ring_in()
        call = await line.announced()
        floor.redis.hset(inbound_keys.inbound_key(call.call_id), "since", repr(clock.now() - 31))

        await answer

        assert person.code == 486

    play(gateway, test)


def test_who_hangs_up_before_the_call_was_taken_has_come_in_and_gone(gateway):
    async def test(line, floor):
        person, _ = await line.ring_in()
        call = await line.announced()
        await person.hang_up()
        key = inbound_keys.inbound_key(call.call_id)
        await floor.until(lambda: floor.redis.hget(key, "state") == inbound_keys.GONE, "gone")

        line.take(call)

        ended = await floor.hears(1, EventKind.CALL_ENDED)
        assert ended.data["cause"] == CallCause.CALLEE_HUNG_UP
        assert floor.kinds(1) == [EventKind.CALL_CAME_IN, EventKind.CALL_ENDED]

    play(gateway, test)


def test_who_hangs_up_while_waiting_is_gone(gateway):
    async def test(line, floor):
        person, _ = await line.ring_and_take()
        await person.media.hears_more(frames=25)
        await person.hang_up()

        ended = await floor.hears(1, EventKind.CALL_ENDED)

        assert ended.data["cause"] == CallCause.CALLEE_HUNG_UP
        assert floor.redis.scard(keys.node_calls("one")) == 0

    play(gateway, test)


def test_who_waits_in_vain_hears_the_message_and_is_hung_up(gateway):
    async def test(line, floor):
        person, _ = await line.ring_and_take()
        await floor.control.play_message(1, "We ring you back.")

        await person.media.hears(MESSAGE_HERTZ, least=0.9)
        assert await person.over() == "bye"
        await floor.hears(1, EventKind.CALL_MESSAGE_PLAYED)

    play(gateway, test)


@pytest.mark.parametrize("user", ["agent-3", "phone-3", "link", "one-out", "to-two"])
def test_nobody_rings_in_under_a_name_of_ours(gateway, user):
    async def test(line, floor):
        async with UserAgent(line.carrier.script, "127.0.0.9") as stranger, phone_of(AGENT) as phone:
            await floor.seat(AGENT, phone, gateway.servers[0])
            call = await stranger.dial(gateway.servers[0].sip, CALLER_IDS[0], user)

            assert call.code in (401, 403)
            assert not list(floor.redis.scan_iter(inbound_keys.inbound_key("*")))

    play(gateway, test)


@pytest.mark.parametrize("dialed", [f"0{1:012d}{AGENT:09d}", "agent-000000003", "1%2Camd%2CMACHINE"])
def test_a_caller_from_a_trunk_is_a_caller_whatever_was_dialed(gateway, dialed):
    async def test(line, floor):
        async with phone_of(AGENT) as phone:
            await floor.seat(AGENT, phone, gateway.servers[0])
            leg = await phone.next_call(f"phone-{AGENT}")
            person, answer = await line.ring_in(dialed)
            call = await line.announced()
            assert call.dialed not in CALLER_IDS

            line.taker.refuse_call(call.call_id)
            await answer

            assert person.code == 486
            assert not leg.ended.is_set()
            assert len(gateway.servers[0].ari("GET", "bridges")[0]["channels"]) == 1

    play(gateway, test)


def test_the_plan_to_record_reaches_the_call(gateway):
    async def test(line, floor):
        _, answer = await line.ring_in()
        line.take(await line.announced(), recording=RecordingPlan("This is recorded."))
        await answer

        kept = floor.redis.hget(keys.call_key(1), "recording")

        assert json.loads(kept) == {"announcement": "This is recorded."}

    play(gateway, test)
