"""People for whom nobody is free: what they hear, to its end, and the key that says never again."""

from dialer.carriers.asterisk.messages import message_files
from dialer.events import CallCause, EventKind
from tests.telephony.audio import talk, write_tone
from tests.telephony.callee import CALLEE_HERTZ, says
from tests.telephony.gateway import (
    CAMPAIGN,
    MESSAGE_HERTZ,
    MESSAGE_SECONDS,
    SOUNDS,
    assert_told_whole,
    floor_of,
    phone_of,
    run,
)

AGENT = 3


async def abandon(floor, carrier, attempt=1):
    number = floor.place(attempt)
    call = await carrier.next_call(number)
    await floor.hears(attempt, EventKind.CALL_ANSWERED)
    call.asked = await floor.plays(attempt)
    return call


def test_the_message_is_heard_to_its_end_and_its_length_is_told(gateway):
    async def test():
        async with floor_of(gateway) as (floor, carrier):
            call = await abandon(floor, carrier)
            played = await floor.hears(1, EventKind.CALL_MESSAGE_PLAYED)
            ended = await floor.hears(1, EventKind.CALL_ENDED)

            assert await call.over() == "bye"
            assert abs(call.media.seconds_of(MESSAGE_HERTZ) - MESSAGE_SECONDS) < 0.1
            assert_told_whole(played, MESSAGE_SECONDS, call.asked)
            assert ended.data["cause"] == CallCause.HUNG_UP
            assert floor.kinds(1).count(EventKind.CALL_MESSAGE_PLAYED) == 1

    run(test())


def test_a_campaigns_own_recording_goes_before_the_one_of_its_text_and_the_centres(gateway):
    own, of_text, centres = message_files(CAMPAIGN, "We are sorry.")
    folder = gateway.log.parent / "sounds"
    assert centres == "abandoned"

    async def hears(hertz):
        async with floor_of(gateway) as (floor, carrier):
            call = await abandon(floor, carrier, attempt=hertz)
            await call.media.hears(hertz)
            await call.hang_up()
            await floor.hears(hertz, EventKind.CALL_ENDED)

    try:
        write_tone(folder / f"{of_text}.wav", 700, 1.0)
        run(hears(700))
        write_tone(folder / f"{own}.wav", 600, 1.0)
        run(hears(600))
    finally:
        for name in (own, of_text):
            (folder / f"{name}.wav").unlink(missing_ok=True)


def test_the_key_is_told_once_and_the_person_hears_that_it_worked(gateway):
    async def test():
        async with floor_of(gateway) as (floor, carrier):
            call = await abandon(floor, carrier)
            await call.media.hears(MESSAGE_HERTZ)
            call.media.press("199")

            opted_out = await floor.hears(1, EventKind.CALL_OPTED_OUT)
            await call.media.hears_whole(900, SOUNDS["opted-out"][1])
            ended = await floor.hears(1, EventKind.CALL_ENDED)

            assert opted_out.data == {"key": "9"}
            assert floor.kinds(1).count(EventKind.CALL_OPTED_OUT) == 1
            assert ended.data["cause"] == CallCause.HUNG_UP

    run(test())


def test_the_key_may_be_pressed_after_the_message_too(gateway):
    async def test():
        async with floor_of(gateway) as (floor, carrier):
            call = await abandon(floor, carrier)
            await floor.hears(1, EventKind.CALL_MESSAGE_PLAYED)
            call.media.press("9")

            await floor.hears(1, EventKind.CALL_OPTED_OUT)

    run(test())


def test_a_key_during_a_conversation_means_nothing(gateway):
    async def test():
        async with floor_of(gateway) as (floor, carrier), phone_of(AGENT) as phone:
            await floor.seat(AGENT, phone, gateway.servers[0])
            number = floor.place(1)
            call = await carrier.next_call(number)
            await floor.connect(1, AGENT)
            call.media.press("9")
            await call.media.hears(440)
            await floor.control.hang_up(1)
            await floor.hears(1, EventKind.CALL_ENDED)

            assert EventKind.CALL_OPTED_OUT not in floor.kinds(1)

    run(test())


def test_who_hangs_up_during_the_message_did_not_hear_it(gateway):
    long = gateway.log.parent / "sounds" / f"campaign-{CAMPAIGN}-abandoned.wav"

    async def test():
        async with floor_of(gateway) as (floor, carrier):
            call = await abandon(floor, carrier)
            await call.media.hears(700)
            await call.hang_up()

            ended = await floor.hears(1, EventKind.CALL_ENDED)

            assert ended.data["cause"] == CallCause.CALLEE_HUNG_UP
            assert EventKind.CALL_MESSAGE_PLAYED not in floor.kinds(1)

    write_tone(long, 700, 20.0)  # however late the call is hung up, that is during the message
    try:
        run(test())
    finally:
        long.unlink()


def test_an_agent_who_was_taken_away_leaves_the_person_with_the_message(gateway):
    """The engine's word goes before what the gateway believes: nobody hears silence, and no agent hears a stranger."""

    async def test():
        async with floor_of(gateway) as (floor, carrier), phone_of(AGENT) as phone:
            await floor.seat(AGENT, phone, gateway.servers[0])
            number = floor.place(1)
            call = await carrier.next_call(number)
            await floor.connect(1, AGENT)
            leg = next(iter(phone.calls.values()))
            await leg.media.hears(CALLEE_HERTZ)

            await floor.control.play_message(1, "We are sorry.")

            await call.media.hears(MESSAGE_HERTZ, least=0.9)
            heard = leg.media.received
            await floor.hears(1, EventKind.CALL_ENDED)
            assert (
                leg.media.received - heard < 5
            )  # of two hundred until the end, if the agent still heard somebody

    run(test())


def test_what_a_machine_says_is_not_taken_for_the_key(gateway):
    async def test():
        async with floor_of(gateway) as (floor, carrier):
            carrier.behaves("+12025550001", says(lambda: talk((5.0, 770))))
            await abandon(floor, carrier)
            await floor.hears(1, EventKind.CALL_ENDED)

            assert EventKind.CALL_OPTED_OUT not in floor.kinds(1)

    run(test())
