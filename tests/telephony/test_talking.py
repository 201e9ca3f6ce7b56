"""What agents do with a call, heard by everybody who takes part: callee 1000 Hz, agent 440, third person 700."""

import asyncio
import json

import pytest

from dialer import clock, live
from dialer.carriers.asterisk import keys
from dialer.events import CallCause, EventKind
from dialer.ports import Consulted, SuperviseMode
from tests.telephony.audio import talk, tone
from tests.telephony.callee import CALLEE_HERTZ, busy, rings, says
from tests.telephony.gateway import MESSAGE_HERTZ, floor_of, phone_of, run

AGENT, SUPERVISOR = 3, 5
AGENT_HERTZ, THIRD_HERTZ, SUPERVISOR_HERTZ = 440, 700, 560
THIRD = "+12025559999"
CALLS_PER_SECOND = 200  # of the tests' trunk
third_person = says(lambda: tone(THIRD_HERTZ))


class Scene:
    """An agent in a call."""

    def __init__(self, gateway, floor, carrier, phone):
        self.gateway, self.floor, self.carrier, self.phone = gateway, floor, carrier, phone

    async def begin(self):
        await self.floor.seat(AGENT, self.phone, self.gateway.servers[0])
        number = self.floor.place(1)
        self.callee = (await self.carrier.next_call(number)).media
        self.callee_call = await self.carrier.next_call(number)
        await self.floor.connect(1, AGENT)
        self.agent = next(iter(self.phone.calls.values())).media
        await self.callee.hears(AGENT_HERTZ)
        return self

    async def consult(self):
        self.carrier.behaves(THIRD, third_person)
        self.floor.telephone.consult(1, THIRD)
        await self.floor.talks(1, lambda talk: talk.consulted is Consulted.TALKING, "third person there")
        return (await self.carrier.next_call(THIRD)).media

    def facts(self):
        entries = self.floor.redis.xrange(live.FACTS_STREAM)
        found = [json.loads(fields["fact"]) for _, fields in entries]
        return [fact["kind"] for fact in found if fact["kind"] != "call.dialed"]

    def news(self):
        entries = self.floor.redis.xrange(live.PUSH_STREAM)
        return [json.loads(fields["data"]) for _, fields in entries if fields["event"] == "talk"]


def play(gateway, test):
    async def scene():
        async with floor_of(gateway) as (floor, carrier), phone_of(AGENT, hertz=AGENT_HERTZ) as phone:
            await test(await Scene(gateway, floor, carrier, phone).begin())

    run(scene())


def test_on_hold_the_callee_hears_music_and_the_agent_hears_nothing(gateway):
    async def test(scene):
        floor = scene.floor
        floor.telephone.hold(1)
        await floor.talks(1, lambda talk: talk.held, "held")
        before = scene.agent.received
        await scene.callee.hears_more(frames=25)
        assert (scene.callee.shares(AGENT_HERTZ) or [0.0])[0] < 0.1
        assert scene.agent.received - before < 5

        floor.telephone.resume(1)

        await scene.callee.hears(AGENT_HERTZ, least=0.9)
        await scene.agent.hears(CALLEE_HERTZ, least=0.9)
        assert scene.facts() == ["call.talk_begun", "call.held", "call.resumed"]

    play(gateway, test)


def test_keys_reach_the_callee(gateway):
    async def test(scene):
        scene.floor.telephone.send_digits(1, "4*1#")

        await scene.callee.hears_keys("4*1#")

    play(gateway, test)


def test_a_third_person_is_asked_while_the_callee_waits_then_all_talk_together(gateway):
    async def test(scene):
        third = await scene.consult()
        await third.hears(AGENT_HERTZ, least=0.9)
        await scene.agent.hears(THIRD_HERTZ, least=0.9)
        assert (scene.callee.shares(THIRD_HERTZ) or [0.0])[0] < 0.1

        scene.floor.telephone.merge(1)

        await scene.agent.hears(THIRD_HERTZ, CALLEE_HERTZ, least=0.8)
        await scene.callee.hears(THIRD_HERTZ, AGENT_HERTZ, least=0.8)
        await third.hears(CALLEE_HERTZ, AGENT_HERTZ, least=0.8)
        await scene.floor.talks(
            1, lambda talk: talk.consulted is Consulted.MERGED and not talk.held, "merged"
        )

    play(gateway, test)


def test_a_third_person_who_is_let_go_leaves_agent_and_callee(gateway):
    async def test(scene):
        await scene.consult()
        scene.floor.telephone.drop_consulted(1)

        assert await (await scene.carrier.next_call(THIRD)).over() == "bye"
        await scene.callee.hears(AGENT_HERTZ, least=0.9)
        await scene.agent.hears(CALLEE_HERTZ, least=0.9)

    play(gateway, test)


def test_a_third_person_who_is_busy_brings_the_callee_back(gateway):
    async def test(scene):
        scene.carrier.behaves(THIRD, busy)
        scene.floor.telephone.consult(1, THIRD)
        await scene.floor.until(lambda: "call.consult_ended" in scene.facts(), "told")

        await scene.callee.hears(AGENT_HERTZ, least=0.9)

    play(gateway, test)


