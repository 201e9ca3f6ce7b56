"""A real browser, and the application served to it."""

import shutil
import threading
from collections.abc import Iterable, Iterator
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, Playwright, expect, sync_playwright
from werkzeug.serving import BaseWSGIServer, make_server
from werkzeug.wsgi import ClosingIterator

ANSWER_SECONDS = 10
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")

expect.set_options(timeout=20_000)  # every processor may be busy with another browser


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as instance:
        yield instance


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """The system's Chromium."""
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed: run `make test-deps`")
    browser = playwright.chromium.launch(
        executable_path=CHROMIUM, args=["--disable-gpu", "--disable-dev-shm-usage"]
    )
    yield browser
    browser.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """One page; an error in its scripts, or what the content security policy refuses, fails the test."""
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on(
        "console", lambda line: wrong.append(line.text) if "Content Security Policy" in line.text else None
    )
    yield page
    page.close()
    assert wrong == []


class Web:
    """The application on a port; can be stopped and started again like a server that is being upgraded."""

    def __init__(self, app: Flask) -> None:
        self.app, self.port = app, 0
        self.under_way, self.changed = 0, threading.Condition()
        self.server: BaseWSGIServer | None = None
        self.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        self.server = make_server("127.0.0.1", self.port, self._answer, threaded=True)
        self.port = self.server.server_port
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def _answer(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        self._count(1)
        try:
            body = self.app(environ, start_response)
        except BaseException:
            self._count(-1)
            raise
        return ClosingIterator(body, lambda: self._count(-1))

    def _count(self, step: int) -> None:
        with self.changed:
            self.under_way += step
            self.changed.notify_all()

    def stop(self) -> None:
        """Stop, and wait for answers under way: the next test takes the database away from under them."""
        if self.server:
            self.server.shutdown()
            self.server.server_close()
            self.server = None
            with self.changed:
                self.changed.wait_for(lambda: not self.under_way, ANSWER_SECONDS)


@pytest.fixture
def web(app: Flask) -> Iterator[Web]:
    web = Web(app)
    yield web
    web.stop()
