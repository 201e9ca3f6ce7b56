"""The television in a browser: sales arrive by themselves, and nothing leaves it on an error page."""

import contextlib
import dataclasses
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from telesales import clock
from telesales.agents.models import User
from telesales.calls.daily import DailyResult
from telesales.campaigns.models import Campaign
from telesales.extensions import db, transaction
from telesales.push import topics
from telesales.push.publish import publish
from telesales.tenancy.scope import every_client
from telesales.whiteboard import service, version
from telesales.whiteboard.models import Screen
from tests.browser.conftest import Web
from tests.factories import make_day, make_screen, make_selling_agent, make_selling_campaign, make_sold
from tests.push_client import PushProcess, run_push
from tests.servers import free_port

pytestmark = pytest.mark.browser
NAMES = (
    "李娜",
    "Omar",
    "陈伟",
    "Ana",
    "Tom",
    "王小明",
    "Mia",
    "Priya",
    "Jonas",
    "张秀英",
    "Lea",
    "Sam",
    "Noor",
)
SMALLEST = """() => Math.min(...[...document.querySelectorAll('body *')]
  .filter((e) => !e.children.length && e.textContent.trim() && e.getClientRects().length)
  .map((e) => parseFloat(getComputedStyle(e).fontSize))) / innerHeight"""
SCROLLS = "() => document.documentElement.scrollHeight > innerHeight || document.documentElement.scrollWidth > innerWidth"


class Floor:
    """People who sell, a screen that shows them, and the processes behind it."""

    def __init__(self, web: Web, push_port: int, redis_url: str) -> None:
        self.web, self.push_port, self.redis_url = web, push_port, redis_url
        self.processes = contextlib.ExitStack()
        self.push: PushProcess
        with transaction(), every_client():
            campaign = make_selling_campaign(daily_goal=20)
            today = clock.now().date()
            agents = [make_selling_agent(name) for name in NAMES]
            self.results = [
                make_day(agent, campaign, today, sales=18 - nth).id for nth, agent in enumerate(agents)
            ]
            screen, token = make_screen()
            self.screen_id, self.url = screen.id, f"{web.url}/whiteboard/s/{token}"

    def start(self) -> None:
        self.push = self.processes.enter_context(run_push(self.redis_url, self.push_port))

    def go_away(self) -> None:
        self.web.stop()
        self.processes.close()

    def come_back(self) -> None:
        self.start()
        self.web.start()

    def sell(self, nth: int, *, sales: int = 1) -> None:
        """A sale of the nth person, and its count."""
        with transaction(), every_client():
            result = db.session.get_one(DailyResult, self.results[nth])
            result.sales += sales - 1  # the last one is counted when it is saved
            agent = db.session.get_one(User, result.user_id)
            make_sold(agent, db.session.get_one(Campaign, result.campaign_id), 4_990, at=clock.now())


@pytest.fixture
def floor(app: Flask, web: Web, redis_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Floor]:
    port = free_port()
    settings = dataclasses.replace(app.config["TELESALES"], push_url=f"http://127.0.0.1:{port}")
    monkeypatch.setitem(app.config, "TELESALES", settings)
    floor = Floor(web, port, redis_url)
    floor.start()
    yield floor
    floor.processes.close()


def sales_of(page: Page, name: str):
    return page.locator(".rows .row", has_text=name).locator(".sales")


@pytest.fixture
def television(page: Page, floor: Floor) -> Page:
    """The page, listening."""
    with page.expect_event("request", lambda request: "/events?" in request.url):
        page.goto(floor.url)
    expect(page.locator(".rows .row")).to_have_count(10)
    return page


def test_a_sale_takes_the_stage_and_the_rank_moves(television: Page, floor: Floor):
    moved = """() => { window.moved = false; new MutationObserver(() => {
        if (document.querySelector('.row.is-moving')) window.moved = true;
      }).observe(document.querySelector('[data-rows]'), { subtree: true, attributes: true }); }"""
    television.evaluate(moved)
    floor.sell(2, sales=3)

    stage = television.locator("[data-stage]")
    expect(stage).to_be_visible()
    expect(stage).to_contain_text("陈伟")
    expect(stage).to_contain_text("$49.90")
    expect(television.locator(".rows .row").first).to_contain_text("陈伟")
    expect(television.locator("[data-ticker]")).to_contain_text("陈伟")
    assert television.evaluate("window.moved")
    expect(stage).to_be_hidden()


def test_nobody_is_shown_as_last(television: Page):
    expect(television.locator(".rows .place").last).to_have_text("10")
    expect(television.locator("[data-more]")).to_have_text("3 more people on the floor")


def test_it_says_when_the_server_is_away_and_heals_by_itself(television: Page, floor: Floor):
    floor.go_away()

    bar = television.locator("[data-away-bar]")
    expect(bar).to_be_visible(timeout=40_000)
    expect(bar).to_contain_text("Not connected since")
    expect(sales_of(television, "李娜")).to_have_text("18")

    floor.sell(0)
    floor.come_back()
    expect(bar).to_be_hidden(timeout=40_000)
    expect(sales_of(television, "李娜")).to_have_text("19")
    floor.sell(1)
    expect(sales_of(television, "Omar")).to_have_text("18", timeout=40_000)


def test_it_says_when_the_network_is_away(television: Page):
    television.context.set_offline(True)
    bar = television.locator("[data-away-bar]")
    expect(bar).to_be_visible(timeout=40_000)

    television.context.set_offline(False)
    expect(bar).to_be_hidden(timeout=40_000)


def test_without_push_it_asks_by_itself(television: Page, floor: Floor):
    floor.processes.close()
    floor.sell(0)

    expect(sales_of(television, "李娜")).to_have_text("19", timeout=40_000)
    expect(television.locator("[data-away-bar]")).to_be_hidden()


def test_a_link_that_is_taken_back_is_told_in_place(television: Page, floor: Floor):
    with transaction():
        service.revoke_screen(db.session.get_one(Screen, floor.screen_id))

    expect(television.locator("[data-away-bar]")).to_contain_text("taken back")
    expect(television.locator(".ranking")).to_be_hidden()


def test_a_newer_edition_is_loaded_by_itself(television: Page, floor: Floor, monkeypatch: pytest.MonkeyPatch):
    television.evaluate("window.isOld = true")
    monkeypatch.setattr(version, "PARTS", version.PARTS[:1])
    version.page_version.cache_clear()

    with television.expect_navigation():
        publish(topics.board(floor.screen_id), "changed", {})

    expect(television.locator(".rows .row")).to_have_count(10)
    assert television.evaluate("window.isOld") is None
    version.page_version.cache_clear()


@pytest.mark.parametrize(("width", "height"), [(1280, 720), (1920, 1080), (3840, 2160)])
def test_it_can_be_read_at_five_metres(browser: Browser, floor: Floor, width: int, height: int):
    page = browser.new_page(viewport={"width": width, "height": height}, locale="zh-CN")
    page.goto(floor.url)
    expect(page.locator(".rows .row")).to_have_count(10)

    assert page.evaluate(SMALLEST) >= 0.025 - 0.0001
    assert not page.evaluate(SCROLLS)
    assert page.evaluate("getComputedStyle(document.body).cursor") == "none"
    found = Axe().run(page)
    assert found.response["violations"] == [], found.generate_report()
    page.close()
