"""The design system in a browser: axe, keys, theme, menus."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask, render_template
from playwright.sync_api import Browser, Page, expect

from telesales.access.guard import public
from tests.browser.conftest import Web
from tests.web.test_design import make_pages

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def design(built_app: Flask) -> str:
    """The page of all components, mounted for tests only."""

    @public("shows components, no data")
    def show_design() -> str:
        return render_template("design.html", pages=make_pages())

    built_app._got_first_request = False
    built_app.add_url_rule("/test-design", "test_design", show_design)
    return "/test-design"


@pytest.mark.parametrize("width", [1280, 1920])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_any_component(browser: Browser, web: Web, design: str, width: int, scheme: str):
    page = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
    page.goto(web.url + design)

    found = Axe().run(page)

    assert found.response["violations"] == [], found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") == width
    page.close()


def test_the_first_tab_leads_past_the_menu(page: Page, web: Web):
    page.goto(web.url + "/nowhere")

    page.keyboard.press("Tab")
    expect(page.locator(".skip-link")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()


def test_question_mark_lists_the_keys_of_the_page(page: Page, web: Web, design: str):
    page.goto(web.url + design)

    page.keyboard.press("?")

    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Pause")
    expect(dialog.locator("kbd").first).to_have_text("P")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()


def test_a_key_presses_its_button_but_not_while_somebody_types(page: Page, web: Web, design: str):
    page.goto(web.url + design)
    page.evaluate(
        "document.querySelector('[data-shortcut=s]').addEventListener('click', () => { document.title += '!' })"
    )
    title = page.title()

    page.get_by_label("What it is for").press("s")
    assert page.title() == title
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("s")
    assert page.title() == title + "!"


def test_the_theme_is_chosen_and_kept(page: Page, web: Web, design: str):
    page.goto(web.url + design)
    page.locator("[data-menu] summary").click()

    page.get_by_role("button", name="Dark").click()

    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(20, 23, 26)"
    page.reload()
    assert page.locator("html").get_attribute("data-theme") == "dark"


def test_evidence_is_shown_to_the_keyboard_too(page: Page, web: Web, design: str):
    page.goto(web.url + design)

    page.get_by_role("group", name="Abandonment").focus()

    expect(page.get_by_text("14 of 812 answered by a person")).to_be_visible()


def test_a_form_is_sent_once(page: Page, web: Web, design: str):
    page.goto(web.url + design)

    stopped = page.evaluate(
        """() => {
          const form = document.querySelector("main form.form");
          const stopped = [];
          form.noValidate = true;
          addEventListener("submit", (event) => { stopped.push(event.defaultPrevented); event.preventDefault(); });
          form.requestSubmit();
          form.requestSubmit();
          return stopped;
        }"""
    )

    assert stopped == [False, True]
    expect(page.locator("form.is-sending")).to_have_count(1)
