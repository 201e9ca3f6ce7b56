"""Every outcome of a call through a real network, as the floor hears of it."""

import asyncio
import json

import pytest

from dialer import clock
from dialer.carriers.asterisk import keys
from dialer.events import Answer, CallCause, EventKind
from dialer.live import FACTS_STREAM
from tests.telephony.audio import talk
from tests.telephony.callee import CALLEE_HERTZ, human, machine, rejects, rings, says
from tests.telephony.gateway import floor_of, phone_of, run

NUMBER = "+12025550001"


@pytest.mark.parametrize(
    ("code", "cause"),
    [
        (486, CallCause.BUSY),
        (600, CallCause.BUSY),
        (404, CallCause.INVALID),
        (484, CallCause.INVALID),
        (503, CallCause.CONGESTION),
        (603, CallCause.REJECTED),
        (403, CallCause.REJECTED),
        (480, CallCause.NO_ANSWER),
        (488, CallCause.FAILED),
    ],
)
def test_what_the_network_answers_is_the_cause(gateway, code, cause):
    async def test():
        async with floor_of(gateway) as (floor, carrier):
            carrier.behaves(NUMBER, rejects(code))
            floor.place(1, NUMBER)

            ended = await floor.hears(1, EventKind.CALL_ENDED)

            assert (ended.data["cause"], ended.data["network"]["sip"]) == (cause, code)
            assert floor.kinds(1) == [EventKind.CALL_ENDED]

    run(test())


def test_a_telephone_rings_for_fifteen_seconds_at_least(gateway):
    async def test():
        async with floor_of(gateway) as (floor, carrier):
            carrier.behaves(NUMBER, rings)
            floor.place(1, NUMBER, ring_seconds=3)
            ringing = await floor.hears(1, EventKind.CALL_RINGING)

            ended = await floor.hears(1, EventKind.CALL_ENDED)

            assert ended.data["cause"] == CallCause.NO_ANSWER
            # A slow machine lets it ring longer; the time of a carrier that says nothing would come to thirty.
            assert 15.0 <= ended.at - ringing.at < 25.0
            assert (await carrier.next_call(NUMBER)).why == "cancelled"

    run(test())


def test_sound_before_the_answer_is_ringing_and_no_answer(gateway):
    async def early(call):
        await call.early(talk((0.4, 440)))
        await call.media.said()
        await call.reject(486)

    async def test():
        async with floor_of(gateway) as (floor, carrier):
            carrier.behaves(NUMBER, early)
            floor.place(1, NUMBER)

            ended = await floor.hears(1, EventKind.CALL_ENDED)

            assert ended.data["cause"] == CallCause.BUSY
            assert floor.kinds(1) == [EventKind.CALL_RINGING, EventKind.CALL_ENDED]

    run(test())


def test_who_says_goodbye_without_a_reason_was_answered_all_the_same(gateway):
    async def test():
        async with floor_of(gateway) as (floor, carrier):
            carrier.behaves(NUMBER, says(lambda: talk((0.2, CALLEE_HERTZ)), then_hangs_up=True))
            floor.place(1, NUMBER)

            ended = await floor.hears(1, EventKind.CALL_ENDED)

            assert ended.data["cause"] == CallCause.CALLEE_HUNG_UP

    run(test())


def test_the_person_sees_a_number_of_the_trunk(gateway):
    async def test():
        async with floor_of(gateway) as (floor, carrier):
            floor.place(1, NUMBER)

            call = await carrier.next_call(NUMBER)

            assert call.caller == "+442079460100"

    run(test())


@pytest.mark.parametrize(("who", "answer"), [(human, Answer.HUMAN), (machine, Answer.MACHINE)])
def test_detection_tells_people_from_machines_with_cause_and_time(gateway, who, answer):
    async def test():
        async with floor_of(gateway) as (floor, carrier):
            carrier.behaves(NUMBER, who)
            placed = clock.now()
            floor.place(1, NUMBER, detection=True)

            answered = await floor.hears(1, EventKind.CALL_ANSWERED)

            kept = answered.data["detection"]
            assert (answered.data["answer"], kept["verdict"]) == (answer, answer)
            assert kept["cause"]
            assert 0.5 < kept["seconds"] < answered.at - placed

    run(test())


