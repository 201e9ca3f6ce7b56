"""Messages that managers uploaded: what a person hears, without a restart and without a folder."""

import hashlib
from pathlib import Path

import pytest

from dialer.carriers.asterisk import keys, message_book
from dialer.events import EventKind
from dialer.ports import PlaceOrder, RecordingPlan
from telesales.access.roles import Role
from tests.actors import as_role
from tests.factories_messages import as_file, make_wav
from tests.telephony.asterisk_server import CALLER_IDS
from tests.telephony.audio import talk, write_tone
from tests.telephony.callee import says
from tests.telephony.gateway import (
    CAMPAIGN,
    MESSAGE_HERTZ,
    MESSAGE_SECONDS,
    assert_told_whole,
    floor_of,
    phone_of,
    run,
    run_gateway,
)

MACHINE = "+12125550177"
OWN, GENERAL, THANKS = f"campaign-{CAMPAIGN}-abandoned", "abandoned", "opted-out"


class Shelf:
    """What the database would hold."""

    def __init__(self, gateway, folder: Path) -> None:
        self._gateway, self._folder = gateway, folder
        self.prints: dict[str, str] = {}
        self._sounds: dict[str, bytes] = {}

    def put(self, name: str, hertz: int, seconds: float = 1.0) -> str:
        path = self._folder / f"{hertz}.wav"
        write_tone(path, hertz, seconds)
        sound = path.read_bytes()
        path.unlink()
        self.prints[name] = hashlib.sha256(sound).hexdigest()
        self._sounds[self.prints[name]] = sound
        return self.prints[name]

    def bring(self) -> None:
        """Let the gateways have them, and wait until every node that lives has them."""
        client = self._gateway.redis
        message_book.bring(client, self.prints, self._sounds.__getitem__)
        for server in self._gateway.servers:
            here = message_book.node_messages(server.node.name)
            self._gateway.wait_until(
                lambda here=here: client.hgetall(here) == self.prints, f"messages on {server.node.name}"
            )


@pytest.fixture
def shelf(gateway, tmp_path):
    return Shelf(gateway, tmp_path)


async def hears(gateway, attempt: int, hertz: int, seconds: float = 1.0):
    """An abandoned person hears this tone for so long; returns what the record says of it."""
    async with floor_of(gateway) as (floor, carrier):
        call = await carrier.next_call(floor.place(attempt))
        await floor.hears(attempt, EventKind.CALL_ANSWERED)
        asked = await floor.plays(attempt)
        played = await floor.hears(attempt, EventKind.CALL_MESSAGE_PLAYED)
        await call.media.hears_whole(hertz, seconds)
        assert_told_whole(played, seconds, asked)
        await call.hang_up()
        await floor.hears(attempt, EventKind.CALL_ENDED)
    return played.data


def test_an_uploaded_message_is_heard_at_once_its_successor_too_and_without_it_the_operators_file(
    gateway, shelf
):
    shelf.put(OWN, 600)
    shelf.bring()
    data = run_for(hears(gateway, 1, 600))
    assert (data["message"], data["sound"]) == (OWN, shelf.prints[OWN])

    shelf.put(OWN, 700)
    shelf.bring()
    run_for(hears(gateway, 2, 700))

    shelf.prints.clear()
    shelf.bring()
    data = run_for(hears(gateway, 3, MESSAGE_HERTZ, MESSAGE_SECONDS))
    assert data["message"] == GENERAL
    assert "sound" not in data


def run_for(test):
    """What a test's coroutine returns."""
    found = []

    async def keep():
        found.append(await test)

    run(keep())
    return found[0]


def test_the_campaigns_own_goes_before_the_general_one_and_both_before_their_files(gateway, shelf):
    shelf.put(GENERAL, 800)
    shelf.bring()
    run_for(hears(gateway, 1, 800))

    own_file = gateway.log.parent / "sounds" / f"{OWN}.wav"
    write_tone(own_file, 900, 1.0)
    try:
        run_for(hears(gateway, 2, 900))
        shelf.put(OWN, 1000)
        shelf.bring()
        run_for(hears(gateway, 3, 1000))
    finally:
        own_file.unlink()


