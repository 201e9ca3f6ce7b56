"""The agent's telephone in Chromium, through a real Asterisk, to a callee who speaks."""

import asyncio
from datetime import timedelta

import pytest
from playwright.async_api import Route, expect

from dialer import clock
from dialer.carriers.asterisk import keys
from dialer.carriers.talks import TalkBook, TalkFact
from dialer.ports import LineState, Talk
from telesales.telephony import credentials
from tests.telephony.browser.desk import AGENT_HERTZ, Desk
from tests.telephony.callee import CALLEE_HERTZ, Phone

pytestmark = pytest.mark.browser
CALLEE = "+12025550123"


def test_agent_and_callee_hear_each_other(at_desk) -> None:
    async def act(desk: Desk) -> None:
        await desk.state("connected")
        call = await desk.call(CALLEE)

        await call.media.hears(AGENT_HERTZ)
        await desk.hears(CALLEE_HERTZ)

    at_desk(act)


def test_a_muted_agent_is_not_heard_until_the_next_call_begins(at_desk, scene) -> None:
    async def act(desk: Desk) -> None:
        await desk.state("connected")
        call = await desk.call(CALLEE)
        await call.media.hears(AGENT_HERTZ)

        await desk.page.keyboard.press("q")
        await desk.words("Your microphone is off.")
        await call.media.hears_nothing()
        await desk.hears(CALLEE_HERTZ)
        await desk.page.keyboard.press("q")
        await call.media.hears(AGENT_HERTZ)

        await desk.page.keyboard.press("q")
        await call.media.hears_nothing()
        begun = Talk(scene.attempt_id, scene.campaign_id, scene.agent_id)
        await TalkBook(desk.floor.client).write_talk(begun, TalkFact.BEGUN)
        await call.media.hears(AGENT_HERTZ)

    at_desk(act)


def test_the_check_shows_the_voice_before_the_first_call(at_desk) -> None:
    async def act(desk: Desk) -> None:
        dialog = desk.page.locator("[data-phone-dialog]")
        await expect(dialog).to_be_visible()
        await expect(dialog.get_by_text("You are heard.")).to_be_visible()
        assert await desk.page.locator("[data-phone-microphone] option").count() > 0
        await dialog.get_by_role("button", name="I am heard").click()
        await expect(dialog).to_be_hidden()
        await desk.state("connected")

        await desk.page.reload()
        await desk.state("connected")
        await expect(dialog).to_be_hidden()
        await desk.page.get_by_role("button", name="Check").click()
        await expect(dialog).to_be_visible()

    at_desk(act, checked=False)


def test_news_from_before_the_page_listened_are_not_missed(at_desk, scene) -> None:
    async def act(desk: Desk) -> None:
        await desk.state("connected")
        read, came = asyncio.Event(), asyncio.Event()

        async def too_early(route: Route) -> None:
            if read.is_set():
                await route.continue_()
                return
            read.set()
            await route.fulfill(json={"line": {"state": "opening"}, "talk": None})

        async def late(route: Route) -> None:
            await came.wait()
            await route.continue_()

        await desk.page.route("**/telephone", too_early)
        await desk.page.route("**/push/token", late)
        await desk.page.reload()
        await read.wait()
        await desk.floor.until(lambda: desk.floor.line(scene.agent_id) is LineState.LOST, "old leg gone")
        await desk.state("opening")
        came.set()
        await desk.state("connected")

    at_desk(act)


def test_a_second_window_takes_the_telephone_over_when_asked(at_desk) -> None:
    async def act(desk: Desk) -> None:
        await desk.state("connected")
        other = await desk.context.new_page()
        await other.goto(desk.page.url)
        await other.get_by_role("button", name="Use it here").click()
        await desk.state("elsewhere")
        await other.wait_for_selector('[data-phone-state="connected"]')

    at_desk(act)


def test_nobody_is_ready_while_the_telephone_is_away(at_desk, scene) -> None:
    async def act(desk: Desk) -> None:
        await desk.state("connected")
        answers = [await ready(desk)]
        desk.floor.redis.delete(f"ts:telephone:line:{scene.agent_id}")
        answers.append(await ready(desk))
        assert answers == [204, 409]

    at_desk(act)


async def ready(desk: Desk) -> int:
    status: int = await desk.page.evaluate(
        """async () => (await fetch("/desk/ready", { method: "POST", headers: {
            "X-CSRFToken": document.querySelector('meta[name="csrf-token"]').content } })).status"""
    )
    return status


def test_an_agent_may_speak_with_a_telephone_on_the_desk(at_desk, gateway, scene) -> None:
    async def act(desk: Desk) -> None:
        await desk.state("connected")
        await desk.page.get_by_role("button", name="Check").click()
        await desk.page.get_by_text("I use a telephone on my desk").click()
        await desk.page.get_by_role("button", name="Show what it has to be told").click()
        await desk.state("own")
        told = {name: desk.page.locator(f'[data-phone-own-fact="{name}"]') for name in ("user", "password")}
        await expect(desk.page.locator('[data-phone-own-fact="server"]')).to_contain_text("127.0.0.1:")
        user, password = [await place.text_content() or "" for place in told.values()]

        async with Phone(user, password, hertz=600) as phone:
            assert await phone.sign_on(gateway.servers[0].sip) == 200
            await desk.state("connected")
            await desk.page.keyboard.press("Escape")
            call = await desk.call(CALLEE)
            await call.media.hears(600)
            await expect(desk.page.locator("[data-phone-mute]")).to_be_hidden()

    at_desk(act)


def test_a_call_outlives_the_credentials_with_which_it_began(at_desk, scene, monkeypatch) -> None:
    monkeypatch.setattr(credentials, "LIFE", timedelta(seconds=6))

    async def act(desk: Desk) -> None:
        await desk.state("connected")
        call = await desk.call(CALLEE)
        await call.media.hears(AGENT_HERTZ)
        key = keys.agent_key(scene.agent_id)
        began_with = float(desk.floor.redis.hget(key, "expires"))
        await desk.floor.until(lambda: clock.now() > began_with + 2, "over", seconds=20)

        assert float(desk.floor.redis.hget(key, "expires")) > clock.now()
        await call.media.hears_more()
        await call.media.hears(AGENT_HERTZ)
        await desk.state("connected")

    at_desk(act)