def test_a_warm_transfer_leaves_the_two_together_and_frees_the_agent(gateway):
    async def test(scene):
        third = await scene.consult()
        scene.floor.telephone.complete_transfer(1)

        ended = await scene.floor.hears(1, EventKind.CALL_ENDED)
        await scene.callee.hears(THIRD_HERTZ, least=0.9)
        await third.hears(CALLEE_HERTZ, least=0.9)
        assert (ended.data["cause"], ended.data["number"]) == (CallCause.TRANSFERRED, THIRD)
        assert scene.floor.talk(1) is None
        await scene.floor.control.hang_up(1)  # the floor repeats what it may have said before
        number = scene.floor.place(2)
        second = await scene.carrier.next_call(number)
        await scene.floor.connect(2, AGENT)
        await second.media.hears(AGENT_HERTZ, least=0.9)
        await scene.callee.hears(THIRD_HERTZ, least=0.9)
        await (await scene.carrier.next_call(THIRD)).hang_up()
        assert await scene.callee_call.over() == "bye"
        assert scene.floor.kinds(1).count(EventKind.CALL_ENDED) == 1

    play(gateway, test)


def test_a_blind_transfer_rings_the_number_while_the_callee_hears_music(gateway):
    async def test(scene):
        scene.carrier.behaves(THIRD, third_person)
        scene.floor.telephone.transfer(1, THIRD)

        ended = await scene.floor.hears(1, EventKind.CALL_ENDED)
        await scene.callee.hears(THIRD_HERTZ, least=0.9)
        assert ended.data["cause"] == CallCause.TRANSFERRED
        await scene.callee_call.hang_up()
        assert await (await scene.carrier.next_call(THIRD)).over() == "bye"
        assert "call.transfer_answered" in scene.facts()

    play(gateway, test)


def test_a_blind_transfer_that_nobody_answers_ends_with_the_message(gateway):
    async def test(scene):
        scene.carrier.behaves(THIRD, busy)
        scene.floor.telephone.transfer(1, THIRD)

        await scene.callee.hears(MESSAGE_HERTZ)
        assert await scene.callee_call.over() == "bye"
        assert "call.transfer_failed" in scene.facts()

    play(gateway, test)


def on_trunk(scene):
    redis = scene.floor.redis
    return [redis.scard(keys.trunk_calls("one-out")), redis.scard(keys.node_calls("one"))]


def test_a_third_person_is_one_of_the_trunks_calls_until_they_go(gateway):
    async def test(scene):
        assert on_trunk(scene) == [1, 1]
        await scene.consult()
        assert on_trunk(scene) == [2, 2]
        assert scene.floor.redis.zcard(keys.trunk_recent("one-out")) == 2

        await (await scene.carrier.next_call(THIRD)).hang_up()
        await scene.floor.until(lambda: on_trunk(scene) == [1, 1], "third person's place free")
        await scene.consult()
        await scene.callee_call.hang_up()
        await scene.floor.until(lambda: on_trunk(scene) == [0, 0], "both places free")

    play(gateway, test)


@pytest.mark.parametrize("verb", ["consult", "transfer"])
def test_a_full_trunk_rings_no_third_person_and_the_callee_stays(gateway, verb):
    async def test(scene):
        scene.floor.redis.sadd(keys.trunk_calls("one-out"), *range(1000, 2000))
        getattr(scene.floor.telephone, verb)(1, THIRD)
        await scene.floor.until(lambda: scene.news()[-1]["what"] == "refused", "refused")

        assert scene.news()[-1]["why"] == "trunk_full"
        assert scene.facts()[-1] == "call.not_done"
        assert THIRD not in {call.number for call in scene.carrier.calls.values()}
        await scene.callee.hears_more()
        await scene.callee.hears(AGENT_HERTZ)

    play(gateway, test)


def test_a_third_person_gets_the_next_call_of_a_trunk_that_may_place_none_now(gateway):
    async def test(scene):
        redis, recent, now = scene.floor.redis, keys.trunk_recent("one-out"), clock.now()
        redis.zadd(recent, {f"busy {place}": now for place in range(CALLS_PER_SECOND)})

        await scene.consult()

        places = dict(redis.zrange(recent, 0, -1, withscores=True))
        (taken,) = [at for name, at in places.items() if name.startswith("third")]
        assert now + 0.999 < taken <= clock.now()

    play(gateway, test)


@pytest.mark.parametrize(
    ("number", "age", "why"),
    [
        (THIRD, 11, "too_late"),
        (THIRD, None, "too_late"),
        ("+12025550001", 0, "not_possible"),  # the callee's own
        ("12025559999", 0, "not_possible"),
    ],
)
def test_a_third_person_is_rung_only_while_that_is_certainly_allowed(gateway, number, age, why):
    async def test(scene):
        asked = {"command": "consult", "attempt": 1, "number": number}
        until = {} if age is None else {"until": clock.now() + 10 - age}
        scene.floor.redis.xadd(live.ASTERISK_COMMANDS, asked | until)
        await scene.floor.until(lambda: scene.news()[-1]["what"] == "refused", "refused")

        assert scene.news()[-1]["why"] == why
        assert THIRD not in {call.number for call in scene.carrier.calls.values()}
        assert on_trunk(scene) == [1, 1]

    play(gateway, test)


