"""The operator's page in a browser: it follows what the gateway writes, and the reader's focus stays."""

import dataclasses
import json
import os
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Page, expect

from dialer.carriers.asterisk import keys
from dialer.spool_news import LOST_KEY, LostRecording, tell_spool
from telesales import clock
from telesales.access.roles import Role
from telesales.agents import sessions
from telesales.extensions import transaction
from tests.browser.conftest import Web
from tests.factories import make_user
from tests.factories_telephony import TELEPHONY_FILE, make_node_with_calls

pytestmark = pytest.mark.browser


def sign_in(app: Flask, web: Web, page: Page) -> None:
    with transaction():
        token = sessions.issue_session(make_user(role=Role.ADMINISTRATOR).id)[1]
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie[sessions.COOKIE_KEY] = token
    value = client.get_cookie("telesales").value
    page.context.add_cookies([{"name": "telesales", "value": value, "url": web.url}])


@pytest.fixture
def telephones(app: Flask, web: Web, page: Page, redis_server, tmp_path: Path, monkeypatch) -> Page:
    path = tmp_path / "telephony.toml"
    path.write_text(TELEPHONY_FILE)
    settings = dataclasses.replace(app.config["TELESALES"], telephony_file=str(path))
    monkeypatch.setitem(app.config, "TELESALES", settings)
    make_node_with_calls(redis_server)
    sign_in(app, web, page)
    page.goto(web.url + "/telephones/")
    return page


def test_it_follows_what_the_gateway_writes_and_keeps_the_focus(telephones: Page, redis_server):
    state = telephones.locator('[data-refresh="node-one-state"]')
    expect(state).to_have_text("Connected")
    telephones.get_by_role("region", name="Nodes").focus()

    redis_server.delete(keys.node_up("one"))

    expect(state).to_have_text("Away")
    expect(telephones.get_by_role("region", name="Nodes")).to_be_focused()
    take_picture(telephones, "telephones")


def test_everybody_can_use_it(telephones: Page):
    assert Axe().run(telephones).response["violations"] == []


def test_recordings_that_wait_appear_without_a_reload_for_everybody(telephones: Page, redis_server):
    now = clock.now().timestamp()
    lost = LostRecording(now, "one", "rec-000000000007-callee-1", "500 Internal Server Error")
    redis_server.lpush(LOST_KEY, json.dumps(dataclasses.asdict(lost)))
    redis_server.set(keys.trunk_registration("main"), "failed")

    tell_spool(redis_server, "/srv/spool", waiting=3, oldest_at=now - 1200, aside=2, why="the store is away")

    recordings = telephones.locator('[data-refresh="recordings"]')
    expect(recordings).to_contain_text("Look at what was set aside")
    expect(recordings).to_contain_text("1 side of a call was not recorded")
    expect(telephones.locator('[data-refresh="trunk-main-state"]')).to_have_text("Registration failed")
    take_picture(telephones, "telephones-recordings")
    assert Axe().run(telephones).response["violations"] == []


def take_picture(page: Page, name: str) -> None:
    """For a look at the page: PICTURES=folder."""
    folder = os.environ.get("PICTURES")
    for width, height in ((1280, 800), (1920, 1080)) if folder else ():
        page.set_viewport_size({"width": width, "height": height})
        page.screenshot(path=f"{folder}/{name}-{width}.png", full_page=True)
