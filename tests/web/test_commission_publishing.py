"""Two managers who publish a plan's next version from pages that know of the same one."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from telesales import clock
from telesales.access.roles import Role
from telesales.commissions.models import PlanVersion
from telesales.extensions import db
from telesales.tenancy.scope import every_client
from tests.actors import Actor, as_role
from tests.factories import make_campaign, make_plan
from tests.factories_commissions import MORNING

TYPED = {"currency": "USD", "effective_from": "2026-11-21", "parts-0-kind": "percent", "parts-0-pay": "6"}


@pytest.fixture(autouse=True)
def _morning(app) -> Iterator[None]:
    with clock.freeze(MORNING):
        yield


@pytest.fixture
def manager(client: FlaskClient) -> Actor:
    return as_role(client, Role.MANAGER)


def made() -> str:
    with every_client():
        campaign = make_campaign()
        make_plan(campaign, effective_from=MORNING.date() - timedelta(days=9))
        path = f"/campaigns/{campaign.id}/plan"
        db.session.commit()
    return path


def known(page: str) -> str:
    return re.search(r'name="based_on" value="(\d+)"', page)[1]


def versions() -> int:
    with every_client():
        return db.session.scalar(select(func.count(PlanVersion.id)))


def test_who_does_not_know_of_the_others_version_is_told_and_may_publish_after_it(manager: Actor):
    path = made()
    seen = known(manager.get(path).text)
    manager.post(path, do="publish", based_on=seen, **TYPED)

    refused = manager.post(path, do="publish", based_on=seen, **{**TYPED, "parts-0-pay": "4.5"})

    assert (seen, refused.status_code, versions()) == ("1", 422, 2)
    assert "Version 2 was published after you had opened this page." in refused.text
    assert 'value="4.5"' in refused.text
    again = manager.post(path, do="publish", based_on=known(refused.text), **TYPED)
    assert (again.status_code, versions()) == (303, 3)


def test_looking_at_examples_does_not_hide_that_somebody_else_was_faster(manager: Actor):
    path = made()
    seen = known(manager.get(path).text)
    manager.post(path, do="publish", based_on=seen, **TYPED)

    assert known(manager.post(path, do="check", based_on=seen, **TYPED).text) == seen


def test_first_version_is_not_published_beside_another_first_version(manager: Actor):
    with every_client():
        path = f"/campaigns/{make_campaign().id}/plan"
        db.session.commit()
    seen = known(manager.get(path).text)
    manager.post(path, do="publish", based_on=seen, **TYPED)

    refused = manager.post(path, do="publish", based_on=seen, **TYPED)

    assert (seen, refused.status_code, versions()) == ("0", 422, 1)


def test_a_page_that_names_no_version_there_can_be_publishes_nothing(manager: Actor):
    refused = manager.post(made(), do="publish", based_on="9" * 5_000, **TYPED)

    assert (refused.status_code, versions()) == (422, 1)
