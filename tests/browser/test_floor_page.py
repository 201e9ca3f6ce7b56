"""The floor page in a browser: what the engine pushes is shown, and nothing jumps about."""

import dataclasses
import json
from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from dialer.live import SNAPSHOT_ENTRY, floor_key
from telesales import clock
from telesales.access.roles import Role
from telesales.agents import sessions
from telesales.campaigns.hours import OFFICE_HOURS
from telesales.campaigns.models import Campaign
from telesales.campaigns.states import CampaignState
from telesales.extensions import db, transaction
from telesales.push.publish import publish
from telesales.push.topics import floor as floor_topic
from telesales.push.topics import standings as standings_topic
from telesales.tenancy.scope import every_client
from tests.browser.conftest import Web
from tests.factories import make_campaign, make_decision, make_user
from tests.push_client import run_push

pytestmark = pytest.mark.browser
ESTIMATES = {
    "agents": 60, "idle": 2, "ringing": 7, "waiting": 0, "free_lines": 40, "answer_rate": 0.28,
    "horizon_seconds": 9, "expected_free": 2.1, "expected_answers": 1.6, "risk": 0.021, "next_risk": 0.034,
    "threshold": 0.027, "day_rate": 0.012,
}  # fmt: skip
DECISION = {"calls": 1, "reason": "lines", "placed": 1, "estimates": {**ESTIMATES, "agents": 61}}
CALLS = {
    "reserved": 1,
    "originating": 1,
    "ringing": 7,
    "answered": 0,
    "connected": 30,
    "message": 0,
    "ending": 1,
}


@dataclasses.dataclass
class Floor:
    """A campaign with agents, and a way to say what the engine would."""

    campaign_id: int
    agents: list[int]
    redis: object

    def picture(self, states: list[tuple[str, float]], **more) -> dict:
        now = clock.now().timestamp()
        agents = [
            {
                "id": user_id, "state": state, "since": now - seconds, "step": None, "pause_reason": "",
                "pause_after_call": False, "attempt_id": None,
            }
            for user_id, (state, seconds) in zip(self.agents, states, strict=False)
        ]  # fmt: skip
        decision = {"at": now, "calls": 3, "reason": "no_more_risk", "placed": 3, "estimates": ESTIMATES}
        tally = {
            "answered": 812,
            "abandoned": 14,
            "rate": 0.01724,
            "limit": 0.03,
            "pack": "us",
            "window": {"kind": "successive_days", "length": 30, "since": 0, "zone": "UTC"},
        }
        usual = {"agents": agents, "calls": CALLS, "abandonment": tally, "decision": decision, "as_of": now}
        return usual | more

    def keep(self, picture: dict) -> None:
        self.redis.hset(floor_key(self.campaign_id), SNAPSHOT_ENTRY, json.dumps(picture))

    def push(self, picture: dict) -> None:
        publish(floor_topic(self.campaign_id), "floor", picture)


@pytest.fixture
def make_floor(app: Flask, redis_server):
    def make(agents: int) -> Floor:
        with transaction():
            users = [make_user(name=f"Agent {nth}") for nth in range(agents)]
            campaign = make_campaign(
                agents=users, name="Spring", calling_hours=OFFICE_HOURS, state=CampaignState.RUNNING
            )
            return Floor(campaign.id, [user.id for user in users], redis_server)

    return make


def sign_in(page: Page, web: Web, locale: str = "") -> None:
    with transaction():
        token = sessions.issue_session(make_user(role=Role.SUPERVISOR, locale=locale).id)[1]
    cookie = web.app.session_interface.get_signing_serializer(web.app).dumps({sessions.COOKIE_KEY: token})
    name = web.app.config["SESSION_COOKIE_NAME"]
    page.context.add_cookies([{"name": name, "value": cookie, "url": web.url}])


def open_floor(page: Page, web: Web, floor: Floor) -> None:
    sign_in(page, web)
    page.goto(f"{web.url}/floor/{floor.campaign_id}")


def test_the_first_paint_shows_numbers_people_and_the_decision_in_a_sentence(
    page: Page, web: Web, make_floor
):
    floor = make_floor(3)
    floor.keep(floor.picture([("on_call", 70), ("ready", 5), ("wrap_up", 200)]))

    open_floor(page, web, floor)

    expect(page.locator('[data-count="calls.ringing"]')).to_have_text("7")
    expect(page.locator('[data-count="agents.ready"]')).to_have_text("1")
    expect(page.locator('[data-abandonment="rate"]')).to_have_text("1.72%")
    expect(page.locator('[data-abandonment="evidence"]')).to_have_text("14 of 812, 30 days")
    expect(page.locator("[data-decision]")).to_have_text(
        "Placed 3: 2.1 agents free within 9 s, 1.6 people expected to answer, risk 2.1%, allowed 2.7%; "
        "one call more would make it 3.4%."
    )