def test_a_callee_who_leaves_takes_the_ringing_third_person_along(gateway):
    async def test(scene):
        scene.carrier.behaves(THIRD, rings)
        scene.floor.telephone.consult(1, THIRD)
        third = await scene.carrier.next_call(THIRD)
        await scene.callee_call.hang_up()

        assert await third.over() == "cancelled"
        ended = await scene.floor.hears(1, EventKind.CALL_ENDED)
        assert ended.data["cause"] == CallCause.CALLEE_HUNG_UP

    play(gateway, test)


def test_what_cannot_be_done_is_told(gateway):
    async def test(scene):
        scene.floor.telephone.merge(1)
        await scene.floor.until(lambda: scene.news()[-1]["what"] == "refused", "refused")

        assert (scene.news()[-1]["command"], scene.news()[-1]["why"]) == ("merge", "nobody_consulted")

    play(gateway, test)


def test_the_voicemail_message_waits_for_the_end_of_the_greeting(gateway):
    async def test():
        async with floor_of(gateway) as (floor, carrier), phone_of(AGENT) as phone:
            await floor.seat(AGENT, phone, gateway.servers[0])
            carrier.behaves("+12025550001", says(lambda: talk((2.5, 600), (0.3, 1000), (30.0, 0))))
            floor.place(1)
            await floor.connect(1, AGENT)
            call = await carrier.next_call("+12025550001")
            floor.telephone.drop_voicemail(1)

            ended = await floor.hears(1, EventKind.CALL_ENDED)
            await call.media.hears(1500, seconds=10)
            assert asyncio.get_running_loop().time() - call.answered_at > 3.5
            assert await call.over() == "bye"
            assert ended.data["cause"] == CallCause.HUNG_UP

    run(test())


def test_a_supervisor_whose_telephone_is_just_picking_up_is_waited_for(gateway):
    async def test(scene):
        async with phone_of(SUPERVISOR, hertz=SUPERVISOR_HERTZ) as desk:
            picks_up = asyncio.Event()

            async def slowly(call):
                await picks_up.wait()
                await call.answer(tone(SUPERVISOR_HERTZ))

            desk.script = slowly
            await scene.floor.open(SUPERVISOR)
            assert await desk.sign_on(gateway.servers[0].sip) == 200
            leg = await desk.next_call(f"phone-{SUPERVISOR}")
            scene.floor.telephone.supervise(SUPERVISOR, AGENT, SuperviseMode.LISTEN)
            streams = (live.ASTERISK_COMMANDS, keys.node_commands("one"))
            await scene.floor.until(
                lambda: [scene.floor.redis.xlen(one) for one in streams] == [0, 1], "read"
            )
            picks_up.set()

            await leg.media.hears(AGENT_HERTZ, CALLEE_HERTZ)

    play(gateway, test)


@pytest.mark.parametrize(
    ("mode", "callee_hears", "agent_hears"),
    [
        (SuperviseMode.LISTEN, [AGENT_HERTZ], [CALLEE_HERTZ]),
        (SuperviseMode.WHISPER, [AGENT_HERTZ], [CALLEE_HERTZ, SUPERVISOR_HERTZ]),
        (SuperviseMode.BARGE, [AGENT_HERTZ, SUPERVISOR_HERTZ], [CALLEE_HERTZ, SUPERVISOR_HERTZ]),
    ],
)
def test_who_hears_whom_under_supervision(gateway, mode, callee_hears, agent_hears):
    async def test(scene):
        async with phone_of(SUPERVISOR, hertz=SUPERVISOR_HERTZ) as desk:
            await scene.floor.open(SUPERVISOR)
            assert await desk.sign_on(gateway.servers[0].sip) == 200
            await scene.floor.until(lambda: scene.floor.line(SUPERVISOR) == "connected", "supervisor's leg")
            scene.floor.telephone.supervise(SUPERVISOR, AGENT, mode)
            supervisor = next(iter(desk.calls.values())).media

            await supervisor.hears(AGENT_HERTZ, CALLEE_HERTZ, least=0.8)
            await scene.agent.hears(*agent_hears, least=0.8)
            await scene.callee.hears(*callee_hears, least=0.8)
            if SUPERVISOR_HERTZ not in callee_hears:
                await scene.callee.hears_more(frames=25)
                assert scene.callee.shares(SUPERVISOR_HERTZ)[0] < 0.02
            if SUPERVISOR_HERTZ not in agent_hears:
                assert scene.agent.shares(SUPERVISOR_HERTZ)[0] < 0.02

            scene.floor.telephone.supervise(SUPERVISOR, AGENT, SuperviseMode.STOP)
            await scene.agent.hears(CALLEE_HERTZ, least=0.95)
            await scene.callee.hears(AGENT_HERTZ, least=0.95)

    play(gateway, test)
