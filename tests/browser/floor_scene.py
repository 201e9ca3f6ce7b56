"""A floor page in a browser, and the voice of the engine behind it."""

import dataclasses
import json

import pytest
from flask import Flask
from playwright.sync_api import Page

from dialer.live import SNAPSHOT_ENTRY, floor_key
from telesales import clock
from telesales.access.roles import Role
from telesales.agents import sessions
from telesales.agents.models import User
from telesales.campaigns.queries import get_campaign
from telesales.extensions import db, redis_client, transaction
from telesales.push.publish import publish
from telesales.push.topics import floor as floor_topic
from telesales.tenancy.scope import every_client
from tests.browser.conftest import Web
from tests.factories import make_attempt, make_calling_agent, make_calling_campaign, make_on_floor, make_user
from tests.push_client import run_push

CALLS = dict.fromkeys(("reserved", "originating", "ringing", "answered", "connected", "message", "ending"), 0)
TALLY = {
    "answered": 812,
    "abandoned": 14,
    "rate": 0.01724,
    "limit": 0.03,
    "pack": "us",
    "window": {"kind": "successive_days", "length": 30, "since": 0, "zone": "UTC"},
}


def shown(states: dict[int, str]) -> dict:
    """A floor as the engine shows it: agents by their state."""
    now = clock.now().timestamp()
    views = [
        {
            "id": user_id, "state": state, "since": now - 40 - nth, "step": None, "pause_reason": "",
            "pause_after_call": False, "attempt_id": None,
        }
        for nth, (user_id, state) in enumerate(states.items())
        if state != "gone"
    ]  # fmt: skip
    return {"agents": views, "calls": CALLS, "abandonment": TALLY, "decision": {}, "as_of": now}


def picture_of(states: dict[int, str]) -> str:
    """The same as it is stored."""
    return json.dumps(shown(states))


@dataclasses.dataclass
class FloorScene:
    """A campaign with agents who are on its floor, and a supervisor before the page."""

    app: Flask
    page: Page
    web: Web
    campaign_id: int
    agents: list[int]

    def picture(self, **states: str) -> dict:
        """Everybody by name of the state; `gone` is not on the floor."""
        wanted = {user_id: states.get(f"agent_{nth}", "ready") for nth, user_id in enumerate(self.agents)}
        return shown(wanted)

    def keep(self, picture: dict) -> None:
        redis_client().hset(floor_key(self.campaign_id), SNAPSHOT_ENTRY, json.dumps(picture))

    def push(self, picture: dict) -> None:
        publish(floor_topic(self.campaign_id), "floor", picture)

    def stand(self, nth: int, state: str, **entry) -> None:
        """What the engine has written about an agent."""
        with transaction(), every_client():
            agent = db.session.get(User, self.agents[nth])
            make_on_floor(agent, get_campaign(self.campaign_id), state, **entry)

    def use_carrier(self, name: str) -> None:
        """Ring over another network."""
        with every_client(), transaction():
            get_campaign(self.campaign_id).carrier = name

    def talk(self, nth: int) -> None:
        """An agent is connected with somebody."""
        with transaction(), every_client():
            agent, campaign = db.session.get(User, self.agents[nth]), get_campaign(self.campaign_id)
            make_on_floor(agent, campaign, "on_call", make_attempt(agent, campaign=campaign))

    def open(self) -> None:
        """The page of a supervisor, listening."""
        with self.page.expect_event("request", lambda request: "/events?" in request.url):
            self.page.goto(f"{self.web.url}/floor/{self.campaign_id}")


@pytest.fixture
def scene(page: Page, web: Web, app: Flask, redis_url: str, monkeypatch):
    """Three agents who are ready, on a page that hears what is pushed."""
    with transaction(), every_client():
        first = make_calling_agent(name="Mei Lin")
        campaign = make_calling_campaign(first, name="Spring")
        make_calling_campaign(first, name="Autumn")
        others = [make_calling_agent(name=f"Agent {nth}") for nth in (1, 2)]
        agents = [first.id, *(other.id for other in others)]
        scene = FloorScene(app, page, web, campaign.id, agents)
        for agent in (first, *others):
            make_on_floor(agent, campaign)
        token = sessions.issue_session(make_user(role=Role.SUPERVISOR, name="Kim Park").id)[1]
    cookie = app.session_interface.get_signing_serializer(app).dumps({sessions.COOKIE_KEY: token})
    page.context.add_cookies([{"name": app.config["SESSION_COOKIE_NAME"], "value": cookie, "url": web.url}])
    scene.keep(scene.picture())
    with run_push(redis_url) as push:
        address = dataclasses.replace(app.config["TELESALES"], push_url=f"http://127.0.0.1:{push.port}")
        monkeypatch.setitem(app.config, "TELESALES", address)
        yield scene
