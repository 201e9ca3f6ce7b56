"""A what-if as a person sees it in a browser."""

import pytest

from telesales.access.roles import Role
from telesales.agents import sessions
from telesales.extensions import db, transaction
from telesales.tenancy.scope import every_client
from telesales.whatif.models import WhatIf
from telesales.whatif.running import run_what_if
from tests.factories import make_campaign, make_user, make_what_if

pytestmark = pytest.mark.browser


def sign_in(app, web, page) -> None:
    with transaction():
        token = sessions.issue_session(make_user(role=Role.MANAGER).id)[1]
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie[sessions.COOKIE_KEY] = token
    value = client.get_cookie("telesales").value
    page.context.add_cookies([{"name": "telesales", "value": value, "url": web.url}])


def test_a_manager_asks_how_many_agents_are_needed_and_the_page_follows(app, web, page):
    sign_in(app, web, page)
    with transaction(), every_client():
        campaign_id = make_campaign().id

    page.goto(f"{web.url}/campaigns/{campaign_id}")
    page.get_by_role("link", name="How many agents do I need?").click()
    page.get_by_label("For so many sales a day").check()
    page.get_by_label("Sales a day", exact=True).fill("400")
    page.get_by_label("Numbers of agents").fill("1, 2")
    page.get_by_label("Leads to call").fill("90000")
    page.get_by_label("Dialing mode").select_option("progressive")
    page.get_by_label("Hours a day").fill("1")
    page.get_by_label("Shifts for each number").fill("3")
    page.get_by_role("button", name="Play the shifts").click()
    page.get_by_role("progressbar").wait_for()

    with every_client():
        what_if_id = db.session.scalar(db.select(WhatIf.id))
    db.session.rollback()
    run_what_if(what_if_id, seconds=0)
    page.get_by_text("0 of 6 shifts").wait_for()
    run_what_if(what_if_id)

    page.get_by_role("heading", name="What each number of agents comes to").wait_for()
    assert page.get_by_text("Even 2 agents do not reach the goal: 400 sales a day.").is_visible()
    page.get_by_role("img", name="Occupancy by number of agents: 1 agent").wait_for()
    page.get_by_role("link", name="Change and ask again").click()
    assert page.get_by_label("Numbers of agents").input_value() == "1, 2"


def test_who_was_signed_out_while_shifts_are_played_is_led_to_the_way_in(app, web, page):
    sign_in(app, web, page)
    with transaction(), every_client():
        what_if_id = make_what_if(make_campaign()).id
    page.goto(f"{web.url}/what-if/{what_if_id}")
    page.get_by_role("progressbar").wait_for()

    page.context.clear_cookies()

    page.wait_for_url(f"**/sign-in?next=/what-if/{what_if_id}")
