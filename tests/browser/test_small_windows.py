"""Pages on a telephone and by keyboard: nothing is wider than the window, and bars cover nothing that has the focus."""

import pytest
from flask import Flask
from playwright.sync_api import Page

from telesales.access.roles import Role
from telesales.agents import sessions
from telesales.agents.queries import find_demo_person, list_agents
from telesales.campaigns.models import Campaign
from telesales.centre.models import CentreSettings
from telesales.extensions import db, transaction
from telesales.tenancy.scope import every_client
from tests.browser import full_house
from tests.browser.conftest import Web
from tests.browser.full_house import House

pytestmark = pytest.mark.browser
NARROW = {"width": 390, "height": 800}
MOST_STEPS = 150
LAYS_OVER = """() => {
    const focused = document.activeElement, box = focused.getBoundingClientRect();
    const above = document.elementFromPoint(box.x + Math.min(box.width, 20) / 2, box.y + box.height / 2);
    const bar = above && above.closest(".topbar, .edit-actions");
    return bar && !bar.contains(focused) ? focused.outerHTML.slice(0, 120) : "";
}"""


@pytest.fixture
def house(app: Flask, settings) -> House:
    return full_house.fill(app, settings)


def sign_in(web: Web, page: Page, role: Role) -> Page:
    """Make this browser the demo's person with a role."""
    with transaction():
        token = sessions.issue_session(find_demo_person(role).id)[1]
    client = web.app.test_client()
    with client.session_transaction() as cookie:
        cookie[sessions.COOKIE_KEY] = token
    value = client.get_cookie("telesales").value
    page.context.add_cookies([{"name": "telesales", "value": value, "url": web.url}])
    return page


@pytest.fixture
def manager(house: House, web: Web, page: Page) -> Page:
    return sign_in(web, page, Role.MANAGER)


def test_no_page_is_wider_than_a_telephone(house: House, web: Web, manager: Page) -> None:
    manager.set_viewport_size(NARROW)
    paths = [path for path in house.pages(Role.MANAGER) if is_page(web, manager, path)]

    wide = []
    for path in paths:
        manager.goto(web.url + path)
        width = manager.evaluate("document.documentElement.scrollWidth")
        wide += [(path, width)] if width > NARROW["width"] else []

    assert len(paths) > 30
    assert wide == []


def test_long_names_fit_a_telephone(house: House, web: Web, manager: Page) -> None:
    with every_client(), transaction():
        db.session.get_one(CentreSettings, 1).name = "江" * 40
        for agent in list_agents():
            agent.name = "w" * 60
    manager.set_viewport_size(NARROW)

    for path in ("/", "/standings", "/standings/awards"):
        manager.goto(web.url + path)
        assert manager.evaluate("document.documentElement.scrollWidth") == NARROW["width"], path


def test_a_long_campaign_takes_no_room_from_the_number_and_the_time_of_the_callee(
    house: House, web: Web, page: Page
) -> None:
    with every_client(), transaction():
        for campaign in db.session.scalars(db.select(Campaign)):
            campaign.name = f"{campaign.id}{'江' * 60}"
    sign_in(web, page, Role.AGENT)
    page.set_viewport_size({"width": 1100, "height": 800})

    page.goto(f"{web.url}/desk")

    figures = page.locator(".desk-bar-facts .number")
    figures.last.wait_for()
    assert figures.count() == 2
    assert figures.evaluate_all("all => all.filter((one) => one.scrollWidth > one.clientWidth).length") == 0


def is_page(web: Web, page: Page, path: str) -> bool:
    """Files and parts of pages have no width."""
    cookies = "; ".join(f"{cookie['name']}={cookie['value']}" for cookie in page.context.cookies())
    answer = web.app.test_client(use_cookies=False).get(path, headers={"Cookie": cookies})
    return answer.status_code == 200 and answer.text.lstrip().lower().startswith("<!doctype html")


@pytest.mark.parametrize("path", ["/campaigns/{campaign_id}/edit", "/lists/{list_id}"])
def test_bars_do_not_cover_what_has_the_focus(house: House, web: Web, manager: Page, path: str) -> None:
    manager.goto(web.url + path.format(**house.values))

    covered = []
    for _step in range(MOST_STEPS):
        manager.keyboard.press("Tab")
        covered += [what] if (what := manager.evaluate(LAYS_OVER)) else []

    assert covered == []
