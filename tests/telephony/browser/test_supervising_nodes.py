"""With two nodes the telephones of agent and supervisor begin on different ones: listening works all the same."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import redis
from flask import Flask
from playwright.async_api import expect

from dialer.carriers.asterisk import keys
from dialer.live import SNAPSHOT_ENTRY, floor_key
from telesales.access.roles import Role
from telesales.extensions import transaction
from tests.browser.conftest import Web
from tests.browser.floor_scene import picture_of
from tests.factories_agents import make_user
from tests.factories_desk import DeskScene
from tests.telephony.browser.desk import AGENT_HERTZ, Desk, chromium, cookie_of, open_desk
from tests.telephony.callee import CALLEE_HERTZ
from tests.telephony.gateway import GatewayProcess, run_gateway

pytestmark = pytest.mark.browser
CALLEE, SUPERVISOR_HERTZ = "+12025550123", 620


@pytest.fixture
def gateway(make_asterisks: Callable, redis_url: str, redis_server: redis.Redis) -> Iterator[GatewayProcess]:
    with (
        make_asterisks(("one", "two"), trunk="check_seconds = 0") as servers,
        run_gateway(servers, redis_url) as process,
    ):
        yield process


@pytest.fixture
def supervisor_id(app: Flask) -> int:
    with transaction():
        return make_user(role=Role.SUPERVISOR, name="Kim Park").id


def test_a_supervisors_telephone_follows_the_agent_to_another_node(
    app: Flask, at_desk, web: Web, scene: DeskScene, supervisor_id: int, tmp_path: Path
) -> None:
    cookie = cookie_of(app, scene, supervisor_id)

    async def act(desk: Desk) -> None:
        await desk.state("connected")
        call = await desk.call(CALLEE)
        await call.media.hears(AGENT_HERTZ)
        floor = desk.floor

        def node(person_id: int) -> str | None:
            return floor.redis.hget(keys.agent_key(person_id), "node")

        nodes: list[str | None] = []
        await floor.client.hset(
            floor_key(scene.campaign_id), SNAPSHOT_ENTRY, picture_of({scene.agent_id: "on_call"})
        )
        async with chromium(tmp_path, SUPERVISOR_HERTZ) as browser:
            context, page = await open_desk(browser, web, cookie, path=f"/floor/{scene.campaign_id}")
            watching = Desk(page, context, floor, desk.carrier, scene)
            bar = page.locator("[data-listening]")

            await page.locator("[data-listen-card]").click()
            await floor.until(lambda: nodes.append(node(supervisor_id)) or nodes[-1], "connected somewhere")
            await expect(bar).to_contain_text("nobody hears you")
            await watching.hears(AGENT_HERTZ, CALLEE_HERTZ)
            assert nodes[-1] != node(scene.agent_id) == node(supervisor_id)

            await bar.get_by_role("button", name="Barge in").click()
            await call.media.hears(AGENT_HERTZ, SUPERVISOR_HERTZ, least=0.8)
            await desk.hears(CALLEE_HERTZ, SUPERVISOR_HERTZ)

            await bar.get_by_role("button", name="Stop").click()
            await expect(bar).to_be_hidden()
            await desk.hears_not(SUPERVISOR_HERTZ)
            await call.media.hears(AGENT_HERTZ)

    at_desk(act)
