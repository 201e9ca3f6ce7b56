"""The desk in a real browser: keys, push, two windows, a reload, a cut network."""

import dataclasses
import time
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import APIResponse, Browser, BrowserContext, Page, Route, expect
from sqlalchemy import select

from telesales.agents import sessions
from telesales.calls.models import CallDisposition, Sale, ScriptAnswer
from telesales.calls.queries import answers_of
from telesales.extensions import db, redis_client, transaction
from telesales.push.publish import publish
from telesales.tenancy.scope import every_client
from tests.factories_calls import make_on_floor
from tests.factories_desk import DeskScene, make_desk_call
from tests.push_client import run_push

pytestmark = pytest.mark.browser


@pytest.fixture(scope="session")
def push_port(redis_url: str) -> Iterator[int]:
    with run_push(redis_url) as push:
        yield push.port


@pytest.fixture
def desk(app: Flask, web, push_port: int) -> Iterator[str]:
    """Address of a desk whose pages hear the push process."""
    usual = app.config["TELESALES"]
    app.config["TELESALES"] = dataclasses.replace(usual, push_url=f"http://127.0.0.1:{push_port}")
    yield f"{web.url}/desk"
    app.config["TELESALES"] = usual


@pytest.fixture
def scene(app: Flask) -> DeskScene:
    with transaction():
        return make_desk_call()


def sign_in(context: BrowserContext, app: Flask, desk: str, scene: DeskScene) -> Page:
    with transaction():
        token = sessions.issue_session(scene.agent_id)[1]
    browser = app.test_client()
    with browser.session_transaction() as cookie:
        cookie[sessions.COOKIE_KEY] = token
    value = browser.get_cookie("telesales").value
    context.add_cookies([{"name": "telesales", "value": value, "url": desk}])
    return context.new_page()


@pytest.fixture
def page(browser: Browser, app: Flask, desk: str, scene: DeskScene) -> Iterator[Page]:
    """The agent's browser; an error in its scripts fails the test."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = sign_in(context, app, desk, scene)
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    yield page
    context.close()
    assert wrong == []


def become(scene: DeskScene, state: str, *, in_call: bool, event: str = "state") -> None:
    """Let the floor say that the agent is in another state."""
    with transaction(), every_client():
        make_on_floor(scene.agent, scene.campaign, state, scene.attempt if in_call else None)
    attempt_id = scene.attempt_id if in_call else None
    publish(f"desk:{scene.agent_id}", event, {"state": state, "attempt_id": attempt_id})


def heard(page: Page) -> None:
    """Wait until the page listens: only then something can be pushed to it."""
    page.wait_for_function(
        "() => performance.getEntriesByType('resource').some(e => e.name.includes('/desk/here'))"
    )


def saved(model: type) -> list:
    with transaction(), every_client():
        rows = list(db.session.scalars(select(model)))
        db.session.expunge_all()
        return rows


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


@pytest.fixture
def other(page: Page, browser: Browser, app: Flask, desk: str, scene: DeskScene) -> Iterator[Page]:
    """A second window of the same agent; both are open and listen."""
    page.goto(desk)
    heard(page)
    context = browser.new_context()
    other = sign_in(context, app, desk, scene)
    other.goto(desk)
    heard(other)
    yield other
    context.close()


def test_two_windows_follow_each_other_and_say_so(page: Page, other: Page) -> None:
    expect(page.get_by_text("also open in another window")).to_be_visible()

    other.keyboard.press("1")
    expect(page.get_by_text("This call is recorded.")).to_be_visible()
    page.keyboard.press("1")
    expect(other.get_by_role("heading", name="Offer")).to_be_visible()
    other.get_by_label("People").fill("7")
    other.get_by_label("People").press("Tab")

    expect(page.get_by_label("People")).to_have_value("7")


def test_a_late_answer_never_takes_the_script_back(page: Page, other: Page) -> None:
    late: list[tuple[Route, APIResponse]] = []
    other.route("**/answer", lambda route: late.append((route, route.fetch())))
    with other.expect_request("**/answer"):
        other.keyboard.press("1")
    expect(page.get_by_text("This call is recorded.")).to_be_visible()
    page.keyboard.press("1")
    expect(other.get_by_role("heading", name="Offer")).to_be_visible()

    [(route, answer)] = late
    with other.expect_response("**/answer"):
        route.fulfill(response=answer)

    expect(other.get_by_role("heading", name="Offer")).to_be_visible()
    other.evaluate("() => new Promise(done => setTimeout(done))")
    assert other.get_by_role("heading", name="Offer").is_visible()


def test_what_is_typed_without_a_network_is_kept_and_sent_when_it_is_back(
    page: Page, desk: str, scene: DeskScene
) -> None:
    page.goto(desk)
    page.keyboard.press("1")
    expect(page.get_by_text("This call is recorded.")).to_be_visible()
    page.keyboard.press("1")
    expect(page.get_by_role("heading", name="Offer")).to_be_visible()
    page.context.set_offline(True)
    page.get_by_label("People").fill("5")
    page.get_by_label("People").press("Tab")
    expect(page.get_by_text("kept here, not sent yet")).to_be_visible()

    page.context.set_offline(False)

    expect(page.get_by_text("saved", exact=True)).to_be_visible()
    with transaction(), every_client():
        assert answers_of(scene.attempt_id) == {"people": "5"}
    assert len(saved(ScriptAnswer)) == 1


def test_what_happened_before_the_desk_listened_is_shown(page: Page, desk: str, scene: DeskScene) -> None:
    become(scene, "paused", in_call=False)
    held: list[Route] = []
    page.route("**/events?*", lambda route: held.append(route))
    with page.expect_request("**/events?*"):
        page.goto(desk)
    expect(page.get_by_text("Press R when you are ready for calls.")).to_be_visible()

    become(scene, "ready", in_call=False)
    for route in held:
        route.continue_()

    expect(page.get_by_text("Waiting for a call")).to_be_visible()


def test_a_failed_save_of_the_outcome_loses_nothing(page: Page, desk: str) -> None:
    page.goto(desk)
    page.keyboard.press("n")
    page.get_by_label("Note", exact=True).fill("has fibre already")

    def cut(route: Route) -> None:
        route.abort()

    page.route("**/finish", cut)
    page.get_by_label("Note", exact=True).press("Enter")
    expect(page.get_by_text("Nothing was lost")).to_be_visible()
    expect(page.get_by_label("Note", exact=True)).to_have_value("has fibre already")
    page.unroute("**/finish")
    page.get_by_label("Note", exact=True).press("Enter")

    expect(page.locator(".desk-outcome-saved")).to_contain_text("has fibre already")
    assert len(saved(CallDisposition)) == 1


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
