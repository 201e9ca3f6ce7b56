"""What agents do with a call by themselves, heard by callee and agent."""

import asyncio

from dialer.events import CallCause, EventKind
from tests.telephony.audio import talk
from tests.telephony.callee import CALLEE_HERTZ, says
from tests.telephony.gateway import floor_of, phone_of, run
from tests.telephony.talk_scene import AGENT, AGENT_HERTZ, play


def test_on_hold_the_callee_hears_music_and_the_agent_hears_nothing(gateway):
    async def test(scene):
        floor = scene.floor
        floor.telephone.hold(1)
        await floor.talks(1, lambda talk: talk.held, "held")
        await scene.callee.hears_no_more(AGENT_HERTZ)
        before = scene.agent.received
        await scene.callee.hears_more(frames=25)
        assert scene.callee.shares(AGENT_HERTZ)[0] < 0.1
        assert scene.agent.received - before < 5  # of twenty-five, when the callee were still heard

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
            await call.media.hears(1500)
            assert asyncio.get_running_loop().time() - call.answered_at > 3.5
            assert await call.over() == "bye"
            assert ended.data["cause"] == CallCause.HUNG_UP

    run(test())
