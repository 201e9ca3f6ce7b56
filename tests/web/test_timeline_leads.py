"""The history of a lead: what it tells, page by page."""

import pytest
from flask.testing import FlaskClient

from telesales import clock
from telesales.access.roles import Role
from telesales.calls.models import CallAttempt
from telesales.calls.service.dispositions import record_disposition
from telesales.compliance.models import DoNotCallScope
from telesales.compliance.service import add_entry
from telesales.extensions import db, transaction
from telesales.leads.models import Lead
from telesales.tenancy.scope import every_client
from tests.actors import Actor, as_role
from tests.factories_agents import make_client
from tests.factories_calls import make_attempt
from tests.factories_desk import DeskScene
from tests.factories_timelines import at, make_told_call, places_of


@pytest.fixture
def scene(app) -> DeskScene:
    with transaction():
        return make_told_call()


@pytest.fixture
def supervisor(client: FlaskClient, scene: DeskScene) -> Actor:
    return as_role(client, Role.SUPERVISOR, name="Kim Park")


def lead_of(scene: DeskScene) -> int:
    with every_client():
        return db.session.get_one(CallAttempt, scene.attempt_id).lead_id


def test_history_of_a_lead_tells_calls_promises_and_forbidden_numbers(supervisor, scene):
    lead_id = lead_of(scene)
    with every_client(), transaction():
        attempt = db.session.get_one(CallAttempt, scene.attempt_id)
        record_disposition(attempt, scene.agent, "no_conversation", "ask for the daughter")
        add_entry(
            number=attempt.number,
            source="asked by letter",
            scope=DoNotCallScope.COMPANY,
            listed_on=clock.now().date(),
        )

    page = supervisor.get(f"/timelines/leads/{lead_id}").text

    assert f"/timelines/calls/{scene.attempt_id}" in page
    places_of(page, "Called: No conversation", "ask for the daughter", "asked by letter")


def test_forbidden_number_of_another_client_stays_theirs(supervisor, scene):
    lead_id = lead_of(scene)
    with every_client(), transaction():
        number = db.session.get_one(Lead, lead_id).number
        theirs = make_client()
        add_entry(
            number=number,
            source="their secret",
            scope=DoNotCallScope.CLIENT,
            listed_on=clock.now().date(),
            client_id=theirs.id,
        )

    assert "their secret" not in supervisor.get(f"/timelines/leads/{lead_id}").text


def test_long_history_of_a_lead_is_paged_without_losing_anything(supervisor, scene):
    lead_id = lead_of(scene)
    with every_client(), transaction():
        lead = db.session.get_one(Lead, lead_id)
        made = [
            make_attempt(scene.agent, campaign=scene.campaign, lead=lead, reserved_at=at(nth)).id
            for nth in range(70)
        ]
    seen, url = set(), f"/timelines/leads/{lead_id}"
    for _page in range(5):
        page = supervisor.get(url).text
        seen |= {number for number in made if f'/timelines/calls/{number}"' in page}
        if "before=" not in page:
            break
        url = _older(page)

    assert seen == set(made)


def _older(page: str) -> str:
    start = page.rindex("/timelines/leads/", 0, page.index("before=") + 1)
    return page[start : page.index('"', start)].replace("&amp;", "&")


def test_made_up_cursor_is_ignored(supervisor, scene):
    assert supervisor.get(f"/timelines/leads/{lead_of(scene)}?before=yesterday").status_code == 200
