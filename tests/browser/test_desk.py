"""The desk in a real browser: a call arrives, is led by keys, is reloaded, and ends."""

import time

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from telesales.calls.models import Sale
from telesales.calls.service.dispositions import record_disposition
from telesales.calls.service.sales import cancel_sale
from telesales.extensions import db, redis_client, transaction
from telesales.push.publish import publish
from telesales.tenancy.scope import every_client
from tests.browser.desk_page import become, desk, heard, page, push_port, saved, scene
from tests.factories_calls import make_recorded_sale
from tests.factories_desk import DeskScene

__all__ = ["desk", "page", "push_port", "scene"]
pytestmark = pytest.mark.browser


def test_a_call_pops_without_a_click(page: Page, desk: str, scene: DeskScene) -> None:
    become(scene, "ready", in_call=False)
    with page.expect_response("**/events*"):
        page.goto(desk)
    expect(page.get_by_text("Waiting for a call")).to_be_visible()
    page.evaluate(
        """() => { window.shown = new Promise(done => {
            new MutationObserver(() => document.querySelector("[data-script]") && done(Date.now()))
                .observe(document.body, { childList: true, subtree: true }); }); }"""
    )
    heard(page)

    told = time.time()
    become(scene, "on_call", in_call=True, event="pop")
    took = page.evaluate("() => window.shown") / 1000 - told

    expect(page.get_by_role("heading", name="Ann Lee")).to_be_visible()
    expect(page.get_by_text("Hello Ann Lee")).to_be_visible()
    assert took < 12  # by the push alone: a page that heard nothing looks by itself after 25 seconds


def test_a_whole_sale_is_made_from_the_keyboard(page: Page, desk: str, scene: DeskScene) -> None:
    page.goto(desk)
    page.keyboard.press("1")
    expect(page.get_by_text("This call is recorded.")).to_be_visible()
    page.keyboard.press("1")
    people = page.get_by_label("People")
    people.focus()
    page.keyboard.type("4")
    page.keyboard.press("Escape")
    expect(page.get_by_text("saved")).to_be_visible()
    page.keyboard.press("1")
    expect(page.get_by_text("It suggests the outcome “Sale”")).to_be_visible()

    page.keyboard.press("s")
    expect(page.get_by_label("Amount")).to_have_value("49.00")
    page.keyboard.press("Enter")

    expect(page.locator(".desk-outcome-saved")).to_contain_text("$49.00")
    assert [sale.amount_minor for sale in saved(Sale)] == [4900]


def test_a_sale_that_is_cancelled_meanwhile_can_be_changed_without_a_reload(
    page: Page, desk: str, scene: DeskScene
) -> None:
    with transaction(), every_client():
        attempt, agent = db.session.merge(scene.attempt), db.session.merge(scene.agent)
        sale_id = make_recorded_sale(attempt).id
        record_disposition(attempt, agent, "sale")
    page.goto(desk)
    expect(page.locator(".desk-outcome-saved")).to_contain_text("$49.00")
    heard(page)

    with transaction(), every_client():
        cancel_sale(db.session.get_one(Sale, sale_id), "wrong amount")

    expect(page.locator(".desk-outcome-saved")).to_contain_text("The sale was cancelled")
    page.get_by_role("button", name="Change").click()
    expect(page.get_by_role("button", name="Not interested")).to_be_visible()


def test_news_of_an_earlier_call_does_not_renew_the_outcome_that_is_typed(
    page: Page, desk: str, scene: DeskScene
) -> None:
    asked: list[str] = []
    page.goto(desk)
    heard(page)
    page.keyboard.press("n")
    page.get_by_label("Note", exact=True).fill("moves abroad")
    page.on("request", lambda request: asked.append(request.url))

    publish(f"desk:{scene.agent_id}", "outcome", {"attempt_id": scene.attempt_id + 1, "window": ""})
    publish(f"desk:{scene.agent_id}", "refused", {"reason": "told after it"})

    expect(page.locator("[data-desk-hint]")).to_contain_text("told after it")
    assert [url for url in asked if url.endswith("/outcome")] == []
    expect(page.get_by_label("Note", exact=True)).to_have_value("moves abroad")


