"""Writing a plan in a browser: sentences and examples follow what is typed."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from telesales.access.roles import Role
from telesales.agents import sessions
from telesales.commissions.models import LedgerLine, PlanVersion
from telesales.commissions.rules.terms import Band, Measure, Mode, Percent, Period, Tiers
from telesales.extensions import db, transaction
from telesales.tenancy.scope import every_client
from tests.browser.conftest import Web
from tests.factories import make_campaign, make_plan, make_selling_agent, make_sold, make_user

pytestmark = pytest.mark.browser
TIERS = Tiers(Measure.SALES, Period.MONTH, Mode.WHOLE, (Band(0, Percent(40_000)), Band(1, Percent(60_000))))


@pytest.fixture
def plan(web: Web) -> str:
    """Address of a campaign's plan without a version."""
    with every_client(), transaction():
        return f"{web.url}/campaigns/{make_campaign().id}/plan"


def sign_in(page: Page, web: Web) -> None:
    with transaction():
        token = sessions.issue_session(make_user(role=Role.MANAGER).id)[1]
    signer = web.app.session_interface.get_signing_serializer(web.app)
    cookie = signer.dumps({sessions.COOKIE_KEY: token})
    page.context.add_cookies(
        [{"name": web.app.config["SESSION_COOKIE_NAME"], "value": cookie, "url": web.url}]
    )


def test_sentences_and_examples_follow_what_is_typed_and_the_focus_stays(page: Page, web: Web, plan: str):
    sign_in(page, web)
    page.goto(plan)
    page.get_by_label("Pays", exact=True).select_option("tiers")
    expect(page.get_by_role("button", name="Add a band")).to_be_visible()
    page.locator("#f-parts-0-bands-0-pay").fill("4")
    page.locator("#f-parts-0-bands-1-above").fill("1000")
    page.locator("#f-parts-0-bands-1-pay").fill("6")
    page.keyboard.press("Tab")
    expect(page.locator(".plan-preview")).to_contain_text("above $1,000.00: 6% of the amount")
    expect(page.locator(".plan-preview table")).to_contain_text("no. 1")
    expect(page.locator("#do-add-band-0")).to_be_focused()
    page.get_by_role("button", name="Publish this version").click()
    expect(page.locator("#version-1")).to_contain_text("in force")
    with every_client():
        assert db.session.query(PlanVersion).count() == 1


def test_every_button_works_without_scripts(browser: Browser, web: Web, plan: str):
    page = browser.new_context(java_script_enabled=False).new_page()
    sign_in(page, web)
    page.goto(plan)
    page.get_by_role("button", name="Add a part").click()
    expect(page.locator("#f-parts-1-kind")).to_be_visible()
    page.get_by_role("button", name="Remove part 2").click()
    expect(page.locator("#f-parts-1-kind")).to_have_count(0)
    page.get_by_role("button", name="Publish this version").click()
    expect(page.locator("#version-1")).to_contain_text("Pays 4% of the amount of every sale")
    page.context.close()


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (1920, "dark")])
@pytest.mark.parametrize("name", ["plan", "ledger", "line"])
def test_axe_finds_nothing_and_nothing_reaches_out_of_the_page(
    browser: Browser, web: Web, name: str, width: int, scheme: str
):
    with every_client(), transaction():
        campaign, agent = make_campaign(), make_selling_agent()
        make_plan(campaign, TIERS)
        for _number in range(2):
            make_sold(agent, campaign)
        line = db.session.query(LedgerLine.id).where(LedgerLine.kind == "adjustment").scalar()
        addresses = {
            "plan": f"/campaigns/{campaign.id}/plan",
            "ledger": "/commissions?from=2026-11-01",
            "line": f"/commissions/{line}",
        }
    page = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme).new_page()
    sign_in(page, web)
    page.goto(web.url + addresses[name])
    found = Axe().run(page)
    assert found.response["violations"] == [], found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") == width
    page.context.close()