@pytest.mark.parametrize(
    ("law", "window", "says", "kind"),
    [
        ("us", {"kind": "successive_days", "length": 30}, "14 of 812, 30 days", "good"),
        ("uk", {"kind": "rolling_hours", "length": 24}, "14 of 812, 24 hours", "plain"),
        ("ca", {"kind": "calendar_month", "length": 1}, "14 of 812, November", "good"),
    ],
)
def test_the_window_of_the_rules_is_named(page: Page, web: Web, make_floor, law, window, says, kind):
    floor = make_floor(1)
    picture = floor.picture([("ready", 5)])
    first_of_november = 1_793_505_600  # midnight in Toronto is four in the morning of Greenwich
    picture["abandonment"] |= {
        "pack": law,
        "window": {**window, "since": first_of_november, "zone": "America/Toronto"},
    }
    floor.keep(picture)

    open_floor(page, web, floor)

    expect(page.locator('[data-abandonment="evidence"]')).to_have_text(says)
    expect(page.locator('[data-abandonment="bar"]')).to_have_attribute("data-kind", kind)


def test_who_needs_attention_comes_first(page: Page, web: Web, make_floor):
    floor = make_floor(4)
    floor.keep(floor.picture([("on_call", 70), ("ready", 5), ("wrap_up", 200), ("paused", 3000)]))

    open_floor(page, web, floor)

    names = page.locator(".agent-card [data-name]").all_inner_texts()
    assert names == ["Agent 2", "Agent 3", "Agent 1", "Agent 0"]
    expect(page.locator(".agent-card.is-urgent")).to_have_count(2)


def test_what_is_pushed_changes_cards_in_their_places(
    page: Page, web: Web, app: Flask, redis_url: str, make_floor, monkeypatch
):
    floor = make_floor(2)
    floor.keep(floor.picture([("ready", 50), ("ready", 5)]))
    with run_push(redis_url) as push:
        address = dataclasses.replace(app.config["TELESALES"], push_url=f"http://127.0.0.1:{push.port}")
        monkeypatch.setitem(app.config, "TELESALES", address)
        with page.expect_event("request", lambda request: "/events?" in request.url):
            open_floor(page, web, floor)
        place = page.locator(f'[data-id="{floor.agents[0]}"]').bounding_box()

        floor.push(floor.picture([("on_call", 1), ("wrap_up", 90)], decision={}))

        expect(page.locator(f'[data-id="{floor.agents[0]}"] [data-state-word]')).to_have_text("On call")
        expect(page.locator('[data-count="agents.on_call"]')).to_have_text("1")
        assert page.locator(f'[data-id="{floor.agents[0]}"]').bounding_box() == place


def keep_decisions(floor: Floor, *reasons: str) -> None:
    """One every half minute, the last one just now."""
    with transaction(), every_client():
        campaign = db.session.get_one(Campaign, floor.campaign_id)
        for nth, reason in enumerate(reversed(reasons)):
            make_decision(campaign, reason=reason, at=clock.now() - timedelta(seconds=30 * nth))


def test_decisions_before_are_listed_newest_first(page: Page, web: Web, make_floor):
    floor = make_floor(1)
    keep_decisions(floor, "warming_up", "no_more_risk", "lines")

    open_floor(page, web, floor)

    rows = page.locator("[data-decisions-list] li .decision-why").all_inner_texts()
    page.locator("[data-decisions-list] a").first.click()
    expect(page.get_by_role("heading", name="Calls that it placed")).to_be_visible()
    assert rows == [
        "all lines in use",
        "one more: risk 3.4%, allowed 2.7%",
        "learning: one call for each ready agent",
    ]


@pytest.mark.parametrize("locale", ["en", "zh"])
def test_the_floor_and_the_opened_decision_say_the_same(page: Page, web: Web, make_floor, locale):
    halves = {
        "risk": 0.0225,
        "next_risk": 0.0365,
        "threshold": 0.0245,
        "expected_answers": 1.25,
        "horizon_seconds": 8.5,
    }
    known = {**ESTIMATES, **halves, "wanted": 5, "inbound_waiting": 0, "inbound_an_hour": 4.5}
    floor = make_floor(1)
    at = clock.now().replace(microsecond=0)
    with transaction(), every_client():
        campaign = db.session.get_one(Campaign, floor.campaign_id)
        make_decision(campaign, at=at, estimates=known)
    decision = {"at": at.timestamp(), "calls": 3, "reason": "no_more_risk", "placed": 3, "estimates": known}
    floor.keep(floor.picture([("ready", 5)], decision=decision))
    sign_in(page, web, locale=locale)

    page.goto(f"{web.url}/floor/{floor.campaign_id}")
    expect(page.locator("[data-decision]")).to_contain_text("3.6%")
    sentence = page.locator("[data-decision]").inner_text()
    row = page.locator("[data-decisions-list] a")
    moment = row.inner_text()
    row.click()

    expect(page.locator(".decision-sentence")).to_have_text(sentence)
    expect(page.get_by_role("heading", level=1)).to_contain_text(moment)
    assert ("2.2%" in sentence, ". " in sentence, "。 " in sentence) == (True, locale == "en", False)


