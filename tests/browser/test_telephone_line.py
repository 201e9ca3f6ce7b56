"""The telephone's line in a browser without a microphone and without Asterisk: what it says, and that it can be read."""

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from telesales.extensions import transaction
from tests.browser.desk_page import desk, push_port, sign_in  # noqa: F401 - fixtures
from tests.factories_desk import DeskScene, make_desk_call
from tests.factories_telephony import TELEPHONY_FILE

pytestmark = pytest.mark.browser


@pytest.fixture
def scene(app: Flask) -> DeskScene:
    with transaction():
        return make_desk_call(carrier="asterisk", state="paused")


@pytest.fixture
def page(browser: Browser, app: Flask, desk: str, scene: DeskScene, tmp_path: Path) -> Iterator[Page]:  # noqa: F811
    """The desk of a campaign with real calls."""
    file = tmp_path / "telephony.toml"
    file.write_text(TELEPHONY_FILE)
    app.config["TELESALES"] = dataclasses.replace(app.config["TELESALES"], telephony_file=str(file))
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = sign_in(context, app, desk, scene)
    page.goto(desk)
    yield page
    context.close()


def test_without_a_microphone_the_page_says_what_to_do(page: Page) -> None:
    dialog = page.get_by_role("dialog", name="Microphone and speaker")
    expect(dialog.get_by_text("This page may not use a microphone.")).to_be_visible()
    found = Axe().run(page, context="[data-phone-dialog]").response["violations"]
    assert [(entry["id"], entry["nodes"][0]["html"]) for entry in found] == []

    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(page.get_by_text("No microphone: allow it beside the address")).to_be_visible()
    expect(page.get_by_role("button", name="Try again")).to_be_visible()
    found = Axe().run(page, context="[data-phone]").response["violations"]
    assert [(entry["id"], entry["nodes"][0]["html"]) for entry in found] == []


def test_ready_without_a_telephone_says_why(page: Page) -> None:
    page.keyboard.press("Escape")

    page.keyboard.press("r")

    expect(page.get_by_text("Your telephone is not connected yet.")).to_be_visible()


@pytest.mark.parametrize(
    ("figures", "word"),
    [
        ({}, "good"),
        ({"loss": 0.02, "delay": 0.2, "jitter": 0.03}, "good"),
        ({"loss": 0.05}, "weak"),
        ({"delay": 0.4}, "weak"),
        ({"jitter": 0.06}, "weak"),
        ({"loss": 0.2}, "bad"),
        ({"delay": 0.9, "loss": 0.01}, "bad"),
    ],
)
def test_figures_become_words(page: Page, figures: dict, word: str) -> None:
    judged = page.evaluate(
        "async (figures) => (await import('/static/js/phone/quality.js')).judge(figures)", figures
    )

    assert judged == word
