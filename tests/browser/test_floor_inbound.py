"""People who ring us, on the page of the floor: how many wait, and how long the first of them."""

import pytest
from playwright.sync_api import Page, expect

from telesales import clock
from tests.browser.conftest import Web
from tests.browser.test_floor_page import CALLS, ESTIMATES, make_floor, open_floor

__all__ = ["make_floor"]
pytestmark = pytest.mark.browser


def test_people_who_ring_us_are_shown_while_they_wait(page: Page, web: Web, make_floor):
    floor = make_floor(1)
    now = clock.now().timestamp()
    estimates = {**ESTIMATES, "inbound_waiting": 3, "inbound_an_hour": 12.4}
    decision = {"at": now, "calls": 0, "reason": "lines", "placed": 0, "estimates": estimates}
    ringing = {"waiting": 3, "since": now - 42, "talking": 0}
    calls = {**CALLS, "answered": 4}
    floor.keep(floor.picture([("on_call", 70)], inbound=ringing, calls=calls, decision=decision))

    open_floor(page, web, floor)

    expect(page.locator("[data-inbound]")).to_contain_text("3 people ring in, longest waiting 0:4")
    expect(page.locator('[data-count="calls.waiting"]')).to_have_text("1")  # whom we rang
    expect(page.locator("[data-decision]")).to_contain_text("about 12 an hour expected")


def test_the_first_who_rings_us_waits_since_a_time_from_the_first_moment(page: Page, web: Web, make_floor):
    floor = make_floor(1)
    floor.keep(floor.picture([("ready", 5)]))
    open_floor(page, web, floor)

    shown = page.evaluate(
        """async () => {
            const { showInbound } = await import("/static/js/floor_inbound.js");
            const { serverNow } = await import("/static/js/live.js");
            const floor = document.querySelector("[data-floor]");
            const empty = floor.querySelector("[data-inbound] [data-since]").textContent;
            showInbound(floor, { inbound: { waiting: 1, since: serverNow() / 1000 - 42.5 } });
            return empty + floor.querySelector("[data-inbound]").textContent;
        }"""
    )

    assert "1 person rings in, waiting 0:42" in shown
    assert "NaN" not in shown


def test_nobody_who_rings_us_takes_no_room(page: Page, web: Web, make_floor):
    floor = make_floor(1)
    floor.keep(floor.picture([("ready", 5)], inbound={"waiting": 0, "since": None, "talking": 1}))

    open_floor(page, web, floor)

    expect(page.locator('[data-count="agents.ready"]')).to_have_text("1")
    expect(page.locator("[data-inbound]")).to_be_hidden()
