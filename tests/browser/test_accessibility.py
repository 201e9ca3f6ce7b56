"""Every page of everybody: axe finds nothing, the console is silent, nothing is wider than the window."""

import dataclasses
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

from telesales.access.roles import PEOPLE, Role
from telesales.agents import sessions
from telesales.agents.models import User
from telesales.agents.queries import find_demo_person
from telesales.centre import service as centre
from telesales.extensions import db, transaction
from telesales.scripting.service import load_library
from telesales.tenancy.scope import every_client
from tests.browser import full_house
from tests.browser.conftest import Web
from tests.browser.full_house import House
from tests.factories import make_user
from tests.push_client import run_push

pytestmark = pytest.mark.browser
MAIN = (
    "/", "/desk", "/floor/1", "/campaigns/1", "/campaigns/1/edit", "/campaigns/1/plan", "/what-if/1", "/lists", "/commissions",
    "/standings", "/standings/awards", "/sales", "/people", "/do-not-call", "/audit/", "/scripts/1", "/imports/1",
    "/recordings", "/messages", "/campaigns/1/messages",
)  # fmt: skip
LANGUAGES = {"en": "en", "zh": "zh-Hans"}


@pytest.fixture(scope="session")
def push_port(redis_url: str) -> Iterator[int]:
    with run_push(redis_url) as push:
        yield push.port


@pytest.fixture
def heard(app: Flask, push_port: int, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """The application whose pages hear the push process."""
    settings = dataclasses.replace(app.config["TELESALES"], push_url=f"http://127.0.0.1:{push_port}")
    monkeypatch.setitem(app.config, "TELESALES", settings)
    return app


@pytest.fixture
def house(heard: Flask, settings) -> House:
    return full_house.fill(heard, settings)


class Reader:
    """Somebody who opens one page after the other and writes down what is wrong with it."""

    def __init__(self, browser: Browser, web: Web, *, locale: str = "en", scheme: str = "light") -> None:
        self.web, self.language = web, LANGUAGES[locale]
        self.context: BrowserContext = browser.new_context(
            viewport={"width": 1280, "height": 800}, color_scheme=scheme, locale=locale
        )
        self.page: Page = self.context.new_page()
        self.wrong: list[str] = []
        self.page.on("pageerror", lambda error: self._note(f"script: {error}"))
        self.page.on("console", self._hear)

    def become(self, user: User, *, locale: str = "") -> None:
        """Sign in without the form."""
        with transaction(), every_client():
            user = db.session.get_one(User, user.id)
            user.locale = locale
            token = sessions.issue_session(user.id)[1]
        client = self.web.app.test_client()
        with client.session_transaction() as cookie:
            cookie[sessions.COOKIE_KEY] = token
        value = client.get_cookie("telesales").value
        self.context.add_cookies([{"name": "telesales", "value": value, "url": self.web.url}])

    def read(self, path: str, *, status: int = 200) -> None:
        """Open a page and look at it; what is not a whole page (CSV, JSON, a part) is left out."""
        if not self._is_page(path):
            return
        self.path, self.status = path, status
        answer = self.page.goto(self.web.url + path)
        if answer is None or answer.status != status:
            self._note(f"answers {answer and answer.status}")
            return
        found = self.page.evaluate(
            "() => [document.documentElement.lang, document.documentElement.scrollWidth]"
        )
        if found != [self.language, 1280]:
            self._note(f"lang and width {found}")
        for violation in Axe().run(self.page).response["violations"]:
            self._note(f"{violation['id']}: {[node['html'][:300] for node in violation['nodes'][:3]]}")

    def _is_page(self, path: str) -> bool:
        cookies = "; ".join(f"{cookie['name']}={cookie['value']}" for cookie in self.context.cookies())
        answer = self.web.app.test_client(use_cookies=False).get(
            path, headers={"Cookie": cookies, "Accept": "text/html"}
        )
        return answer.status_code != 200 or answer.text.lstrip().lower().startswith("<!doctype html")

    def _hear(self, line: ConsoleMessage) -> None:
        is_told = self.status >= 400 and "Failed to load resource" in line.text
        if line.type == "error" and not is_told:
            self._note(line.text)

    def _note(self, what: str) -> None:
        self.wrong.append(f"{self.path}: {what}")


@pytest.fixture
def reader(browser: Browser, web: Web) -> Iterator:
    readers: list[Reader] = []

    def open_window(**window: str) -> Reader:
        readers.append(Reader(browser, web, **window))
        return readers[-1]

    yield open_window
    for one in readers:
        one.context.close()


@pytest.mark.parametrize("role", PEOPLE)
def test_every_page_of_the_role_can_be_used_by_everybody(house: House, reader, role: Role) -> None:
    somebody = reader()
    somebody.become(find_demo_person(role))

    for path in house.pages(role):
        somebody.read(path)

    assert somebody.wrong == []


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.AGENT])
def test_the_main_pages_are_as_good_in_chinese_and_in_the_dark(house: House, reader, role: Role) -> None:
    somebody = reader(locale="zh", scheme="dark")
    somebody.become(find_demo_person(role), locale="zh")

    for path in sorted(set(MAIN) & set(house.pages(role))):
        somebody.read(path)

    assert somebody.wrong == []


def test_the_pages_that_need_no_sign_in_can_be_used_by_everybody(house: House, reader) -> None:
    visitor = reader()

    visitor.read("/sign-in")
    visitor.read("/people")  # asks to sign in
    visitor.read("/sign-in/spent", status=410)
    visitor.read(house.screen)

    assert visitor.wrong == []


def test_an_empty_floor_can_be_used_by_everybody(heard: Flask, reader) -> None:
    with transaction(), every_client():
        load_library()
        administrator = make_user(role=Role.ADMINISTRATOR, name="Administrator")
    somebody = reader()
    somebody.become(administrator)
    somebody.read("/")  # the first questions

    with transaction(), every_client():
        centre.set_up(
            centre.CentreFacts(name="Harbour", mission="", locale="en", time_zone="UTC", currency="USD")
        )
    for rule in full_house.pages_for(heard, Role.ADMINISTRATOR):
        if not rule.arguments:
            somebody.read(rule.rule)

    assert somebody.wrong == []
