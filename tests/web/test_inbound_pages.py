"""People who ring back, on the pages of managers: the form of a campaign, its floor, its decisions."""

from datetime import timedelta

import pytest

from telesales import clock
from telesales.access.roles import Role
from telesales.calls.models import CallDirection
from telesales.dialing import wording
from telesales.extensions import db, transaction
from telesales.tenancy.scope import every_client
from tests.actors import as_role
from tests.factories_calls import make_attempt, make_calling_agent
from tests.factories_dialing import ESTIMATES, make_dialing_campaign
from tests.web.test_campaigns import filled, made, stored


@pytest.fixture
def manager(client):
    return as_role(client, Role.MANAGER)


def rang(campaign, result: str, *, waited: float | None = None, ago: float = 0.0) -> None:
    at = clock.now() - timedelta(seconds=ago)
    connected = None if waited is None else at + timedelta(seconds=waited)
    make_attempt(
        make_calling_agent(),
        campaign=campaign,
        direction=CallDirection.INBOUND,
        state="ended",
        result=result,
        reserved_at=at,
        connected_at=connected,
    )


def test_what_happens_to_people_who_ring_is_kept(manager):
    campaign_id = made()
    typed = {"takes_inbound": "no", "inbound_wait_seconds": "90", "inbound_message": "We ring you back."}

    answer = manager.post(f"/campaigns/{campaign_id}/edit", **filled(campaign_id, **typed))

    campaign = stored(campaign_id)
    assert answer.status_code == 303
    assert (campaign.takes_inbound, campaign.inbound_wait_seconds) == (False, 90)
    assert campaign.inbound_message == "We ring you back."


def test_a_form_without_these_fields_changes_nothing(manager):
    campaign_id = made(inbound_wait_seconds=45, takes_inbound=False)

    manager.post(f"/campaigns/{campaign_id}/edit", **filled(campaign_id))

    campaign = stored(campaign_id)
    assert (campaign.takes_inbound, campaign.inbound_wait_seconds) == (False, 45)


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"inbound_wait_seconds": "4"}, "f-inbound_wait_seconds-error"),
        ({"inbound_wait_seconds": "soon"}, "f-inbound_wait_seconds-error"),
        ({"inbound_message": "x" * 501}, "f-inbound_message-error"),
        ({"takes_inbound": "perhaps"}, "f-takes_inbound-error"),
        ({"profile_ring_back": "101"}, "f-profile_ring_back-error"),
    ],
)
def test_what_cannot_be_taken_is_said_at_its_field(manager, typed, field):
    campaign_id = made()

    answer = manager.post(f"/campaigns/{campaign_id}/edit", **filled(campaign_id, purpose="Typed", **typed))

    assert answer.status_code == 422
    assert f'id="{field}"' in answer.text
    assert "Typed" in answer.text


def test_the_floor_shows_who_rang_today(manager):
    with transaction(), every_client():
        campaign = make_dialing_campaign()
        rang(campaign, "talked", waited=30)
        rang(campaign, "talked", waited=50)
        rang(campaign, "missed_inbound")
        rang(campaign, "talked", waited=500, ago=2 * 86_400)
        campaign_id = campaign.id
        db.session.flush()

    part = manager.get(f"/floor/{campaign_id}/results").text

    assert "of 3" in part
    assert "They waited 40 seconds" in part
    assert "1 were missed or did not wait" in part


def test_a_day_without_callers_is_not_mentioned(manager):
    with transaction(), every_client():
        campaign_id = make_dialing_campaign().id

    assert "Callers answered today" not in manager.get(f"/floor/{campaign_id}/results").text
    assert "data-inbound hidden" in manager.get(f"/floor/{campaign_id}").text


@pytest.mark.parametrize(
    ("known", "is_said"),
    [
        ({}, False),
        ({"inbound_waiting": 0, "inbound_an_hour": 1.0}, False),
        ({"inbound_waiting": 2, "inbound_an_hour": 1.0}, True),
        ({"inbound_waiting": 0, "inbound_an_hour": 24.4}, True),
    ],
)
def test_a_decision_says_that_agents_are_kept_for_callers_when_it_matters(app, known, is_said):
    with app.test_request_context():
        sentence = wording.explain(3, "no_more_risk", {**ESTIMATES, **known})

    assert ("agents are kept for them" in sentence) == is_said
    assert "{" not in sentence
