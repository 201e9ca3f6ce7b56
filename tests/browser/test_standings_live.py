"""The leaderboard in a browser: it follows the sales, and everybody can read it."""

import dataclasses
from datetime import date

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from telesales import clock
from telesales.agents.models import User
from telesales.campaigns.models import Campaign
from telesales.extensions import db, transaction
from telesales.tenancy.scope import every_client
from tests.browser.conftest import Web
from tests.browser.test_commission_editor import sign_in
from tests.factories import make_day, make_past_days, make_selling_agent, make_selling_campaign, make_sold
from tests.push_client import run_push
from tests.servers import free_port

pytestmark = pytest.mark.browser


@pytest.fixture
def floor(app: Flask) -> dict[str, int]:
    """Ana leads with three sales, Tom has two."""
    today: date = clock.now().date()
    with every_client(), transaction():
        campaign = make_selling_campaign(daily_goal=6)
        ana, tom = make_selling_agent("Ana"), make_selling_agent("王小明", latin_name="Wang Xiaoming")
        for agent, sales in ((ana, 3), (tom, 2)):
            make_past_days(agent, campaign, today)
            make_day(agent, campaign, today, sales=sales, amount_minor=sales * 10_000)
        return {"campaign": campaign.id, "ana": ana.id, "tom": tom.id}


def test_sale_moves_the_ranking_without_a_reload(
    page: Page, web: Web, app: Flask, redis_url: str, floor, monkeypatch
):
    port = free_port()
    settings = dataclasses.replace(app.config["TELESALES"], push_url=f"http://127.0.0.1:{port}")
    monkeypatch.setitem(app.config, "TELESALES", settings)
    with run_push(redis_url, port):
        sign_in(page, web)
        with page.expect_event("request", lambda request: "/events?" in request.url):
            page.goto(f"{web.url}/standings")
        expect(page.locator("tbody tr").first).to_contain_text("Ana")
        with every_client(), transaction():
            tom, campaign = (
                db.session.get_one(User, floor["tom"]),
                db.session.get_one(Campaign, floor["campaign"]),
            )
            for _number in range(2):
                make_sold(tom, campaign, at=clock.now())
        expect(page.locator("tbody tr").first).to_contain_text("王小明")
        expect(page.locator(f'tr[data-user="{tom.id}"]')).to_contain_text("4 / 6")


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (1920, "dark")])
@pytest.mark.parametrize("path", ["/standings", "/standings/awards"])
def test_axe_finds_nothing_and_nothing_reaches_out_of_the_page(
    browser: Browser, web: Web, floor, path: str, width: int, scheme: str
):
    page = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme).new_page()
    sign_in(page, web)
    page.goto(web.url + path)
    found = Axe().run(page)
    assert found.response["violations"] == [], found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") == width
    page.context.close()
