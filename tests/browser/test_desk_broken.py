"""The desk when something comes between: another window, a late answer, a cut network, a server that fails."""

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import APIResponse, Browser, Page, Route, expect

from telesales.calls.models import CallDisposition, ScriptAnswer
from telesales.calls.queries import answers_of
from telesales.extensions import transaction
from telesales.tenancy.scope import every_client
from tests.browser.desk_page import become, desk, heard, page, push_port, saved, scene, sign_in
from tests.factories_desk import DeskScene

__all__ = ["desk", "page", "push_port", "scene"]
pytestmark = pytest.mark.browser

NOTHING_COMES_THROUGH = (
    "() => fetch('/static/img/logo.svg', { cache: 'no-store' }).then(() => false, () => true)"
)


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
    other.reload()  # a page that is shown when its routes come may send one more request past them
    heard(other)
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
    page.wait_for_function(NOTHING_COMES_THROUGH)
    page.get_by_label("People").fill("5")
    page.get_by_label("People").press("Tab")
    expect(page.get_by_text("kept here, not sent yet")).to_be_visible()

    page.context.set_offline(False)

    expect(page.get_by_text("saved", exact=True)).to_be_visible()
    with transaction(), every_client():
        assert answers_of(scene.attempt_id) == {"people": "5"}
    assert len(saved(ScriptAnswer)) == 1


def test_a_field_that_the_server_failed_to_save_is_sent_again_by_itself(
    page: Page, desk: str, scene: DeskScene
) -> None:
    fates = iter((lambda route: route.fulfill(status=503), Route.abort, Route.continue_))
    page.route("**/field", lambda route: next(fates)(route))
    page.goto(desk)
    page.keyboard.press("1")
    expect(page.get_by_text("This call is recorded.")).to_be_visible()
    page.keyboard.press("1")
    page.get_by_label("People").fill("5")
    page.get_by_label("People").press("Tab")

    expect(page.get_by_text("saved", exact=True)).to_be_visible()
    with transaction(), every_client():
        assert answers_of(scene.attempt_id) == {"people": "5"}


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
    fates = iter((Route.abort, Route.continue_))
    page.route("**/finish", lambda route: next(fates)(route))
    page.goto(desk)
    page.keyboard.press("n")
    page.get_by_label("Note", exact=True).fill("has fibre already")
    page.get_by_label("Note", exact=True).press("Enter")
    expect(page.get_by_text("Nothing was lost")).to_be_visible()
    expect(page.get_by_label("Note", exact=True)).to_have_value("has fibre already")
    page.get_by_label("Note", exact=True).press("Enter")

    expect(page.locator(".desk-outcome-saved")).to_contain_text("has fibre already")
    assert len(saved(CallDisposition)) == 1
