"""A supervisor in the call of an agent on the same node, heard by everybody who takes part."""

import asyncio

import pytest

from dialer import live
from dialer.carriers.asterisk import keys
from dialer.ports import SuperviseMode
from tests.telephony.audio import tone
from tests.telephony.callee import CALLEE_HERTZ
from tests.telephony.gateway import phone_of
from tests.telephony.talk_scene import AGENT, AGENT_HERTZ, SUPERVISOR, SUPERVISOR_HERTZ, play


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
