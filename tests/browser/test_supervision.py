"""A supervisor's menu on a floor that moves: usable by keyboard, nothing jumps, and whoever left is told nothing."""

import pytest
from playwright.sync_api import Locator, expect

from dialer.events import Event
from dialer.live import alive_key, events_stream
from telesales.extensions import redis_client
from tests.browser.floor_scene import FloorScene, scene

__all__ = ["scene"]
pytestmark = pytest.mark.browser


def card(scene: FloorScene, nth: int) -> Locator:
    return scene.page.locator(f'[data-agents] [data-id="{scene.agents[nth]}"]')


def dialog(scene: FloorScene) -> Locator:
    return scene.page.locator("[data-agent-dialog]")


def said(scene: FloorScene) -> list[tuple[str, int | None]]:
    found = redis_client().xrange(events_stream(scene.campaign_id))
    events = [Event.from_fields(fields) for _id, fields in found]
    return [(event.kind.value, event.agent_id) for event in events]


def test_an_agent_is_paused_with_the_keyboard_alone(scene: FloorScene):
    scene.open()
    button = card(scene, 0).get_by_role("button", name="Supervise Mei Lin")
    button.focus()

    scene.page.keyboard.press("Enter")
    expect(dialog(scene).get_by_role("heading", name="Mei Lin")).to_be_visible()
    expect(dialog(scene).get_by_label("A word to the agent")).to_be_focused()
    scene.page.keyboard.type("room 2")
    scene.page.keyboard.press("Tab")
    scene.page.keyboard.press("Tab")
    scene.page.keyboard.press("Enter")

    expect(scene.page.get_by_text("Mei Lin is paused.")).to_be_visible()
    expect(dialog(scene)).to_be_hidden()
    expect(button).to_be_focused()
    assert said(scene) == [("agent.paused", scene.agents[0])]


def test_the_dialog_stays_where_it_is_while_the_floor_moves_behind_it(scene: FloorScene):
    scene.open()
    card(scene, 0).get_by_role("button").click()
    note = dialog(scene).get_by_label("A word to the agent")
    note.fill("half a sente")
    place = dialog(scene).bounding_box()

    scene.push(scene.picture(agent_0="on_call", agent_1="wrap_up", agent_2="gone"))

    expect(dialog(scene).locator(".state")).to_have_text("On call 0:40", use_inner_text=True)
    expect(note).to_have_value("half a sente")
    expect(note).to_be_focused()
    assert dialog(scene).bounding_box() == place


def test_cards_do_not_move_when_one_has_a_menu_open(scene: FloorScene):
    scene.open()
    places = [card(scene, nth).bounding_box() for nth in range(3)]
    card(scene, 2).get_by_role("button").click()
    expect(dialog(scene)).to_be_visible()

    scene.page.keyboard.press("Escape")

    expect(dialog(scene)).to_be_hidden()
    expect(card(scene, 2).get_by_role("button")).to_be_focused()
    assert [card(scene, nth).bounding_box() for nth in range(3)] == places


def test_agent_who_leaves_while_the_dialog_is_open_can_be_told_nothing(scene: FloorScene):
    scene.open()
    card(scene, 0).get_by_role("button").click()

    scene.push(scene.picture(agent_0="gone"))

    expect(dialog(scene).get_by_text("Mei Lin is on no floor any more.")).to_be_visible()
    dialog(scene).get_by_role("button", name="Close").click()
    expect(dialog(scene)).to_be_hidden()


def test_what_cannot_be_ordered_is_said_in_the_dialog(scene: FloorScene):
    scene.open()
    card(scene, 0).get_by_role("button").click()
    dialog(scene).get_by_label("A word to the agent").fill("room 2")
    dialog(scene).locator("[name=campaign]").evaluate("field => { field.value = '999999'; }")

    dialog(scene).get_by_role("button", name="Pause").click()

    expect(dialog(scene).get_by_text("Mei Lin works on Spring now.")).to_be_visible()
    expect(dialog(scene).get_by_label("A word to the agent")).to_have_value("room 2")
    assert said(scene) == []


def test_an_agent_is_moved_to_another_campaign(scene: FloorScene):
    scene.open()
    card(scene, 0).get_by_role("button").click()

    dialog(scene).get_by_label("Another campaign").select_option("Autumn")
    dialog(scene).get_by_role("button", name="Move").click()

    expect(scene.page.get_by_text("Mei Lin changes the campaign.")).to_be_visible()
    assert said(scene) == [("agent.signed_off", scene.agents[0])]


