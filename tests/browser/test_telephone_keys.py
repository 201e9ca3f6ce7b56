"""What an agent does with the telephone during a call, in a real browser with the simulated carrier behind it."""

import dataclasses
import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from dialer import live
from dialer.events import CallCause, EventKind
from dialer.ports import Talk
from telesales.extensions import redis_client, transaction
from telesales.push.publish import publish
from telesales.push.topics import desk as desk_topic
from tests.browser.desk_page import desk, heard, push_port, sign_in  # noqa: F401 - fixtures
from tests.browser.telephone_calls import bridged, command, wait_for_event
from tests.dialer.carrier_harness import SimulatedHarness
from tests.factories_desk import DeskScene, make_desk_call

pytestmark = pytest.mark.browser
COLLEAGUE = "+12125550177"


@pytest.fixture
def scene(app: Flask) -> DeskScene:
    with transaction():
        return make_desk_call()


@pytest.fixture
def carrier(redis_url: str, scene: DeskScene) -> Iterator[SimulatedHarness]:
    with bridged(redis_url, scene) as harness:
        yield harness


@pytest.fixture
def page(browser: Browser, app: Flask, desk: str, scene: DeskScene, carrier) -> Iterator[Page]:  # noqa: F811
    """The desk of an agent in a call."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = sign_in(context, app, desk, scene)
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.goto(desk)
    heard(page)
    expect(key(page, "Hold")).to_be_visible()
    yield page
    context.close()
    assert wrong == []


def key(page: Page, name: str):
    return page.locator("[data-phone-keys]").get_by_role("button", name=re.compile(f"^{name}"))


def words(page: Page):
    return page.locator("[data-phone-words]")


def panel(page: Page, name: str):
    return page.locator(f"[data-phone-{name}]")


def test_hold_and_take_back_from_the_keyboard(page: Page, carrier: SimulatedHarness) -> None:
    page.keyboard.press("h")
    expect(words(page)).to_have_text("The callee hears music.")
    expect(key(page, "Hold")).to_have_attribute("aria-pressed", "true")

    page.keyboard.press("h")
    expect(words(page)).to_be_empty()
    expect(key(page, "Hold")).to_have_attribute("aria-pressed", "false")


def test_a_reload_comes_back_to_what_the_telephone_does(page: Page) -> None:
    page.keyboard.press("h")
    expect(words(page)).to_have_text("The callee hears music.")

    page.reload()

    expect(words(page)).to_have_text("The callee hears music.")
    expect(key(page, "Hold")).to_have_attribute("aria-pressed", "true")


def test_typed_digits_go_to_the_callee_and_not_to_the_script(page: Page, carrier: SimulatedHarness) -> None:
    page.keyboard.press("0")
    expect(page.get_by_role("group", name="Keypad")).to_be_visible()
    page.keyboard.type("12#")
    page.get_by_role("button", name="9", exact=True).click()

    expect(page.locator("[data-phone-digits]")).to_have_text("12#9")
    expect(page.get_by_text("Hello Ann Lee")).to_be_visible()
    page.wait_for_function(
        "() => performance.getEntriesByType('resource').filter(e => e.name.endsWith('/digits')).length === 4"
    )
    page.keyboard.press("Escape")
    expect(page.get_by_role("group", name="Keypad")).to_be_hidden()
    page.keyboard.press("1")
    expect(page.get_by_text("This call is recorded.")).to_be_visible()


def test_a_bad_number_is_said_at_its_field_and_not_lost(page: Page) -> None:
    page.keyboard.press("f")
    page.keyboard.type("+1 900 234 5678")
    page.get_by_role("button", name="Hand over at once").click()

    expect(page.get_by_text("Numbers of this kind cost extra and are not called.")).to_be_visible()
    field = page.get_by_label("To which number?")
    expect(field).to_have_value("+1 900 234 5678")
    expect(field).to_have_attribute("aria-invalid", "")
    expect(field).to_be_focused()


def test_a_colleague_is_asked_joined_and_let_go(page: Page) -> None:
    page.keyboard.press("f")
    page.keyboard.type("212 555 0177")
    page.keyboard.press("Enter")
    expect(words(page)).to_have_text(f"You speak with {COLLEAGUE}. The callee hears music.")
    expect(key(page, "Hold")).to_be_hidden()

    page.keyboard.press("g")
    expect(words(page)).to_have_text(f"You, the callee and {COLLEAGUE} hear each other.")
    expect(key(page, "Three-way")).to_be_hidden()

    page.keyboard.press("a")
    expect(words(page)).to_be_empty()
    expect(key(page, "Hold")).to_be_visible()


def test_a_warm_transfer_ends_the_agents_part(
    page: Page, carrier: SimulatedHarness, scene: DeskScene
) -> None:
    page.keyboard.press("f")
    page.keyboard.type("212 555 0177")
    page.keyboard.press("Enter")
    expect(words(page)).to_contain_text("You speak with")

    page.keyboard.press("e")

    ended = wait_for_event(carrier.redis, scene, EventKind.CALL_ENDED)
    assert ended.data["cause"] == CallCause.TRANSFERRED
    expect(page.locator("[data-phone-keys]")).to_be_hidden()


def test_a_blind_transfer_ends_the_agents_part(
    page: Page, carrier: SimulatedHarness, scene: DeskScene
) -> None:
    page.keyboard.press("f")
    page.keyboard.type("212 555 0177")
    page.get_by_role("button", name="Hand over at once").click()

    assert wait_for_event(carrier.redis, scene, EventKind.CALL_ENDED).data["cause"] == "transferred"
    expect(page.locator("[data-phone-keys]")).to_be_hidden()


def test_a_call_that_ends_closes_its_panels(page: Page, carrier: SimulatedHarness, scene: DeskScene) -> None:
    page.keyboard.press("f")
    expect(page.get_by_label("To which number?")).to_be_visible()

    command(carrier.redis, scene, "hang_up")

    expect(page.get_by_label("To which number?")).to_be_hidden()
    expect(page.locator("[data-phone-keys]")).to_be_hidden()


def test_a_carrier_that_is_away_is_said(page: Page, carrier: SimulatedHarness) -> None:
    carrier.kill()
    carrier.redis.delete(live.alive_key("carrier", "simulated"))

    page.keyboard.press("h")

    expect(words(page)).to_have_text("The telephone does not answer. Nothing was done; try again.")


@pytest.mark.parametrize(
    ("why", "sentence"),
    [
        (
            "trunk_full",
            "Every line to the telephone network is taken. Nobody was called; try again in a moment.",
        ),
        ("too_late", "This took too long. Nobody was called; try again."),
    ],
)
def test_an_agent_reads_why_nobody_was_called(
    page: Page, carrier: SimulatedHarness, scene: DeskScene, why: str, sentence: str
) -> None:
    talk = Talk(scene.attempt_id, scene.campaign_id, scene.agent_id)
    news = {**dataclasses.asdict(talk), "what": "refused", "command": "consult", "why": why}
    publish(desk_topic(scene.agent_id), "talk", news)

    expect(words(page)).to_have_text(sentence)
    expect(key(page, "Hold")).to_be_visible()


def test_nothing_moves_when_keys_come_and_go(page: Page, carrier: SimulatedHarness, scene: DeskScene) -> None:
    place = "() => document.querySelector('[data-screen]').getBoundingClientRect().top"
    before = page.evaluate(place)
    page.keyboard.press("f")
    page.keyboard.type("212 555 0177")
    page.keyboard.press("Enter")
    expect(words(page)).to_contain_text("You speak with")
    during = page.evaluate(place)
    command(carrier.redis, scene, "hang_up")
    expect(page.locator("[data-phone-keys]")).to_be_hidden()

    assert before == during == page.evaluate(place)


def test_no_key_of_the_desk_stands_for_two_things(page: Page) -> None:
    keys = page.eval_on_selector_all(
        "[data-shortcut]",
        "all => all.filter(e => e.getClientRects().length).map(e => e.dataset.shortcut.toLowerCase())",
    )

    assert len(keys) == len(set(keys))


def test_what_a_simulated_call_cannot_do_is_not_offered(page: Page) -> None:
    for part in ("mute", "check", "state", "audio", "dialog"):
        expect(page.locator(f"[data-phone-{part}]")).to_have_count(0)
    expect(page.get_by_text("Practice telephone: nothing is heard")).to_be_visible()


def test_an_agent_who_works_elsewhere_gets_the_page_of_there(
    page: Page, app: Flask, scene: DeskScene
) -> None:
    page.evaluate("() => { window.old = true; }")
    with transaction():
        other_id = make_desk_call(carrier="asterisk").campaign_id
    redis_client().hset(live.ON_FLOOR_KEY, str(scene.agent_id), other_id)
    publish(f"desk:{scene.agent_id}", "state", {"state": "paused", "attempt_id": None})

    page.wait_for_function("() => !window.old")


@pytest.mark.parametrize("open_panel", ["keypad", "transfer"])
def test_axe_finds_nothing_on_the_telephone(page: Page, open_panel: str) -> None:
    panel(page, open_panel).locator("summary").click()

    found = Axe().run(page, context="[data-phone]").response["violations"]

    assert [(entry["id"], entry["nodes"][0]["html"]) for entry in found] == []
