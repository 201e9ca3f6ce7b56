"""The engine, the gateway and Asterisk together: nobody is left on the line alone."""

import asyncio
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import ClassVar

import redis
from rq import Queue

from dialer.carriers import make_taker
from dialer.events import EventKind
from dialer.jobs import Inbound, World, connect, place_call
from dialer.ports import PlaceOrder, TakeOrder
from dialer.queues import DIAL
from tests.dialer.engine_harness import FloorScene, MemoryCampaigns
from tests.telephony.asterisk_server import CALLER_IDS
from tests.telephony.audio import linear, share, tone
from tests.telephony.callee import CALLEE_HERTZ, busy, machine
from tests.telephony.gateway import CAMPAIGN, MESSAGE_HERTZ, floor_of, phone_of, run
from tests.telephony.rtp import LOOK

AGENT = 3
AGENT_HERTZ, VOICEMAIL_HERTZ = 440, 1500


class RealCampaigns(MemoryCampaigns):
    """Leads whose calls go out through Asterisk."""

    profile: ClassVar = {}

    def __init__(self, **world):
        super().__init__(**world)
        self.change(carrier="asterisk")

    def claim_attempt(self, attempt_id):
        order = super().claim_attempt(attempt_id)
        return (
            replace(order, carrier="asterisk", caller_id=CALLER_IDS[0], profile=self.profile)
            if isinstance(order, PlaceOrder)
            else order
        )


class OneCampaign:
    """Everybody who rings our number is a call of the campaign."""

    attempt = 500

    def take(self, call):
        if call.dialed not in CALLER_IDS:
            return None
        return TakeOrder(self.attempt, CAMPAIGN, call.call_id, call.at, 5, 120.0, {})


@asynccontextmanager
async def staffed(gateway, floor, phone, **profile):
    """An engine leads a campaign, a worker places its calls, one agent is ready."""
    scene = FloorScene(gateway.url)
    scene.campaigns = RealCampaigns(leads=1)
    scene.campaigns.profile = profile
    inbound = Inbound(OneCampaign(), lambda name: make_taker(name, scene.redis))
    connect(World(scene.campaigns, lambda name: floor.placer, scene.redis, inbound))
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
    with redis.Redis.from_url(floor.gateway.url) as connection:
        await _work(floor, scene, over, Queue(DIAL.name, connection=connection))


async def _work(floor, scene, over, queue):
    while not over.is_set():
        for job in await asyncio.to_thread(queue.get_jobs):
            if job.origin == DIAL.name and "inbound" in job.func_name:
                await asyncio.to_thread(job.func, *job.args)
                job.delete()
        for attempt, state in list(scene.campaigns.states.items()):
            if state == "reserved":
                await asyncio.to_thread(place_call, attempt)
        await floor.client.blpop(["nothing"], timeout=0.02)


async def first_call(carrier):
    return await carrier.next_call("+12025550101")


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


def test_a_conversation_outlives_the_engine_that_led_it(gateway):
    async def test():
        async with (
            floor_of(gateway) as (floor, carrier),
            phone_of(AGENT) as phone,
            staffed(gateway, floor, phone) as scene,
        ):
            call = await first_call(carrier)
            await call.media.hears(AGENT_HERTZ)
            await floor.until(lambda: scene.agent_state(AGENT) == "on_call", "on the call")
            first = scene.leader()

            scene.engines[0].freeze()
            await asyncio.to_thread(scene.start_engine)
            await floor.until(lambda: scene.leader() not in (None, first), "another engine leads")
            await call.media.hears(AGENT_HERTZ)
            await call.hang_up()

            await floor.until(lambda: scene.facts("call.ended"), "ended")
            assert [fact["data"]["result"] for fact in scene.facts("call.ended")] == ["talked"]
            await floor.until(lambda: scene.agent_state(AGENT) == "wrap_up", "wrap-up")
            assert len(carrier.calls) == 1

    run(test())


def test_a_callee_whose_agent_vanished_is_let_go(gateway):
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

            assert await call.over() == "bye"
            assert call.ended_at - gone < 20  # not as long as the telephone is registered
            assert scene.agent_state(AGENT) == "offline"

    run(test())


