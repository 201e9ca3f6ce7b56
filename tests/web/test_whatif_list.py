"""The what-ifs of a campaign, and the way to them."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from telesales import clock
from telesales.access.roles import Role
from telesales.campaigns.queries import get_campaign
from telesales.extensions import db, transaction
from telesales.tenancy.scope import every_client
from telesales.whatif.queries import get_what_if, read_answer
from telesales.whatif.question import Goal
from tests.actors import as_role
from tests.factories import make_asked_what_if, make_campaign_id, make_played_what_if, make_user, make_what_if
from tests.statements import count_statements


@pytest.fixture
def campaign_id(app) -> int:
    return make_campaign_id()


@pytest.fixture
def leader(client: FlaskClient):
    return as_role(client, Role.SUPERVISOR)


def test_the_list_shows_what_was_predicted_until_it_can_be_compared(leader, campaign_id):
    key = make_played_what_if(campaign_id)
    with every_client():
        outcomes = read_answer(get_what_if(key)).outcomes
    db.session.rollback()

    listed = leader.get(f"/campaigns/{campaign_id}/what-if").text

    assert f"{outcomes[0].occupancy.mean:.1%} – {outcomes[-1].occupancy.mean:.1%}" in listed


def test_a_long_list_is_read_with_as_many_statements_as_a_short_one(leader, campaign_id):
    path = f"/campaigns/{campaign_id}/what-if"
    make_asked_what_if(campaign_id)
    leader.get(path)
    few = count_statements(lambda: leader.get(path))
    for nth in range(1, 8):
        with every_client(), transaction():
            asker = make_user(name=f"Asker {nth}", role=Role.MANAGER)
            question = make_what_if(get_campaign(campaign_id))
            question.created_by_id = asker.id
            question.created_at = clock.now() - timedelta(days=nth)

    assert count_statements(lambda: leader.get(path)) == few
    assert "Asker 7" in leader.get(path).text


def test_a_goal_that_has_no_answer_yet_is_not_shown_as_a_result(leader, campaign_id):
    make_asked_what_if(campaign_id, goal=Goal.SALES, goal_sales=40)

    assert "<td>Goal: 40 sales a day</td>" in leader.get(f"/campaigns/{campaign_id}/what-if").text


def test_an_empty_list_says_what_can_be_asked(leader, campaign_id):
    assert "Nothing was asked yet" in leader.get(f"/campaigns/{campaign_id}/what-if").text


def test_the_campaign_leads_to_its_what_ifs(leader, campaign_id):
    page = leader.get(f"/campaigns/{campaign_id}").text

    assert f'href="/campaigns/{campaign_id}/what-if"' in page
    assert f'href="/campaigns/{campaign_id}/what-if/new"' in page  # before it can start
