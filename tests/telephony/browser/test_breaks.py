"""A page that is closed, loaded again, or loses its network or its node: who sees it when, and what becomes of the call."""

import pytest
from playwright.async_api import Dialog

from dialer import clock
from dialer.events import EventKind
from dialer.ports import LineState
from tests.telephony.browser.desk import AGENT_HERTZ, Desk
from tests.telephony.browser.network import no_network
from tests.telephony.callee import CALLEE_HERTZ

pytestmark = pytest.mark.browser
CALLEE = "+12025550123"
# A floor misses a page that is silent after so long: a telephone tells sooner, in at most five on a free machine.
FLOOR_SECONDS = 15


def test_a_closed_page_is_seen(at_desk, scene) -> None:
    async def act(desk: Desk) -> None:
        await desk.state("connected")
        await desk.page.close()
        closed = clock.now()
        lost = await desk.told(EventKind.AGENT_LOST)
        assert lost.at - closed < FLOOR_SECONDS
        assert lost.agent_id == scene.agent_id

    at_desk(act)


def test_a_page_that_is_loaded_again_in_a_call_asks_first_and_keeps_the_callee(at_desk) -> None:
    async def act(desk: Desk) -> None:
        asked: list[str] = []

        async def answer(dialog: Dialog) -> None:
            asked.append(dialog.type)
            await dialog.accept()

        async def reload() -> None:
            await desk.page.mouse.click(5, 5)  # browsers ask on behalf of pages that somebody has touched
            await desk.page.reload()
            await desk.state("connected")

        desk.page.on("dialog", answer)
        await desk.state("connected")
        await reload()
        assert asked == []

        call = await desk.call(CALLEE)
        await call.media.hears(AGENT_HERTZ)
        await reload()
        assert asked == ["beforeunload"]
        await desk.keys()
        await desk.hears(CALLEE_HERTZ)
        await call.media.hears_more()
        await call.media.hears(AGENT_HERTZ)
        assert desk.lost() == []

    at_desk(act)


def test_a_page_that_is_closed_in_a_call_is_seen(at_desk) -> None:
    async def act(desk: Desk) -> None:
        await desk.state("connected")
        call = await desk.call(CALLEE)
        await call.media.hears(AGENT_HERTZ)
        await desk.page.close()
        closed = clock.now()
        lost = await desk.told(EventKind.AGENT_LOST)
        assert lost.at - closed < FLOOR_SECONDS

    at_desk(act)


def test_a_network_that_is_lost_in_a_call_is_seen_and_the_page_comes_back(
    at_desk,
) -> None:
    async def act(desk: Desk) -> None:
        await desk.state("connected")
        call = await desk.call(CALLEE)
        await call.media.hears(AGENT_HERTZ)
        async with no_network(desk.context.browser):
            cut = clock.now()
            lost = await desk.told(EventKind.AGENT_LOST)
            assert lost.at - cut < FLOOR_SECONDS
            await desk.floor.control.hang_up(desk.scene.attempt_id)  # as a floor does whose agent is lost
            assert await call.over() == "bye"
            await desk.state("reconnecting")
        await desk.state("connected")
        await desk.keys(there=False)
        assert desk.floor.line(desk.scene.agent_id) is LineState.CONNECTED
        assert len(desk.lost()) == 1

    at_desk(act)


def test_a_network_that_is_lost_while_nobody_calls_takes_the_agent_off_the_floor(at_desk) -> None:
    async def act(desk: Desk) -> None:
        await desk.state("connected")
        async with no_network(desk.context.browser):
            cut = clock.now()
            lost = await desk.told(EventKind.AGENT_LOST)
            assert lost.at - cut < FLOOR_SECONDS
        await desk.state("connected")

    at_desk(act)


def test_a_short_break_of_the_network_heals_and_nobody_is_lost(at_desk) -> None:
    async def act(desk: Desk) -> None:
        await desk.state("connected")
        call = await desk.call(CALLEE)
        await call.media.hears(AGENT_HERTZ)
        async with no_network(desk.context.browser):
            cut = clock.now()
            await desk.floor.until(lambda: clock.now() > cut + 1.5, "a break")
        await call.media.hears_more()
        await call.media.hears(AGENT_HERTZ)
        await desk.hears(CALLEE_HERTZ)
        assert desk.lost() == []

    at_desk(act)


def test_a_page_that_lost_its_node_comes_back_by_itself(at_desk, gateway, scene) -> None:
    async def act(desk: Desk) -> None:
        await desk.state("connected")
        server = gateway.servers[0]
        server.kill()
        await desk.state("reconnecting")
        server.start()
        await desk.state("connected")
        assert desk.floor.line(scene.agent_id) is LineState.CONNECTED

    at_desk(act)
