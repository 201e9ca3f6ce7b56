"""What supervisors do to an agent stands above the desk, with who and why."""

import pytest
from playwright.sync_api import Locator, Page, expect

from telesales.access.roles import Role
from telesales.agents.models import PauseReason, User
from telesales.audit.service import Actor, set_actor
from telesales.extensions import db, transaction
from telesales.push.publish import publish
from telesales.supervision.queries import find_standing
from telesales.supervision.service import orders
from telesales.tenancy.scope import every_client
from tests.browser.desk_page import desk, page, push_port, scene
from tests.factories_agents import make_user
from tests.factories_calls import make_on_floor
from tests.factories_desk import DeskScene

__all__ = ["desk", "page", "push_port", "scene"]
pytestmark = pytest.mark.browser


def order_pause(scene: DeskScene) -> int:
    """A supervisor asks for a pause, and the floor remembers it."""
    with every_client(), transaction():
        supervisor = make_user(role=Role.SUPERVISOR, name="Kim Park")
        set_actor(Actor(supervisor.id, supervisor.name))
        orders.send_on_pause(supervisor, find_standing(scene.agent_id), PauseReason.COACHING, "room 2")
        return supervisor.id


def stand(scene: DeskScene, state: str, *, in_call: bool, **entry) -> None:
    with every_client(), transaction():
        agent = db.session.get_one(User, scene.agent_id)
        make_on_floor(agent, scene.campaign, state, scene.attempt if in_call else None, **entry)
    attempt_id = scene.attempt_id if in_call else None
    publish(
        f"desk:{scene.agent_id}",
        "state",
        {"state": state, "attempt_id": attempt_id, "ordered_by": entry.get("ordered_by")},
    )


def notice(page: Page) -> Locator:
    return page.locator("[data-notice]")


def test_an_order_is_shown_until_it_is_put_away_and_gone_when_it_is_over(
    page: Page, desk: str, scene: DeskScene
) -> None:
    with page.expect_event("request", lambda request: "/events?" in request.url):
        page.goto(desk)
    expect(notice(page)).to_be_hidden()
    by = order_pause(scene)

    stand(scene, "on_call", in_call=True, next_pause="coaching", ordered_by=by)
    expect(notice(page)).to_contain_text("Kim Park asks you for a pause after this call.")
    expect(notice(page)).to_contain_text("Coaching · room 2")
    stand(scene, "paused", in_call=False, pause_reason="coaching", ordered_by=by)
    expect(notice(page)).to_contain_text("Kim Park has sent you on a pause.")
    page.get_by_role("button", name="Understood").click()
    expect(notice(page)).to_be_hidden()
    page.reload()
    expect(page.get_by_role("button", name="Ready")).to_be_visible()
    expect(notice(page)).to_be_hidden()


def test_an_order_that_is_over_leaves_the_desk(page: Page, desk: str, scene: DeskScene) -> None:
    with page.expect_event("request", lambda request: "/events?" in request.url):
        page.goto(desk)
    by = order_pause(scene)
    stand(scene, "paused", in_call=False, pause_reason="coaching", ordered_by=by)
    expect(notice(page)).to_contain_text("Kim Park has sent you on a pause.")

    stand(scene, "ready", in_call=False)

    expect(notice(page)).to_be_hidden()
