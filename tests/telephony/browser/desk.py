"""An agent at the desk page in Chromium, whose microphone is a tone, and the world around: web, push, gateway, carrier."""

import asyncio
import dataclasses
import time
from collections.abc import AsyncIterator, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from flask import Flask
from playwright.async_api import Browser, BrowserContext, Page, async_playwright

from dialer import live
from dialer.events import Event, EventKind
from dialer.ports import PlaceOrder
from telesales.agents import sessions
from telesales.extensions import transaction
from tests.browser.conftest import CHROMIUM, Web
from tests.factories_desk import DeskScene
from tests.telephony.agent import Call
from tests.telephony.asterisk_server import CALLER_IDS
from tests.telephony.audio import write_tone
from tests.telephony.callee import Carrier
from tests.telephony.gateway import Floor

AGENT_HERTZ = 440
WAIT_SECONDS = 40.0  # how soon something comes is a claim of the tests that make it
FLAGS = (
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
    "--autoplay-policy=no-user-gesture-required",
    "--allow-loopback-in-peer-connection",
    "--disable-features=WebRtcHideLocalIpsWithMdns",
    "--mute-audio",
)
# A tone is noise to a telephone that is made for speech.
PLAIN_SOUND = """() => {
  const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  const plain = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };
  navigator.mediaDevices.getUserMedia = ({ audio }) => ask({ audio: { ...(audio === true ? {} : audio), ...plain } });
}"""
CHECKED = "() => localStorage.setItem('phone-checked', 'yes')"
# The parts of what the page plays that are these tones; 0 for silence.
LISTEN = """async (tones) => {
  const { srcObject } = document.querySelector("[data-phone-audio]");
  if (!srcObject) return tones.map(() => 0);
  window.ear = window.ear && window.ear.stream === srcObject ? window.ear : (() => {
    const context = new AudioContext();
    const analyser = context.createAnalyser();
    analyser.fftSize = 16384;
    context.createMediaStreamSource(srcObject).connect(analyser);
    return { stream: srcObject, context, analyser };
  })();
  const samples = new Float32Array(window.ear.analyser.fftSize);
  window.ear.analyser.getFloatTimeDomainData(samples);
  const energy = samples.reduce((sum, value) => sum + value * value, 0);
  if (energy < 0.5) return tones.map(() => 0);
  return tones.map((hertz) => {
    const factor = 2 * Math.cos((2 * Math.PI * hertz) / window.ear.context.sampleRate);
    let before = 0, last = 0;
    for (const value of samples) [before, last] = [last, value + factor * last - before];
    return (2 * (last * last + before * before - factor * last * before)) / (samples.length * energy);
  });
}"""


