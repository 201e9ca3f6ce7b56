"""What the campaign form does beyond HTML."""

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from telesales.access.roles import Role
from telesales.agents import sessions
from telesales.campaigns.hours import OFFICE_HOURS
from telesales.extensions import transaction
from tests.browser.conftest import Web
from tests.factories import make_campaign, make_user

pytestmark = pytest.mark.browser


@pytest.fixture
def form(app: Flask, page: Page, web: Web) -> Page:
    with transaction():
        campaign_id = make_campaign(calling_hours=OFFICE_HOURS).id
        token = sessions.issue_session(make_user(role=Role.MANAGER).id)[1]
    cookie = app.session_interface.get_signing_serializer(app).dumps({sessions.COOKIE_KEY: token})
    page.context.add_cookies([{"name": app.config["SESSION_COOKIE_NAME"], "value": cookie, "url": web.url}])
    page.goto(f"{web.url}/campaigns/{campaign_id}/edit")
    return page


def test_hours_of_monday_are_copied_to_the_weekdays_only(form: Page):
    form.locator('[name="mon_from_1"]').fill("10:30")
    form.locator('[name="mon_from_2"]').fill("14:00")

    form.get_by_role("button", name="Copy Monday to the weekdays").click()

    days = {day: form.locator(f'[name="{day}_from_1"]').input_value() for day in ("tue", "fri", "sat")}
    assert days == {"tue": "10:30", "fri": "10:30", "sat": "10:00"}
    assert form.locator('[name="fri_from_2"]').input_value() == "14:00"


def test_products_are_added_and_kept(form: Page):
    rows = form.locator(".product-row").count()

    form.get_by_role("button", name="One more product").click()
    last = form.locator(".product-row").last
    last.locator('[name="product_name"]').fill("Fibre 500")
    last.locator('[name="product_price"]').fill("59")
    form.get_by_role("button", name="Save").click()

    assert rows == 3
    expect(form.get_by_text("The campaign is kept.")).to_be_visible()
    expect(form.get_by_text("$59.00")).to_be_visible()


def test_the_currency_beside_prices_follows_the_choice(form: Page):
    form.locator("#f-currency").select_option("EUR")

    assert set(form.locator("[data-currency]").all_inner_texts()) == {"EUR"}
