"""A television in a real browser, which notes when its team total changes."""

import contextlib
import shutil
from collections.abc import Iterator, Sequence
from datetime import datetime

from flask import Flask
from playwright.sync_api import Page, sync_playwright

from telesales.extensions import transaction
from telesales.tenancy.scope import every_client
from telesales.whiteboard.rules import link_path
from telesales.whiteboard.service import ScreenFacts, create_screen

WATCH = """() => {
  window.seen = [];
  const total = document.querySelector("[data-team-sales]");
  const note = () => window.seen.push([Date.now(), Number(total.textContent)]);
  note();
  new MutationObserver(note).observe(total, { childList: true, characterData: true, subtree: true });
}"""


class Television:
    """`seen()` lists (milliseconds since 1970, sales on the board)."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def seen(self) -> list[tuple[float, int]]:
        return [(at, total) for at, total in self.page.evaluate("() => window.seen")]


@contextlib.contextmanager
def hang_up_television(app: Flask, url: str) -> Iterator[Television | None]:
    """Open the whiteboard of the whole centre; None when no browser is installed."""
    browser_path = shutil.which("chromium") or shutil.which("google-chrome")
    if browser_path is None:
        yield None
        return
    with app.app_context(), every_client(), transaction():
        _screen, token = create_screen(ScreenFacts(name="Benchmark"))
        path = link_path(token)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path, args=["--disable-gpu"])
        page = browser.new_page(viewport={"width": 1920, "height": 1080})
        page.goto(url + path)
        page.wait_for_selector("[data-team-sales]")
        page.evaluate(WATCH)
        yield Television(page)
        browser.close()


def waiting_times(seen: Sequence[tuple[float, int]], sold_at: Sequence[datetime]) -> list[float]:
    """Milliseconds from each sale (in order) until the board showed at least as many. The first total is the start."""
    if not seen:
        return []
    start = seen[0][1]
    waits = []
    for nth, at in enumerate(sorted(sold_at), 1):
        shown = next((moment for moment, total in seen if total >= start + nth), None)
        if shown is not None:
            waits.append(shown - at.timestamp() * 1000)
    return waits
