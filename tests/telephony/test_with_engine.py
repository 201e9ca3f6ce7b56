"""The engine, the gateway and Asterisk together: nobody is left on the line alone."""

import asyncio
from contextlib import asynccontextmanager
from dataclasses import replace

from dialer.events import EventKind
from dialer.jobs import World, connect, place_call
from dialer.ports import PlaceOrder
from tests.dialer.engine_harness import FloorScene, MemoryCampaigns
from tests.telephony.asterisk_server import CALLER_IDS
from tests.telephony.audio import tone
from tests.telephony.callee import CALLEE_HERTZ
from tests.telephony.gateway import MESSAGE_HERTZ, floor_of, phone_of, run

AGENT = 3
AGENT_HERTZ = 440


class RealCampaigns(MemoryCampaigns):
    """Leads whose calls go out through Asterisk."""

    def __init__(self, **world):
        super().__init__(**world)
        self.change(carrier="asterisk")

    def claim_attempt(self, attempt_id):
        order = super().claim_attempt(attempt_id)
        return (
            replace(order, carrier="asterisk", caller_id=CALLER_IDS[0])
            if isinstance(order, PlaceOrder)
            else order
        )


@asynccontextmanager
async def staffed(gateway, floor, phone):
    """An engine leads a campaign, a worker places its calls, one agent is ready."""
    scene = FloorScene(gateway.url)
    scene.campaigns = RealCampaigns(leads=1)
    connect(World(scene.campaigns, lambda name: floor.placer, scene.redis))
    await floor.seat(AGENT, phone, gateway.servers[0])
    await asyncio.to_thread(scene.start_engine)
    over = asyncio.Event()
    worker = asyncio.create_task(work(floor, scene, over))
    try:
        scene.seat(AGENT)
        yield scene
    finally:
        over.set()
        await worker
        await asyncio.to_thread(scene.close)


async def work(floor, scene, over):
    """The dial worker."""
    while not over.is_set():
        for attempt, state in list(scene.campaigns.states.items()):
            if state == "reserved":
                await asyncio.to_thread(place_call, attempt)
        await floor.client.blpop(["nothing"], timeout=0.02)


async def first_call(carrier):
    return await carrier.next_call("+12025550101", seconds=15)


def test_a_decision_becomes_a_conversation(gateway):
    async def test():
        async with (
            floor_of(gateway) as (floor, carrier),
            phone_of(AGENT) as phone,
            staffed(gateway, floor, phone) as scene,
        ):
            call = await first_call(carrier)
            await call.media.hears(AGENT_HERTZ)
            await floor.until(lambda: scene.agent_state(AGENT) == "on_call", "on the call")
            await call.hang_up()
            await floor.until(lambda: scene.facts("call.ended"), "ended")

            assert scene.facts("call.ended")[0]["data"]["result"] == "talked"
            await floor.until(lambda: scene.agent_state(AGENT) == "wrap_up", "wrap-up")

    run(test())


def test_a_callee_whose_agent_vanished_is_let_go_within_six_seconds(gateway):
    async def test():
        async with (
            floor_of(gateway) as (floor, carrier),
            phone_of(AGENT) as phone,
            staffed(gateway, floor, phone) as scene,
        ):
            call = await first_call(carrier)
            await call.media.hears(AGENT_HERTZ)
            await floor.until(lambda: scene.agent_state(AGENT) == "on_call", "on the call")
            await phone.__aexit__()  # the network is gone: no goodbye
            gone = asyncio.get_running_loop().time()

            assert await call.over(10) == "bye"
            assert call.ended_at - gone < 6.5
            assert scene.agent_state(AGENT) == "offline"

    run(test())


def test_a_person_whom_nobody_can_take_hears_the_message_within_two_seconds(gateway):
    pick_up = asyncio.Event()

    async def waits(call):
        call.ring()
        await pick_up.wait()
        await call.answer(tone(CALLEE_HERTZ))

    async def test():
        async with floor_of(gateway) as (floor, carrier), phone_of(AGENT) as phone:
            carrier.anybody = waits
            async with staffed(gateway, floor, phone) as scene:
                call = await first_call(carrier)
                await floor.hears_where(lambda event: event.kind is EventKind.CALL_RINGING, "ringing")
                scene.say(EventKind.AGENT_SIGNED_OFF, agent=AGENT)
                await floor.until(lambda: scene.agent_state(AGENT) == "offline", "away")
                pick_up.set()

                await call.media.hears(MESSAGE_HERTZ)
                assert call.media.first_at - call.answered_at < 2.4
                assert await call.over(15) == "bye"
                await floor.until(lambda: scene.facts("call.ended"), "ended")
                assert scene.facts("call.abandoned")
                assert scene.facts("call.message_played")
                assert scene.facts("call.ended")[0]["data"]["result"] == "abandoned"

    run(test())
