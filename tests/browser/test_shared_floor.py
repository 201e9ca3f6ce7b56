"""Sharing agents in a browser: who is with another campaign is seen, and moves without the page being loaded again."""

import dataclasses
import os

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from telesales.access.roles import Role
from telesales.agents import sessions
from telesales.campaigns.models import Campaign, SharedFloor
from telesales.campaigns.states import CampaignState
from telesales.extensions import db, transaction
from telesales.tenancy.scope import every_client
from tests.browser.conftest import Web
from tests.browser.test_floor_page import Floor, open_floor
from tests.factories import make_campaign, make_user
from tests.push_client import run_push

pytestmark = pytest.mark.browser


@pytest.fixture
def floors(app: Flask, redis_server) -> tuple[Floor, int]:
    """The floor of Spring, whose three agents also take calls of Autumn."""
    with every_client(), transaction():
        users = [make_user(name=f"Agent {nth}") for nth in range(3)]
        shared = SharedFloor(name="Morning crew")
        ids = []
        for name, priority in (("Spring", 2), ("Autumn", 7)):
            campaign = make_campaign(agents=users, name=name, state=CampaignState.RUNNING, priority=priority)
            campaign.shared_floor = shared
            db.session.flush()
            ids.append(campaign.id)
        agent_ids = [user.id for user in users]
    return Floor(ids[0], agent_ids, redis_server), ids[1]


def elsewhere(agent_id: int, state: str, campaign_id: int) -> dict:
    return {"id": agent_id, "state": state, "since": 0.0, "campaign_id": campaign_id}


def photograph(page: Page, name: str) -> None:
    folder = os.environ.get("PICTURES")
    for width, height in ((1280, 800), (1920, 1080)) if folder else ():
        page.set_viewport_size({"width": width, "height": height})
        page.screenshot(path=f"{folder}/{name}-{width}.png", full_page=True)


def test_agents_on_other_campaigns_are_listed_and_come_back(
    page: Page, web: Web, app: Flask, redis_url: str, floors, monkeypatch
):
    floor, autumn = floors
    first, second, third = floor.agents
    floor.keep(
        floor.picture(
            [("ready", 5)], elsewhere=[elsewhere(second, "on_call", autumn), elsewhere(third, "ready", 999)]
        )
    )
    with run_push(redis_url) as push:
        address = dataclasses.replace(app.config["TELESALES"], push_url=f"http://127.0.0.1:{push.port}")
        monkeypatch.setitem(app.config, "TELESALES", address)
        with page.expect_event("request", lambda request: "/events?" in request.url):
            open_floor(page, web, floor)
        rows = page.locator("[data-elsewhere-list] li")
        expect(page.locator(".floor-shared")).to_contain_text("Shared floor: Morning crew. Priority 2.")
        expect(page.locator(".floor-shared a")).to_have_attribute("href", f"/floor/{autumn}")
        expect(rows).to_have_count(2)
        expect(rows.nth(0)).to_contain_text("Agent 1")
        expect(rows.nth(0).locator("a")).to_have_text("Autumn")
        expect(rows.nth(1).locator("[data-campaign]")).to_have_text("another campaign")
        expect(rows.nth(1).locator("[data-campaign]")).not_to_have_attribute("href", "/floor/999")
        photograph(page, "floor")

        floor.push(floor.picture([("ready", 5), ("ready", 1), ("ready", 1)], elsewhere=[]))

        expect(page.locator("[data-elsewhere]")).to_be_hidden()
        expect(page.locator(".agent-card")).to_have_count(3)
        assert first


def test_names_of_agents_elsewhere_stand_in_rows(page: Page, web: Web, floors):
    floor, autumn = floors
    with every_client(), transaction():
        db.session.get_one(Campaign, autumn).name = "Autumn offer for customers of long standing"
    others = [elsewhere(floor.agents[1], "on_call", autumn), elsewhere(floor.agents[2], "ready", 999)]
    floor.keep(floor.picture([("ready", 5)], elsewhere=others))

    open_floor(page, web, floor)
    names = page.locator("[data-elsewhere-list] [data-name]")
    expect(names).to_have_count(2)

    tops = {round(name.bounding_box()["y"]) for name in names.all()}
    links = page.locator("[data-elsewhere-list] [data-campaign]").all()
    assert len(tops) == 1
    assert len({round(link.bounding_box()["y"]) for link in links}) == 2  # the long name is below


def test_floor_of_a_campaign_is_chosen_in_its_form(page: Page, web: Web, floors):
    floor, _autumn = floors
    sign_in_manager(page, web)
    page.goto(f"{web.url}/campaigns/{floor.campaign_id}/edit#who")
    photograph(page, "form")

    page.get_by_label("Floor", exact=True).select_option(label="A new floor")
    page.get_by_label("Priority").fill("1")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Give the new floor a name.").first).to_be_visible()
    photograph(page, "form-error")
    expect(page.get_by_label("Priority")).to_have_value("1")
    page.get_by_label("Name of the new floor").fill("Evening crew")
    page.get_by_role("button", name="Save").click()

    expect(page.get_by_text("The campaign is kept.")).to_be_visible()
    with every_client():
        db.session.rollback()
        campaign = db.session.get_one(Campaign, floor.campaign_id)
        assert (campaign.shared_floor.name, campaign.priority) == ("Evening crew", 1)


def sign_in_manager(page: Page, web: Web) -> None:
    with transaction():
        token = sessions.issue_session(make_user(role=Role.MANAGER).id)[1]
    cookie = web.app.session_interface.get_signing_serializer(web.app).dumps({sessions.COOKIE_KEY: token})
    name = web.app.config["SESSION_COOKIE_NAME"]
    page.context.add_cookies([{"name": name, "value": cookie, "url": web.url}])
