"""What is in the recordings: each side alone, both together, silence while card data is spoken, nothing without consent."""

import asyncio
import json
import statistics

from dialer import live
from dialer.events import EventKind
from dialer.ports import PlaceOrder, RecordingPlan, RecordingSide
from dialer.spool import list_spooled
from dialer.spool_news import read_lost
from tests.telephony.asterisk_server import CALLER_IDS
from tests.telephony.audio import FRAME, RATE, read_wav, share, write_tone
from tests.telephony.callee import CALLEE_HERTZ
from tests.telephony.gateway import CAMPAIGN, floor_of, phone_of, run

AGENT = 3
AGENT_HERTZ = 440
EVERY_SIDE = {RecordingSide.CALLEE, RecordingSide.AGENT, RecordingSide.MIXED}


async def connect(gateway, floor, carrier, phone, plan=None):
    await floor.seat(AGENT, phone, gateway.servers[0])
    number = "+12025550001"
    plan = plan or RecordingPlan()
    floor.placer.place_call(
        PlaceOrder(1, CAMPAIGN, number, CALLER_IDS[0], 25, {}, "asterisk", recording=plan)
    )
    call = await carrier.next_call(number)
    await floor.connect(1, AGENT)
    await call.media.hears(AGENT_HERTZ)
    return call


async def spooled(gateway, floor):
    """The files of the call, once all of them have arrived; what calls of an earlier test left is thrown away."""
    spool = gateway.data / "spool"

    def ours():
        return [file for file in list_spooled(spool) if file.started_at >= floor.began]

    await floor.until(lambda: {file.side for file in ours()} == EVERY_SIDE, "recordings in the spool")
    for file in list_spooled(spool):
        if file.started_at < floor.began:
            file.path.unlink()
    return ours()


async def sounds(gateway, floor):
    """The recordings of the call, once all of them have arrived."""
    files = await spooled(gateway, floor)
    found = {file.side: read_wav(file.path) for file in files}
    for file in files:
        file.path.unlink()
    return found


def parts(samples, hertz):
    """For each tenth of a second, how much of it is a tone."""
    return [share(samples[at : at + 800], hertz) for at in range(800, len(samples) - 1600, 800)]


def facts(floor):
    entries = floor.redis.xrange(live.FACTS_STREAM)
    return [json.loads(fields["fact"])["kind"] for _, fields in entries]


def test_each_side_is_alone_and_both_are_together(gateway):
    async def test():
        async with floor_of(gateway) as (floor, carrier), phone_of(AGENT) as phone:
            call = await connect(gateway, floor, carrier, phone)
            await floor.talks(1, lambda talk: talk.recording == "on", "recorded")
            await call.media.hears_more(frames=125)  # fifty of them may be old, when this process was held up
            await call.hang_up()
            await floor.hears(1, EventKind.CALL_ENDED)

            heard = await sounds(gateway, floor)

            callee, agent, mixed = (
                heard[side] for side in (RecordingSide.CALLEE, RecordingSide.AGENT, RecordingSide.MIXED)
            )
            assert statistics.median(parts(callee, CALLEE_HERTZ)) > 0.9
            assert max(parts(callee, AGENT_HERTZ)) < 0.02
            assert statistics.median(parts(agent, AGENT_HERTZ)) > 0.9
            assert max(parts(agent, CALLEE_HERTZ)) < 0.02
            assert statistics.median(parts(mixed, CALLEE_HERTZ)) > 0.2
            assert statistics.median(parts(mixed, AGENT_HERTZ)) > 0.2
            assert RATE < len(callee) < call.media.sent * FRAME + RATE  # not more than was said
            node = gateway.servers[0]
            await floor.until(lambda: node.ari("GET", "recordings/stored") == [], "nothing left on the node")

    run(test())


def test_card_data_is_silence_in_every_side_and_recording_goes_on_by_itself(gateway):
    async def test():
        async with floor_of(gateway) as (floor, carrier), phone_of(AGENT) as phone:
            call = await connect(gateway, floor, carrier, phone)
            await floor.talks(1, lambda talk: talk.recording == "on", "recorded")
            await call.media.hears_more(frames=100)
            floor.telephone.pause_recording(1, 1.5)
            await floor.talks(1, lambda talk: talk.recording == "paused", "paused")
            await floor.until(lambda: "call.recording_resumed" in facts(floor), "resumed by itself")
            await call.media.hears_more(frames=100)
            await floor.control.hang_up(1)
            await floor.hears(1, EventKind.CALL_ENDED)

            heard = await sounds(gateway, floor)

            for side, hertz in ((RecordingSide.CALLEE, CALLEE_HERTZ), (RecordingSide.AGENT, AGENT_HERTZ)):
                tones = "".join("#" if part > 0.5 else "." for part in parts(heard[side], hertz))
                pause = max(tones.split("#"), key=len)
                assert len(pause) >= 13, tones
                before, *_, after = tones.split(pause)
                assert min(before.count("#"), after.count("#")) >= 5, tones

    run(test())


