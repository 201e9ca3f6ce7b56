"""What an agent does with a call, from the keyboard of the desk to the ear of the callee."""

import pytest

from dialer.events import EventKind
from tests.telephony.audio import tone
from tests.telephony.browser.desk import AGENT_HERTZ, Desk
from tests.telephony.callee import CALLEE_HERTZ, busy, says

pytestmark = pytest.mark.browser
CALLEE, COLLEAGUE, COLLEAGUE_HERTZ = "+12025550123", "+12025550177", 700


def test_a_held_callee_hears_music_and_is_taken_back(at_desk) -> None:
    async def act(desk: Desk) -> None:
        await desk.state("connected")
        call = await desk.call(CALLEE)
        await call.media.hears(AGENT_HERTZ)

        await desk.page.keyboard.press("h")
        await desk.words("The callee hears music.")
        await desk.hears_not(CALLEE_HERTZ)
        await desk.page.keyboard.press("h")
        await desk.says_nothing()
        await desk.hears(CALLEE_HERTZ)
        await call.media.hears(AGENT_HERTZ)

    at_desk(act)


def test_the_callee_hears_the_keys_of_the_keypad(at_desk) -> None:
    async def act(desk: Desk) -> None:
        await desk.state("connected")
        call = await desk.call(CALLEE)
        await desk.page.keyboard.press("0")
        await desk.page.keyboard.type("12#")
        await call.media.hears_keys("12#")

    at_desk(act)


async def consult(desk: Desk) -> None:
    await desk.page.keyboard.press("f")
    await desk.page.keyboard.type(COLLEAGUE)
    await desk.page.keyboard.press("Enter")


def test_a_colleague_is_consulted_joined_and_left_with_the_callee(at_desk) -> None:
    async def act(desk: Desk) -> None:
        desk.carrier.behaves(COLLEAGUE, says(lambda: tone(COLLEAGUE_HERTZ)))
        await desk.state("connected")
        call = await desk.call(CALLEE)
        await consult(desk)
        await desk.words("You speak with")
        await desk.hears(COLLEAGUE_HERTZ)
        await desk.hears_not(CALLEE_HERTZ)

        await desk.page.keyboard.press("g")
        await desk.words("hear each other")
        await desk.hears(COLLEAGUE_HERTZ, CALLEE_HERTZ)
        await call.media.hears(AGENT_HERTZ, COLLEAGUE_HERTZ)

        await desk.page.keyboard.press("e")
        assert (await desk.told(EventKind.CALL_ENDED)).data["cause"] == "transferred"
        await desk.keys(there=False)
        await desk.hears_not(CALLEE_HERTZ)
        await call.media.hears(COLLEAGUE_HERTZ)
        await call.media.hears_none_of(AGENT_HERTZ)

    at_desk(act)


def test_a_colleague_who_is_busy_gives_the_callee_back(at_desk) -> None:
    async def act(desk: Desk) -> None:
        desk.carrier.behaves(COLLEAGUE, busy)
        await desk.state("connected")
        call = await desk.call(CALLEE)
        await consult(desk)
        await desk.words("Busy. The callee is with you again.")
        await desk.hears(CALLEE_HERTZ)
        await call.media.hears(AGENT_HERTZ)

    at_desk(act)


def test_a_colleague_who_hangs_up_gives_the_callee_back(at_desk) -> None:
    async def act(desk: Desk) -> None:
        desk.carrier.behaves(COLLEAGUE, says(lambda: tone(COLLEAGUE_HERTZ)))
        await desk.state("connected")
        await desk.call(CALLEE)
        await consult(desk)
        await desk.words("You speak with")
        await (await desk.carrier.next_call(COLLEAGUE)).hang_up()
        await desk.words("They hung up. The callee is with you again.")
        await desk.hears(CALLEE_HERTZ)

    at_desk(act)


def test_a_callee_is_handed_over_at_once(at_desk) -> None:
    async def act(desk: Desk) -> None:
        desk.carrier.behaves(COLLEAGUE, says(lambda: tone(COLLEAGUE_HERTZ)))
        await desk.state("connected")
        call = await desk.call(CALLEE)
        await desk.page.keyboard.press("f")
        await desk.page.keyboard.type(COLLEAGUE)
        await desk.page.get_by_role("button", name="Hand over at once").click()

        assert (await desk.told(EventKind.CALL_ENDED)).data["cause"] == "transferred"
        await call.media.hears(COLLEAGUE_HERTZ)
        await desk.keys(there=False)

    at_desk(act)


def test_hanging_up_leaves_the_telephone_connected_for_the_next_call(at_desk) -> None:
    async def act(desk: Desk) -> None:
        await desk.state("connected")
        call = await desk.call(CALLEE)
        await desk.floor.control.hang_up(desk.scene.attempt_id)
        await call.ended.wait()
        await desk.keys(there=False)
        await desk.state("connected")

    at_desk(act)