def test_without_any_folder_uploaded_messages_are_heard_also_the_one_after_the_key(
    asterisk, redis_url, redis_server, tmp_path
):
    with run_gateway([asterisk], redis_url, change=("sounds_folder", "# sounds_folder")) as gateway:
        shelf = Shelf(gateway, tmp_path)
        shelf.put(GENERAL, 800, seconds=2.0)
        shelf.put(f"campaign-{CAMPAIGN}-{THANKS}", 1100)
        shelf.bring()

        async def test():
            async with floor_of(gateway) as (floor, carrier):
                call = await carrier.next_call(floor.place(1))
                await floor.hears(1, EventKind.CALL_ANSWERED)
                await floor.control.play_message(1, "")
                await call.media.hears(800)
                call.media.press("9")
                await floor.hears(1, EventKind.CALL_OPTED_OUT)
                await call.media.hears_whole(1100, 1.0)
                await floor.hears(1, EventKind.CALL_ENDED)

        run(test())


def test_a_machine_is_left_the_uploaded_message(gateway, shelf):
    shelf.put(f"campaign-{CAMPAIGN}-voicemail", 1200)
    shelf.bring()

    async def test():
        async with floor_of(gateway) as (floor, carrier), phone_of(3) as agent:
            await floor.seat(3, agent, gateway.servers[0])
            carrier.behaves(MACHINE, says(lambda: talk((1.0, 770))))
            call = await carrier.next_call(floor.place(1, MACHINE))
            await floor.connect(1, 3)
            floor.telephone.drop_voicemail(1)
            await call.media.hears(1200)
            await floor.hears(1, EventKind.CALL_ENDED)

    run(test())


def test_many_people_at_once_hear_a_message_that_the_node_lost(gateway, shelf):
    """A gateway that comes back trusts nothing: it brings every sound again."""
    shelf.put(OWN, 600)
    shelf.bring()
    gateway.kill()
    gateway.servers[0].cli("media cache delete all")
    gateway.start()
    shelf.bring()

    async def test():
        async with floor_of(gateway) as (floor, carrier):
            numbers = [floor.place(attempt) for attempt in range(1, 6)]
            calls = [await carrier.next_call(number) for number in numbers]
            for attempt in range(1, 6):
                await floor.hears(attempt, EventKind.CALL_ANSWERED)
            for attempt in range(1, 6):
                await floor.control.play_message(attempt, "")
            for call in calls:
                await call.media.hears_whole(600, 1.0)
            for attempt in range(1, 6):
                await floor.hears(attempt, EventKind.CALL_ENDED)

    run(test())


def test_a_sound_that_redis_lost_leaves_the_operators_file_to_be_heard(gateway, shelf):
    lost = shelf.put(OWN, 650)
    gateway.redis.hset(message_book.INDEX, OWN, lost)
    here = message_book.node_messages(gateway.servers[0].node.name)

    run_for(hears(gateway, 1, MESSAGE_HERTZ, MESSAGE_SECONDS))

    assert not gateway.redis.exists(here)


def test_an_uploaded_announcement_is_heard_by_both_before_the_recording_begins(gateway, shelf):
    shelf.put(f"campaign-{CAMPAIGN}-announcement", 850)
    shelf.bring()

    async def test():
        async with floor_of(gateway) as (floor, carrier), phone_of(3) as agent:
            call = await begin_recorded(gateway, floor, carrier, agent)
            await call.media.hears(850, least=0.3)
            await floor.talks(1, lambda talk: talk.recording == "on", "recorded")

    run(test())


