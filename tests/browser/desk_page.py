"""The desk of an agent, open in a browser and hearing the push process; for the tests of its pages."""

import dataclasses
from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page
from sqlalchemy import select

from telesales.agents import sessions
from telesales.extensions import db, transaction
from telesales.push.publish import publish
from telesales.tenancy.scope import every_client
from tests.factories_calls import make_on_floor
from tests.factories_desk import DeskScene, make_desk_call
from tests.push_client import run_push


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