def test_typing_in_a_field_presses_no_key(page: Page, desk: str) -> None:
    page.goto(desk)
    page.keyboard.press("t")
    page.keyboard.type("no x1")

    expect(page.get_by_label("Add a note")).to_have_value("no x1")
    expect(page.get_by_text("Hello Ann Lee")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.locator("[data-notes] li")).to_contain_text("no x1")


def test_an_objection_opens_on_its_key(page: Page, desk: str) -> None:
    page.goto(desk)
    page.keyboard.press("Shift+Digit1")

    expect(page.get_by_text("Compared with what?")).to_be_visible()


def test_the_keys_are_listed(page: Page, desk: str) -> None:
    page.goto(desk)
    page.keyboard.press("?")

    keys = page.get_by_role("dialog")
    for name in ("Go on", "Too expensive", "Hang up", "Not interested", "Add a note"):
        expect(keys).to_contain_text(name)


def test_a_reload_comes_back_to_the_same_step_with_what_was_entered(page: Page, desk: str) -> None:
    page.goto(desk)
    page.keyboard.press("1")
    expect(page.get_by_text("This call is recorded.")).to_be_visible()
    page.keyboard.press("1")
    page.get_by_label("Big plan").check()
    expect(page.get_by_text("saved")).to_be_visible()

    page.reload()

    expect(page.get_by_role("heading", name="Offer")).to_be_visible()
    expect(page.get_by_label("Big plan")).to_be_checked()


def test_an_illegal_call_back_is_told_at_the_field(page: Page, desk: str) -> None:
    page.goto(desk)
    page.keyboard.press("c")
    page.get_by_label("Day, where they are").fill("2027-01-15")
    page.get_by_label("Time, where they are").fill("23:30")
    expect(page.locator("[data-both-times]")).to_contain_text("for them")
    page.get_by_label("Note", exact=True).fill("late")
    page.get_by_label("Note", exact=True).press("Enter")

    expect(page.get_by_text("Nobody may be called there at that time")).to_be_visible()
    expect(page.get_by_label("Day, where they are")).to_have_value("2027-01-15")
    expect(page.get_by_label("Note", exact=True)).to_have_value("late")


def test_a_missing_disclosure_is_one_key_away(page: Page, desk: str) -> None:
    page.goto(desk)
    page.keyboard.press("2")
    expect(page.get_by_text("Bye!")).to_be_visible()
    page.keyboard.press("s")
    page.keyboard.press("Enter")

    expect(page.get_by_text("This call is recorded.")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("1")
    expect(page.get_by_text("Bye!")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [(1280, 800), (1920, 1080)])
def test_nothing_runs_out_of_the_frame(page: Page, desk: str, scheme: str, size: tuple[int, int]) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.emulate_media(color_scheme=scheme)
    page.goto(desk)
    page.keyboard.press("c")

    widths = page.evaluate("() => [document.documentElement.scrollWidth, innerWidth]")
    heights = page.evaluate("() => [document.documentElement.scrollHeight, innerHeight]")
    assert widths[0] <= widths[1]
    assert heights[0] <= heights[1]
    expect(page.get_by_role("button", name="Save")).to_be_in_viewport()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("state", ["on_call", "wrap_up", "ready", "paused", "signed off"])
def test_axe_finds_nothing_in_any_state(
    page: Page, desk: str, scene: DeskScene, state: str, scheme: str
) -> None:
    if state == "signed off":
        redis_client().flushdb()
    else:
        become(scene, state, in_call=state in ("on_call", "wrap_up"))
    page.emulate_media(color_scheme=scheme)
    page.goto(desk)
    if state == "wrap_up":
        page.keyboard.press("c")
        expect(page.get_by_label("Day, where they are")).to_be_visible()

    found = Axe().run(page)

    assert found.response["violations"] == [], found.generate_report()