def test_the_card_says_what_comes_after_the_call(scene: FloorScene):
    picture = scene.picture(agent_0="on_call")
    picture["agents"][0] |= {"leaves_after_call": True, "moves_to": None}
    scene.keep(picture)

    scene.open()

    expect(card(scene, 0).locator("[data-detail]")).to_contain_text("sign-off after this call")


@pytest.fixture
def talking(scene: FloorScene) -> FloorScene:
    """Mei Lin is on a call over the simulated network."""
    redis_client().set(alive_key("carrier", "simulated"), "1")
    scene.talk(0)
    scene.keep(scene.picture(agent_0="on_call"))
    return scene


def bar(scene: FloorScene) -> Locator:
    return scene.page.locator("[data-listening]")


def test_a_supervisor_listens_changes_the_mode_and_stops(talking: FloorScene):
    talking.open()
    places = [card(talking, nth).bounding_box() for nth in range(3)]
    listen = card(talking, 0).get_by_role("button", name="Listen to Mei Lin")

    listen.click()
    expect(bar(talking)).to_contain_text("You listen to Mei Lin: nobody hears you.")
    expect(bar(talking)).to_contain_text("There is no sound on the simulated network.")
    expect(listen).to_have_attribute("aria-pressed", "true")
    bar(talking).get_by_role("button", name="Whisper").click()
    expect(bar(talking)).to_contain_text("You whisper to Mei Lin")
    expect(bar(talking).get_by_role("button", name="Whisper")).to_be_focused()
    assert [card(talking, nth).bounding_box() for nth in range(3)] == places
    bar(talking).get_by_role("button", name="Stop").click()

    expect(bar(talking)).to_be_hidden()
    expect(listen).to_have_attribute("aria-pressed", "false")


def test_a_network_that_is_away_is_said_and_nobody_listens(talking: FloorScene):
    redis_client().delete(alive_key("carrier", "simulated"))
    talking.open()

    card(talking, 0).get_by_role("button", name="Listen to Mei Lin").click()

    expect(bar(talking).get_by_role("alert")).to_contain_text("The telephone network does not answer.")
    expect(card(talking, 0).get_by_role("button", name="Listen to Mei Lin")).to_have_attribute(
        "aria-pressed", "false"
    )


def test_whoever_cannot_reach_us_is_told_that_nothing_came_of_it(talking: FloorScene):
    talking.page.route("**/listening", lambda route: route.abort())
    talking.page.route("**/people", lambda route: route.abort())
    talking.open()

    card(talking, 0).get_by_role("button", name="Listen to").click()

    expect(talking.page.locator("[data-told]")).to_have_text("This did not work. Try again in a moment.")
    expect(bar(talking)).to_be_hidden()


def test_the_bar_covers_nothing_that_cannot_be_scrolled_above_it(talking: FloorScene):
    talking.open()
    card(talking, 0).get_by_role("button", name="Listen to Mei Lin").click()
    expect(bar(talking)).to_contain_text("You listen to Mei Lin")

    talking.page.evaluate("window.scrollTo(0, document.documentElement.scrollHeight)")

    last = talking.page.locator(".decisions-card").bounding_box()
    assert last["y"] + last["height"] <= talking.page.locator(".listening-bar").bounding_box()["y"]


def test_only_agents_on_a_call_can_be_listened_to(talking: FloorScene):
    talking.open()

    expect(card(talking, 0).get_by_role("button", name="Listen to Mei Lin")).to_be_visible()
    expect(card(talking, 1).locator("[data-listen-card]")).to_be_hidden()


def test_without_a_microphone_nobody_listens_and_the_page_says_why(talking: FloorScene):
    talking.use_carrier("asterisk")
    talking.open()

    card(talking, 0).get_by_role("button", name="Listen to Mei Lin").click()

    expect(talking.page.get_by_text("No microphone: allow it beside the address")).to_be_visible()
    expect(bar(talking)).to_be_hidden()


def test_leaving_the_page_ends_the_listening(talking: FloorScene):
    talking.open()
    card(talking, 0).get_by_role("button", name="Listen to Mei Lin").click()
    expect(bar(talking)).to_contain_text("You listen to Mei Lin")

    talking.page.goto(f"{talking.web.url}/campaigns")
    talking.open()

    expect(card(talking, 0)).to_be_visible()
    expect(bar(talking)).to_be_hidden()