def test_a_person_whom_nobody_can_take_hears_the_message_and_nothing_before(gateway):
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
                assert share(linear(call.media.heard[:LOOK]), MESSAGE_HERTZ) > 0.9
                # The law's two seconds, and time for a slow machine; without an engine's word it would be thirty.
                assert call.media.first_at - call.answered_at < 12
                assert await call.over() == "bye"
                await floor.until(lambda: scene.facts("call.ended"), "ended")
                assert scene.facts("call.abandoned")
                assert scene.facts("call.message_played")
                assert scene.facts("call.ended")[0]["data"]["result"] == "abandoned"

    run(test())


def test_a_person_who_missed_our_call_rings_back_and_talks_with_an_agent(gateway):
    async def test():
        async with floor_of(gateway) as (floor, carrier), phone_of(AGENT) as phone:
            carrier.anybody = busy
            async with staffed(gateway, floor, phone) as scene:
                missed = await first_call(carrier)
                await missed.over()
                leg = await phone.next_call(f"phone-{AGENT}")

                person = await carrier.dial(
                    gateway.servers[0].sip, CALLER_IDS[0], missed.number, tone(CALLEE_HERTZ)
                )

                assert person.code == 200
                await person.media.hears(AGENT_HERTZ, least=0.9)
                await leg.media.hears(CALLEE_HERTZ, least=0.9)
                await floor.until(lambda: scene.agent_state(AGENT) == "on_call", "on the call")
                await person.hang_up()
                await floor.until(lambda: scene.agent_state(AGENT) == "wrap_up", "wrap-up")
                ended = scene.facts("call.ended")[-1]
                assert (ended["attempt"], ended["data"]["result"]) == (OneCampaign.attempt, "talked")
                assert scene.facts("call.came_in")

    run(test())


def test_a_person_who_rings_back_when_nobody_works_hears_the_message(gateway):
    async def test():
        async with floor_of(gateway) as (floor, carrier), phone_of(AGENT) as phone:
            carrier.anybody = busy
            async with staffed(gateway, floor, phone) as scene:
                missed = await first_call(carrier)
                scene.say(EventKind.AGENT_SIGNED_OFF, agent=AGENT)
                await floor.until(lambda: scene.agent_state(AGENT) == "offline", "away")

                person = await carrier.dial(
                    gateway.servers[0].sip, CALLER_IDS[0], missed.number, tone(CALLEE_HERTZ)
                )

                await person.media.hears(MESSAGE_HERTZ, least=0.9)
                assert await person.over() == "bye"
                await floor.until(lambda: scene.facts("call.missed"), "missed")

    run(test())


def test_a_person_who_dialed_a_number_that_no_campaign_shows_hears_that_it_is_busy(gateway):
    async def test():
        async with (
            floor_of(gateway) as (floor, carrier),
            phone_of(AGENT) as phone,
            staffed(gateway, floor, phone) as scene,
        ):
            person = await carrier.dial(gateway.servers[0].sip, "+442079469999", "+12025550142")

            assert person.code == 486
            assert not scene.facts("call.came_in")

    run(test())


def test_a_machine_that_is_left_the_message_ends_as_machine_and_nobody_was_abandoned(gateway):
    async def test():
        async with floor_of(gateway) as (floor, carrier), phone_of(AGENT) as phone:
            carrier.anybody = machine
            async with staffed(gateway, floor, phone, detection=True, voicemail=True) as scene:
                call = await first_call(carrier)
                await floor.until(lambda: scene.facts("call.ended"), "ended")
                assert scene.agent_state(AGENT) == "ready"

                await call.media.hears(VOICEMAIL_HERTZ, least=0.9)
                assert await call.over() == "bye"
                (ended,) = scene.facts("call.ended")
                assert (ended["data"]["result"], ended["data"]["abandoned"]) == ("machine", False)
                assert not scene.facts("call.abandoned")
                await floor.until(lambda: scene.facts("call.voicemail_dropped"), "told that it was left")

    run(test())
