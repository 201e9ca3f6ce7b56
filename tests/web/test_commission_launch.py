"""What a start says about the commission plan."""

from collections.abc import Iterator
from datetime import date

import pytest
from flask.testing import FlaskClient

from telesales.access.roles import Role
from telesales.campaigns.hours import OFFICE_HOURS
from telesales.extensions import transaction
from telesales.tenancy.scope import every_client
from tests.actors import Actor, as_role
from tests.factories import make_campaign, make_plan

WARNING = "This campaign has no commission plan: agents earn nothing for its sales."


@pytest.fixture
def manager(client: FlaskClient) -> Actor:
    return as_role(client, Role.MANAGER)


@pytest.fixture(autouse=True)
def everything() -> Iterator[None]:
    with every_client():
        yield


def made(*, plan: bool) -> int:
    with transaction():
        campaign = make_campaign(calling_hours=OFFICE_HOURS)
        if plan:
            make_plan(campaign, effective_from=date(2026, 1, 1))
        return campaign.id


def test_page_that_starts_a_campaign_warns_that_it_has_no_plan_and_starts_it(manager: Actor):
    campaign_id = made(plan=False)

    page = manager.get(f"/campaigns/{campaign_id}").text
    started = manager.get(manager.post(f"/campaigns/{campaign_id}/start").location).text

    assert WARNING in page
    assert f'<a href="/campaigns/{campaign_id}/plan">Commission plan</a>' in page
    assert f"/campaigns/{campaign_id}/start" in page
    assert f"/campaigns/{campaign_id}/pause" in started
    assert started.count(WARNING) == 1


@pytest.mark.parametrize("back", ["list", "floor"])
def test_who_starts_it_from_another_page_is_told_there(manager: Actor, back: str):
    answer = manager.post(f"/campaigns/{made(plan=False)}/start", back=back)

    assert manager.get(answer.location).text.count(WARNING) == 1


def test_campaign_with_a_plan_warns_of_nothing(manager: Actor):
    campaign_id = made(plan=True)

    pages = manager.get(f"/campaigns/{campaign_id}").text
    answer = manager.post(f"/campaigns/{campaign_id}/start", back="list")

    assert WARNING not in pages + manager.get(answer.location).text


def test_form_of_the_campaign_does_not_put_the_warning_among_abandoned_calls(manager: Actor):
    assert WARNING not in manager.get(f"/campaigns/{made(plan=False)}/edit").text