def test_who_hangs_up_during_detection_was_a_person(gateway):
    async def test():
        async with floor_of(gateway) as (floor, carrier):
            carrier.behaves(NUMBER, says(lambda: talk((0.3, 440)), then_hangs_up=True))
            floor.place(1, NUMBER, detection=True)

            ended = await floor.hears(1, EventKind.CALL_ENDED)

            answered = next(event for event in floor.events(1) if event.kind is EventKind.CALL_ANSWERED)
            assert (answered.data["answer"], answered.data["detection"]["verdict"]) == ("human", "hung_up")
            assert ended.data["cause"] == CallCause.CALLEE_HUNG_UP

    run(test())


def test_without_detection_every_answer_is_a_person(gateway):
    async def test():
        async with floor_of(gateway) as (floor, carrier):
            carrier.behaves(NUMBER, machine)
            floor.place(1, NUMBER)

            answered = await floor.hears(1, EventKind.CALL_ANSWERED)

            assert answered.data == {"answer": "human"}

    run(test())


VOICEMAIL_HERTZ, TONE_HERTZ, AGENT = 1500, 1000, 3
LEFT = "call.voicemail_dropped"


def test_a_machine_is_left_the_message_after_its_tone_and_no_agent_hears_it(gateway):
    said = asyncio.Event()

    async def answers(call):
        call.ring()
        words = talk((0.4, 0), *((0.4, 440), (0.12, 0)) * 14, (0.6, 0), (0.5, TONE_HERTZ))
        if await call.answer(words):
            await call.media.said()
            said.set()

    async def test():
        async with floor_of(gateway) as (floor, carrier), phone_of(AGENT) as phone:
            await floor.seat(AGENT, phone, gateway.servers[0])
            carrier.behaves(NUMBER, answers)
            floor.place(1, NUMBER, detection=True, voicemail=True)
            call = await carrier.next_call(NUMBER)

            await floor.hears(1, EventKind.CALL_ENDED)
            await floor.control.hang_up(1)  # an engine ends what a machine answered
            await floor.control.connect(1, AGENT)
            assert not said.is_set()

            await call.media.hears(VOICEMAIL_HERTZ, least=0.9)
            assert said.is_set()
            assert await call.over() == "bye"
            answered, ended = [event for event in floor.events(1) if event.kind is not EventKind.CALL_RINGING]
            assert answered.data["answer"] == Answer.MACHINE
            assert (ended.kind, ended.data["cause"]) == (EventKind.CALL_ENDED, CallCause.HUNG_UP)
            await floor.until(lambda: LEFT in _facts(floor, 1), "told that it was left")

    run(test())


def test_a_person_is_left_no_message(gateway):
    async def test():
        async with floor_of(gateway) as (floor, carrier), phone_of(AGENT) as phone:
            await floor.seat(AGENT, phone, gateway.servers[0])
            carrier.behaves(NUMBER, human)
            floor.place(1, NUMBER, detection=True, voicemail=True)
            call = await carrier.next_call(NUMBER)

            await floor.connect(1, AGENT)

            await call.media.hears(440, least=0.9)
            await call.hang_up()
            await floor.hears(1, EventKind.CALL_ENDED)
            assert LEFT not in _facts(floor, 1)

    run(test())


def test_a_machine_that_hangs_up_before_the_message_was_left_none(gateway):
    async def answers(call):
        call.ring()
        words = talk((0.4, 0), *((0.4, 440), (0.12, 0)) * 14)
        if await call.answer(words):
            await call.media.said()
            await call.hang_up()

    async def test():
        async with floor_of(gateway) as (floor, carrier):
            carrier.behaves(NUMBER, answers)
            floor.place(1, NUMBER, detection=True, voicemail=True)
            await floor.hears(1, EventKind.CALL_ENDED)

            await floor.until(lambda: not floor.redis.scard(keys.node_calls("one")), "over")

            assert LEFT not in _facts(floor, 1)

    run(test())


def _facts(floor, attempt):
    facts = [json.loads(fields["fact"]) for _, fields in floor.redis.xrange(FACTS_STREAM)]
    return [fact["kind"] for fact in facts if fact["attempt"] == attempt]