def run_apart(test: Coroutine[Any, Any, None]) -> None:
    """Run a coroutine in a thread of its own: another test's browser may have a loop in this one."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, test).result()


@dataclasses.dataclass
class Desk:
    """The agent's page, and the carrier and engine behind it."""

    page: Page
    context: BrowserContext
    floor: Floor
    carrier: Carrier
    scene: DeskScene

    async def state(self, name: str) -> None:
        """Wait until the telephone of the page is in this state."""
        await self.page.wait_for_selector(f'[data-phone-state="{name}"]', timeout=WAIT_SECONDS * 1000)

    async def words(self, text: str) -> None:
        """Wait until the telephone says this."""
        await self.page.wait_for_function(
            "text => document.querySelector('[data-phone-words]').textContent.includes(text)", arg=text
        )

    async def says_nothing(self) -> None:
        """Wait until the telephone has nothing to say."""
        await self.page.wait_for_function("() => !document.querySelector('[data-phone-words]').textContent")

    async def keys(self, *, there: bool = True) -> None:
        """Wait until the keys of a call come, or go."""
        state = "visible" if there else "hidden"
        await self.page.wait_for_selector("[data-phone-keys]", state=state)

    async def hears(self, *tones: int, least: float = 0.5) -> None:
        """Wait until these tones together are what the page plays, each of them clearly."""
        await self._listen(
            tones,
            "shares => shares.reduce((a, b) => a + b) > least && Math.min(...shares) > least / 4",
            least,
        )

    async def hears_not(self, tone: int) -> None:
        """Wait until the page does not play this tone."""
        await self._listen((tone,), "shares => shares[0] < least", 0.05)

    async def _listen(self, tones: tuple[int, ...], met: str, least: float) -> None:
        """Look until it is so. `wait_for_function` does not wait for promises: it takes one for true."""
        heard = await self.page.evaluate(
            f"""async ([tones, least, until]) => {{
              const met = {met};
              for (let shares = []; ; await new Promise((again) => setTimeout(again, 150))) {{
                shares = await ({LISTEN})(tones);
                if (met(shares)) return null;
                if (Date.now() > until) return shares;
              }}
            }}""",
            [list(tones), least, 1000 * (time.time() + WAIT_SECONDS)],
        )
        assert heard is None, f"{tones} Hz: {heard}"

    async def call(self, number: str) -> Call:
        """A person picks up and is bridged with the agent."""
        attempt_id = self.scene.attempt_id
        order = PlaceOrder(
            attempt_id, self.scene.campaign_id, number, CALLER_IDS[0], 25, {}, carrier="asterisk"
        )
        self.floor.placer.place_call(order)
        call = await self.carrier.next_call(number)
        await self.told(EventKind.CALL_ANSWERED)
        await self.floor.control.connect(attempt_id, self.scene.agent_id)
        await self.keys()
        return call

    def lost(self) -> list[Event]:
        """How often the campaign heard that the agent is gone."""
        stream = self.floor.redis.xrange(live.events_stream(self.scene.campaign_id))
        events = [Event.from_fields(fields, entry) for entry, fields in stream]
        return [event for event in events if event.kind is EventKind.AGENT_LOST]

    async def told(self, kind: EventKind) -> Event:
        """Wait until the campaign hears of this."""
        last = "0"
        async with asyncio.timeout(WAIT_SECONDS):
            while True:
                stream = {live.events_stream(self.scene.campaign_id): last}
                for _, entries in await self.floor.client.xread(stream, block=200):
                    for last, fields in entries:
                        event = Event.from_fields(fields, last)
                        if event.kind is kind:
                            return event


@asynccontextmanager
async def chromium(folder: Path, hertz: int = AGENT_HERTZ) -> AsyncIterator[Browser]:
    """The system's Chromium with a tone for a microphone."""
    microphone = write_tone(folder / f"microphone-{hertz}.wav", hertz, 5.0, rate=48_000)
    flags = [*FLAGS, f"--use-file-for-fake-audio-capture={microphone}"]
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=flags)
        yield browser
        await browser.close()


async def open_desk(
    browser: Browser, web: Web, cookie: str, *, checked: bool = True, path: str = "/desk"
) -> tuple[BrowserContext, Page]:
    """Sign somebody in and open the page."""
    context = await browser.new_context(viewport={"width": 1280, "height": 800}, permissions=["microphone"])
    await context.add_init_script(f"({PLAIN_SOUND})()")
    if checked:
        await context.add_init_script(f"({CHECKED})()")
    await context.add_cookies([{"name": "telesales", "value": cookie, "url": web.url}])
    page = await context.new_page()
    await page.goto(f"{web.url}{path}")
    return context, page


def cookie_of(app: Flask, scene: DeskScene, user_id: int | None = None) -> str:
    """The cookie of the scene's agent, or of somebody else, signed in."""
    with transaction():
        token = sessions.issue_session(user_id or scene.agent_id)[1]
    browser = app.test_client()
    with browser.session_transaction() as cookie:
        cookie[sessions.COOKIE_KEY] = token
    return str(browser.get_cookie("telesales").value)
