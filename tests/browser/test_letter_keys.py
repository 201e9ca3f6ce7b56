"""Whoever turned the keys of one sign off is surprised by none, and still reaches everything (WCAG 2.1.4)."""

import pytest
from playwright.sync_api import Page, expect

from telesales.agents.models import User
from telesales.extensions import db, transaction
from telesales.tenancy.scope import every_client
from tests.browser.desk_page import become, desk, heard, page, push_port, scene
from tests.factories_desk import DeskScene

__all__ = ["desk", "page", "push_port", "scene"]
pytestmark = pytest.mark.browser


@pytest.fixture
def without_keys(scene: DeskScene) -> None:
    with transaction(), every_client():
        db.session.get_one(User, scene.agent_id).letter_keys = False


def test_keys_do_nothing_and_are_not_shown(page: Page, desk: str, scene: DeskScene, without_keys) -> None:
    become(scene, "on_call", in_call=True)
    page.goto(desk)
    heard(page)
    expect(page.get_by_role("heading", name="Ann Lee")).to_be_visible()
    before = page.locator("[data-script] h2").first.inner_text()

    for key in ("1", "n", "s", "x", "c", "?", "Shift+1"):
        page.keyboard.press(key)

    expect(page.locator("dialog[open]")).to_have_count(0)
    expect(page.locator('[data-outcome][aria-pressed="true"]')).to_have_count(0)
    expect(page.locator("[data-objection][open]")).to_have_count(0)
    assert page.locator("[data-script] h2").first.inner_text() == before
    assert page.locator("kbd:visible").count() == 0
    assert page.locator("[aria-keyshortcuts]").count() == 0


def test_everything_is_still_done_with_tab_and_enter(
    page: Page, desk: str, scene: DeskScene, without_keys
) -> None:
    become(scene, "on_call", in_call=True)
    page.goto(desk)
    heard(page)
    before = page.locator("[data-script] h2").first.inner_text()

    walk_to(page, ".desk-answer")
    page.keyboard.press("Enter")

    expect(page.locator("[data-script] h2").first).not_to_have_text(before)


def test_the_menu_leads_to_the_switch(page: Page, desk: str, without_keys) -> None:
    page.goto(desk)
    page.locator("[data-menu] summary").click()
    page.get_by_role("link", name="Keys are off").click()

    expect(page.get_by_label("Single keys")).not_to_be_checked()


def walk_to(page: Page, selector: str) -> None:
    """Press Tab until the focus is there."""
    for _press in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("(selector) => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"Tab never comes to {selector}")