def test_without_a_plan_nothing_is_recorded(gateway):
    async def test():
        async with floor_of(gateway) as (floor, carrier), phone_of(AGENT) as phone:
            await floor.seat(AGENT, phone, gateway.servers[0])
            number = floor.place(1)
            call = await carrier.next_call(number)
            await floor.connect(1, AGENT)
            await call.media.hears(AGENT_HERTZ)

            assert floor.talk(1).recording == ""
            assert gateway.servers[0].ari("GET", "recordings/stored") == []

    run(test())


def test_an_announcement_is_heard_before_anything_is_recorded(gateway):
    async def test():
        write_tone(gateway.log.parent / "sounds" / f"campaign-{CAMPAIGN}-announcement.wav", 850, 0.8)
        try:
            async with floor_of(gateway) as (floor, carrier), phone_of(AGENT) as phone:
                await connect(gateway, floor, carrier, phone, RecordingPlan("This call is recorded."))
                await floor.talks(1, lambda talk: talk.recording == "on", "recorded")
                call = await carrier.next_call("+12025550001")
                await call.media.hears_more(frames=40)
                await floor.control.hang_up(1)
                await floor.hears(1, EventKind.CALL_ENDED)

                heard = await sounds(gateway, floor)

                assert max(parts(heard[RecordingSide.MIXED], 850)) < 0.1
        finally:
            (gateway.log.parent / "sounds" / f"campaign-{CAMPAIGN}-announcement.wav").unlink()

    run(test())


def test_an_announcement_that_cannot_be_played_means_no_recording(gateway):
    async def test():
        async with floor_of(gateway) as (floor, carrier), phone_of(AGENT) as phone:
            call = await connect(gateway, floor, carrier, phone, RecordingPlan("No file says this."))
            await call.media.hears_more(frames=50)

            assert floor.talk(1).recording == ""

    run(test())


def test_recordings_of_calls_that_ended_while_the_gateway_was_dead_are_fetched(gateway):
    async def test():
        async with floor_of(gateway) as (floor, carrier), phone_of(AGENT) as phone:
            call = await connect(gateway, floor, carrier, phone)
            await floor.talks(1, lambda talk: talk.recording == "on", "recorded")
            await call.media.hears_more(frames=40)
            gateway.kill()
            await call.hang_up()
            await asyncio.to_thread(gateway.start)

            heard = await sounds(gateway, floor)

            assert statistics.median(parts(heard[RecordingSide.CALLEE], CALLEE_HERTZ)) > 0.9

    run(test())


async def record_a_call(gateway, floor, carrier, phone):
    call = await connect(gateway, floor, carrier, phone)
    await floor.talks(1, lambda talk: talk.recording == "on", "recorded")
    await call.media.hears_more(frames=50)
    await call.hang_up()
    await floor.hears(1, EventKind.CALL_ENDED)


def test_a_disk_that_takes_nothing_leaves_recordings_on_the_node_until_it_does(gateway):
    async def test():
        async with floor_of(gateway) as (floor, carrier), phone_of(AGENT) as phone:
            spool, away = gateway.data / "spool", gateway.data / "spool-away"
            spool.rename(away)
            spool.write_text("a file where the folder was")
            try:
                await record_a_call(gateway, floor, carrier, phone)
                await floor.until(lambda: "waits on node one" in gateway.said(), "told that it waits")
                node = gateway.servers[0]
                assert len(await asyncio.to_thread(node.ari, "GET", "recordings/stored")) == 3
            finally:
                spool.unlink()
                away.rename(spool)

            heard = await sounds(gateway, floor)

            assert set(heard) == EVERY_SIDE

    run(test())


def test_a_node_that_cannot_record_tells_which_sides_are_missing(gateway):
    async def test():
        async with floor_of(gateway) as (floor, carrier), phone_of(AGENT) as phone:
            folder = gateway.servers[0].recordings
            away = folder.with_name("recording-away")
            folder.rename(away)
            folder.write_text("a file where the folder was")
            try:
                call = await connect(gateway, floor, carrier, phone)
                await floor.until(lambda: len(read_lost(floor.redis, 0)) == 3, "told of three sides")
                await call.hang_up()
                await floor.hears(1, EventKind.CALL_ENDED)
            finally:
                folder.unlink()
                away.rename(folder)

            lost = read_lost(floor.redis, 0)
            assert {one.name.split("-")[2] for one in lost} == set(EVERY_SIDE)
            assert {one.node for one in lost} == {"one"}
            assert all(one.why for one in lost)

    run(test())