def test_an_announcement_that_the_node_may_not_have_means_no_recording(gateway, shelf):
    lost = shelf.put(f"campaign-{CAMPAIGN}-announcement", 860)
    gateway.redis.hset(message_book.INDEX, f"campaign-{CAMPAIGN}-announcement", lost)

    async def test():
        async with floor_of(gateway) as (floor, carrier), phone_of(3) as agent:
            call = await begin_recorded(gateway, floor, carrier, agent)
            await call.media.hears_more(frames=50)

            assert floor.talk(1).recording == ""

    run(test())


async def begin_recorded(gateway, floor, carrier, agent):
    """A call that is recorded once its announcement was heard."""
    await floor.seat(3, agent, gateway.servers[0])
    plan = RecordingPlan("This call is recorded.")
    order = PlaceOrder(1, CAMPAIGN, MACHINE, CALLER_IDS[0], 25, {}, "asterisk", recording=plan)
    floor.placer.place_call(order)
    call = await carrier.next_call(MACHINE)
    await floor.connect(1, 3)
    return call


def test_what_a_manager_uploads_on_the_page_is_what_an_abandoned_person_hears(gateway, client):
    """A stereo file of a computer, through the page, the database and Redis, to the ear of the callee."""
    manager = as_role(client, Role.MANAGER)
    sound = make_wav(620, 1.5, rate=44_100, channels=2)

    assert manager.post("/messages/abandoned", **{"sound-abandoned": as_file(sound)}).status_code == 303

    gateway.wait_until(
        lambda: gateway.redis.hexists(message_book.node_messages(gateway.servers[0].node.name), GENERAL),
        "the message on the node",
    )
    run_for(hears(gateway, 1, 620, seconds=1.5))

    assert manager.post("/messages/abandoned/remove").status_code == 303
    gateway.wait_until(
        lambda: not gateway.redis.exists(message_book.node_messages(gateway.servers[0].node.name)),
        "the message gone from the node",
    )
    run_for(hears(gateway, 2, MESSAGE_HERTZ, MESSAGE_SECONDS))


def test_every_node_has_the_message_and_plays_it(make_asterisks, redis_url, redis_server, tmp_path):
    async def test(gateway):
        async with floor_of(gateway) as (floor, carrier):
            calls = [await carrier.next_call(floor.place(attempt)) for attempt in (1, 2)]
            for attempt in (1, 2):
                await floor.hears(attempt, EventKind.CALL_ANSWERED)
                await floor.control.play_message(attempt, "")
            for call in calls:
                await call.media.hears_whole(600, 2.0)
            dialed = floor.redis.xrange(keys.DIALED_STREAM)
            assert {fields["node"] for _, fields in dialed} == {"one", "two"}

    with make_asterisks(("one", "two")) as servers, run_gateway(servers, redis_url) as gateway:
        shelf = Shelf(gateway, tmp_path)
        shelf.put(GENERAL, 600, seconds=2.0)
        shelf.bring()
        run(test(gateway))


def test_a_node_that_cannot_fetch_plays_the_operators_file(make_asterisks, redis_url, redis_server, tmp_path):
    """Its configuration is older than uploaded messages: nobody hears silence."""
    with make_asterisks(("one",)) as servers:
        modules = servers[0].folder / "etc" / "modules.conf"
        modules.write_text(modules.read_text().replace("load = res_http_media_cache.so\n", ""))
        servers[0].kill()
        servers[0].start()
        with run_gateway(servers, redis_url) as gateway:
            sound = Shelf(gateway, tmp_path).put(GENERAL, 600)
            message_book.bring(gateway.redis, {GENERAL: sound}, lambda _print: b"never asked for")
            run_for(hears(gateway, 1, MESSAGE_HERTZ, MESSAGE_SECONDS))
            gateway.wait_until(lambda: "does not reach" in gateway.said(), "told in the log")
            run_for(hears(gateway, 2, MESSAGE_HERTZ, MESSAGE_SECONDS))
            assert not gateway.redis.exists(message_book.node_messages("one"))
