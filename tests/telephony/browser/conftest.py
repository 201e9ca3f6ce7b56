"""The desk in Chromium, served to it, with a real Asterisk behind."""

import dataclasses
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from flask import Flask
from playwright.async_api import expect

from telesales.extensions import transaction
from tests.browser.conftest import CHROMIUM, Web
from tests.factories_desk import DeskScene, make_desk_call
from tests.push_client import run_push
from tests.telephony.browser.desk import Desk, chromium, cookie_of, open_desk, run_apart
from tests.telephony.gateway import GatewayProcess, floor_of

expect.set_options(timeout=20_000)  # two browsers and Asterisk may share one processor
Act = Callable[[Desk], Awaitable[None]]


@pytest.fixture
def web(
    app: Flask, gateway: GatewayProcess, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Web]:
    """The application, told where Asterisk and the push server are."""
    with run_push(redis_url) as push:
        settings = dataclasses.replace(
            app.config["TELESALES"],
            telephony_file=gateway.servers[0].environ["TELEPHONY_FILE"],
            push_url=f"http://127.0.0.1:{push.port}",
        )
        monkeypatch.setitem(app.config, "TELESALES", settings)
        web = Web(app)
        yield web
        web.stop()


@pytest.fixture
def scene(app: Flask, gateway: GatewayProcess) -> DeskScene:
    """An agent who is signed on, with a call that is on its way."""
    with transaction():
        return make_desk_call(carrier="asterisk")


@pytest.fixture
def at_desk(
    app: Flask, web: Web, scene: DeskScene, gateway: GatewayProcess, tmp_path: Path
) -> Callable[..., None]:
    """Run what an agent does at the desk: `at_desk(act)`."""
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed: run `make test-deps`")
    cookie = cookie_of(app, scene)

    @asynccontextmanager
    async def sit(*, checked: bool) -> AsyncIterator[Desk]:
        async with floor_of(gateway) as (floor, carrier), chromium(tmp_path) as browser:
            context, page = await open_desk(browser, web, cookie, checked=checked)
            wrong: list[str] = []
            page.on("pageerror", lambda error: wrong.append(str(error)))
            yield Desk(page, context, floor, carrier, scene)
            assert wrong == []

    def run(act: Act, *, checked: bool = True) -> None:
        async def test() -> None:
            async with sit(checked=checked) as desk:
                await act(desk)

        run_apart(test())

    return run
