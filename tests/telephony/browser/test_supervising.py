"""A supervisor in the call of an agent, from the floor page of one browser to the ears of agent and callee."""

from pathlib import Path

import pytest
from flask import Flask
from playwright.async_api import expect

from dialer.live import SNAPSHOT_ENTRY, floor_key
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


@pytest.fixture
def supervisor(app: Flask, scene: DeskScene) -> str:
    """The cookie of somebody who may listen."""
    with transaction():
        user_id = make_user(role=Role.SUPERVISOR, name="Kim Park").id
    return cookie_of(app, scene, user_id)


def test_a_supervisor_listens_whispers_barges_in_and_leaves(
    at_desk, web: Web, supervisor: str, tmp_path: Path
) -> None:
    async def act(desk: Desk) -> None:
        await desk.state("connected")
        call = await desk.call(CALLEE)
        await call.media.hears(AGENT_HERTZ)
        scene = desk.scene
        await desk.floor.client.hset(
            floor_key(scene.campaign_id), SNAPSHOT_ENTRY, picture_of({scene.agent_id: "on_call"})
        )
        async with chromium(tmp_path, SUPERVISOR_HERTZ) as browser:
            context, page = await open_desk(browser, web, supervisor, path=f"/floor/{scene.campaign_id}")
            watching = Desk(page, context, desk.floor, desk.carrier, scene)
            bar = page.locator("[data-listening]")

            await page.locator("[data-listen-card]").click()
            await expect(bar).to_contain_text("nobody hears you")
            await watching.hears(AGENT_HERTZ, CALLEE_HERTZ)
            await call.media.hears(AGENT_HERTZ)
            await call.media.hears_none_of(SUPERVISOR_HERTZ)

            await bar.get_by_role("button", name="Whisper").click()
            await expect(bar).to_contain_text("the callee does not hear you")
            await desk.hears(CALLEE_HERTZ, SUPERVISOR_HERTZ)
            await call.media.hears(AGENT_HERTZ)
            await call.media.hears_none_of(SUPERVISOR_HERTZ)

            await bar.get_by_role("button", name="Barge in").click()
            await expect(bar).to_contain_text("everybody hears you")
            await call.media.hears(AGENT_HERTZ, SUPERVISOR_HERTZ)

            await bar.get_by_role("button", name="Stop").click()
            await expect(bar).to_be_hidden()
            await desk.hears_not(SUPERVISOR_HERTZ)
            await call.media.hears(AGENT_HERTZ)
            await call.media.hears_none_of(SUPERVISOR_HERTZ)

    at_desk(act)
