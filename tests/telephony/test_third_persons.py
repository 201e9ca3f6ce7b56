"""Third persons, asked for advice or handed the callee, heard by everybody who takes part."""

import pytest

from dialer import clock, live
from dialer.carriers.asterisk import keys
from dialer.events import CallCause, EventKind
from dialer.ports import Consulted
from tests.telephony.callee import CALLEE_HERTZ, busy, rings
from tests.telephony.gateway import MESSAGE_HERTZ
from tests.telephony.talk_scene import AGENT, AGENT_HERTZ, THIRD, THIRD_HERTZ, play, third_person

CALLS_PER_SECOND = 200  # of the tests' trunk


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