def test_who_was_signed_out_is_not_shown_the_way_in_within_a_box(
    page: Page, web: Web, app: Flask, redis_url: str, make_floor, monkeypatch
):
    floor = make_floor(1)
    with run_push(redis_url) as push:
        address = dataclasses.replace(app.config["TELESALES"], push_url=f"http://127.0.0.1:{push.port}")
        monkeypatch.setitem(app.config, "TELESALES", address)
        with page.expect_event("request", lambda request: "/events?" in request.url):
            open_floor(page, web, floor)
        expect(page.locator("[data-results]")).to_contain_text("Sales today")
        page.context.clear_cookies()

        with page.expect_response(lambda answer: "/sign-in" in answer.url):
            publish(standings_topic(None), "changed", {})
        page.evaluate(
            "fetch('/sign-in').then((answer) => answer.text())"
        )  # as long as reading that one takes

        expect(page.locator("[data-results]")).to_contain_text("Sales today")
        expect(page.locator("[data-results] form")).to_have_count(0)


def test_the_charts_go_on_with_what_is_pushed(
    page: Page, web: Web, app: Flask, redis_url: str, make_floor, monkeypatch
):
    floor = make_floor(1)
    keep_decisions(floor, "lines", "lines", "lines")
    with run_push(redis_url) as push:
        address = dataclasses.replace(app.config["TELESALES"], push_url=f"http://127.0.0.1:{push.port}")
        monkeypatch.setitem(app.config, "TELESALES", address)
        with page.expect_event("request", lambda request: "/events?" in request.url):
            open_floor(page, web, floor)
        agents, line = page.locator('[data-latest="agents"]'), page.locator('[data-line="agents"]')
        expect(agents).to_have_text("60")
        drawn = line.get_attribute("d")

        floor.push(floor.picture([], decision={**DECISION, "at": clock.now().timestamp() + 5}))

        expect(agents).to_have_text("61")
        assert (drawn.count("L"), line.get_attribute("d").count("L")) == (2, 3)


def test_the_charts_say_what_came_when_it_is_known(page: Page, web: Web, app: Flask, make_floor):
    floor = make_floor(1)
    keep_decisions(floor, "no_more_risk", "no_more_risk", "no_more_risk")

    open_floor(page, web, floor)

    expect(page.locator('[data-latest="predicted"]')).to_have_text("1.6")
    expect(page.locator('[data-latest="actual"]')).to_have_text("0")
    expect(page.locator('[data-latest="risk"]')).to_have_text("2.1%")
    expect(page.locator('[data-latest="window"]')).to_have_text("31.5")


def test_around_a_moment_the_charts_stand_still(page: Page, web: Web, make_floor):
    floor = make_floor(1)
    keep_decisions(floor, "lines", "lines")
    sign_in(page, web)

    page.goto(f"{web.url}/floor/{floor.campaign_id}/decisions")

    expect(page.locator('[data-latest="agents"]')).to_have_text("60")
    page.locator("summary", has_text="The charts as a table").click()
    expect(page.get_by_role("table", name="The charts as a table")).to_be_visible()
    page.get_by_role("table", name="Decisions").get_by_role("link").first.click()
    expect(page.get_by_role("heading", name="What it expected")).to_be_visible()


def test_sixty_agents_fit_on_a_television_and_three_hundred_scroll(page: Page, web: Web, make_floor):
    page.set_viewport_size({"width": 1920, "height": 1080})
    for agents in (60, 300):
        floor = make_floor(agents)
        floor.keep(floor.picture([("on_call", nth) for nth in range(agents)]))
        open_floor(page, web, floor)
        expect(page.locator(".agent-card")).to_have_count(agents)
        assert page.evaluate("document.documentElement.scrollWidth") == 1920
        bottom = page.locator(".agent-card").last.bounding_box()
        assert (bottom["y"] + bottom["height"] < 1080) == (agents == 60)


def test_an_empty_floor_says_what_to_do(page: Page, web: Web, make_floor):
    open_floor(page, web, make_floor(2))

    expect(page.get_by_text("Nobody is signed on")).to_be_visible()
    expect(page.get_by_text("2 agents may work here.")).to_be_visible()


def test_a_silent_dialer_is_noticed(page: Page, web: Web, make_floor):
    floor = make_floor(1)
    floor.keep(floor.picture([("ready", 5)], as_of=clock.now().timestamp() - 60))

    open_floor(page, web, floor)

    expect(page.get_by_text("The dialer has not been heard of for a while.")).to_be_visible()
