"""A supervisor in the call of an agent, from the floor page of one browser to the ears of agent and callee."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from flask import Flask
from playwright.async_api import expect

from dialer.live import SNAPSHOT_ENTRY, floor_key
from dialer.ports import LineState
from telesales.access.roles import Role
from telesales.extensions import transaction
from tests.browser.conftest import Web
from tests.browser.floor_scene import picture_of
from tests.factories_agents import make_user
from tests.factories_desk import DeskScene
from tests.telephony.browser.desk import AGENT_HERTZ, Desk, chromium, cookie_of, open_desk
from tests.telephony.callee import CALLEE_HERTZ

pytestmark = pytest.mark.browser
CALLEE, SUPERVISOR_HERTZ = "+12025550123", 620
# The page sends its first packet when it is told to; browsers do so a moment after the leg is up, sooner or later than callee and leg meet.
SILENT_AT_FIRST = """() => {
  const { addTrack } = RTCPeerConnection.prototype;
  RTCPeerConnection.prototype.addTrack = function (track, ...streams) {
    const sender = addTrack.call(this, track, ...streams);
    sender.replaceTrack(null);
    window.speak = () => sender.replaceTrack(track);
    return sender;
  };
}"""


@pytest.fixture
def supervisor(app: Flask, scene: DeskScene) -> str:
    """The cookie of somebody who may listen."""
    with transaction():
        user_id = make_user(role=Role.SUPERVISOR, name="Kim Park").id
    return cookie_of(app, scene, user_id)


@asynccontextmanager
async def watching(desk: Desk, web: Web, supervisor: str, folder: Path) -> AsyncIterator[Desk]:
    """The supervisor's browser, on the floor page, while the agent talks."""
    floor, scene = desk.floor, desk.scene
    picture = picture_of({scene.agent_id: "on_call"})
    await floor.client.hset(floor_key(scene.campaign_id), SNAPSHOT_ENTRY, picture)
    async with chromium(folder, SUPERVISOR_HERTZ) as browser:
        context, page = await open_desk(browser, web, supervisor, path=f"/floor/{scene.campaign_id}")
        yield Desk(page, context, floor, desk.carrier, scene)


def test_a_supervisor_listens_whispers_barges_in_and_leaves(
    at_desk, web: Web, supervisor: str, tmp_path: Path
) -> None:
    async def act(desk: Desk) -> None:
        await desk.state("connected")
        call = await desk.call(CALLEE)
        await call.media.hears(AGENT_HERTZ)
        async with watching(desk, web, supervisor, tmp_path) as theirs:
            bar = theirs.page.locator("[data-listening]")

            await theirs.page.locator("[data-listen-card]").click()
            await expect(bar).to_contain_text("nobody hears you")
            await theirs.hears(AGENT_HERTZ, CALLEE_HERTZ)
            await call.media.hears(AGENT_HERTZ)
            await call.media.hears_none_of(SUPERVISOR_HERTZ)

            await bar.get_by_role("button", name="Whisper").click()
            await expect(bar).to_contain_text("the callee does not hear you")
            await desk.hears(CALLEE_HERTZ, SUPERVISOR_HERTZ)
            await call.media.hears(AGENT_HERTZ)
            await call.media.hears_none_of(SUPERVISOR_HERTZ)

            await bar.get_by_role("button", name="Barge in").click()
            await expect(bar).to_contain_text("everybody hears you")
            await call.media.hears(AGENT_HERTZ, SUPERVISOR_HERTZ, least=0.8)

            await bar.get_by_role("button", name="Stop").click()
            await expect(bar).to_be_hidden()
            await desk.hears_not(SUPERVISOR_HERTZ)
            await call.media.hears(AGENT_HERTZ)
            await call.media.hears_none_of(SUPERVISOR_HERTZ)

    at_desk(act)


def test_a_supervisor_is_understood_whoever_sends_the_first_packet(
    at_desk, web: Web, supervisor: str, tmp_path: Path
) -> None:
    """Asterisk guesses how a leg speaks until its first packet, and how a snoop sounds from the first one that it hears."""

    async def act(desk: Desk) -> None:
        await desk.state("connected")
        call = await desk.call(CALLEE)
        await call.media.hears(AGENT_HERTZ)
        await desk.context.add_init_script(f"({SILENT_AT_FIRST})()")
        await desk.page.reload()
        await desk.state("connected")
        await desk.floor.until(
            lambda: desk.floor.line(desk.scene.agent_id) is LineState.CONNECTED,
            "leg and callee in one bridge",
        )
        await desk.page.evaluate("() => window.speak()")
        await call.media.hears_more()
        call.media.suppress()
        async with watching(desk, web, supervisor, tmp_path) as theirs:
            bar = theirs.page.locator("[data-listening]")
            await theirs.page.locator("[data-listen-card]").click()
            await theirs.hears(AGENT_HERTZ)
            call.media.suppress(on=False)
            await theirs.hears(AGENT_HERTZ, CALLEE_HERTZ)

            await bar.get_by_role("button", name="Whisper").click()
            await desk.hears(CALLEE_HERTZ, SUPERVISOR_HERTZ)

            await bar.get_by_role("button", name="Barge in").click()
            await call.media.hears(AGENT_HERTZ, SUPERVISOR_HERTZ, least=0.8)
            await desk.hears(CALLEE_HERTZ, SUPERVISOR_HERTZ)

    at_desk(act)
