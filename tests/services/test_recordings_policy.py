"""The plan of a call: recorded only when policy, key and consent all say so."""

import pytest
import redis
from flask import Flask

from dialer.ports import PlaceOrder, RecordingPlan
from telesales.campaigns.service import editing
from telesales.dialing.ports import DatabaseCampaigns
from telesales.errors import InvalidInputError
from telesales.extensions import db
from telesales.recordings.policy import recording_policy_of
from telesales.recordings.rules import is_in_share
from telesales.recordings.shelf import DatabaseShelf
from telesales.tenancy.scope import every_client
from tests.factories_calls import make_attempt, make_called_lead, make_calling_agent, make_calling_campaign
from tests.factories_campaigns import make_campaign
from tests.factories_dialing import make_dialing_campaign, make_waiting_lead, put_agents_on_floor
from tests.factories_recordings import recording_keys

TOLD = "This call is recorded."
NEW_YORK = {"country": "US", "state": "NY", "number": "+12125550100"}
CALIFORNIA = {"country": "US", "state": "CA", "number": "+14155550100"}


@pytest.fixture(autouse=True)
def keys(app: Flask):
    with recording_keys(app), every_client():
        yield


def plan(lead: dict | None = None, **recording) -> RecordingPlan | None:
    agent = make_calling_agent()
    columns = {f"recording_{name}": value for name, value in recording.items()}
    campaign = make_calling_campaign(agent, **columns)
    attempt = make_attempt(
        agent, campaign=campaign, lead=make_called_lead(campaign, **(CALIFORNIA if lead is None else lead))
    )
    return recording_policy_of(attempt)


def test_nothing_is_recorded_unless_somebody_chose_it():
    assert plan() is None


def test_everyone_is_told_unless_chosen_otherwise():
    assert plan(NEW_YORK, policy="always", announcement=TOLD) == RecordingPlan(TOLD)


def test_where_it_is_not_needed_nobody_is_told():
    assert plan(NEW_YORK, policy="always", announce="needed", announcement=TOLD) == RecordingPlan("")
    assert plan(NEW_YORK, policy="always", announce="needed") == RecordingPlan("")


def test_who_has_to_be_told_and_cannot_be_is_not_recorded():
    assert plan(CALIFORNIA, policy="always", announce="needed", announcement=TOLD) == RecordingPlan(TOLD)
    assert plan(CALIFORNIA, policy="always", announce="needed") is None
    assert plan(CALIFORNIA, policy="always", announce="everyone", announcement=" ") is None


def test_without_a_key_nothing_is_recorded(app: Flask):
    with recording_keys(app, {}):
        assert plan(NEW_YORK, policy="always", announcement=TOLD) is None


def test_a_share_is_decided_by_the_number_of_the_call(app: Flask):
    agent = make_calling_agent()
    campaign = make_calling_campaign(
        agent, recording_policy="share", recording_share=50, recording_announcement=TOLD
    )
    lead = make_called_lead(campaign)
    attempts = [make_attempt(agent, campaign=campaign, lead=lead) for _number in range(20)]

    recorded = [recording_policy_of(attempt) is not None for attempt in attempts]

    assert recorded == [is_in_share(attempt.id, 50) for attempt in attempts]
    assert 0 < sum(recorded) < 20


def test_the_carrier_is_told_with_the_order_and_by_the_shelf(app: Flask, redis_server: redis.Redis):
    campaign = make_dialing_campaign(leads=0, recording_policy="always", recording_announcement=TOLD)
    make_waiting_lead(campaign)
    db.session.commit()
    put_agents_on_floor(redis_server, campaign)
    ports = DatabaseCampaigns(app)
    (reservation,) = ports.reserve_leads(campaign.id, 1, decision={})

    order = ports.claim_attempt(reservation.attempt_id)

    assert isinstance(order, PlaceOrder)
    assert order.recording == RecordingPlan(TOLD)
    assert DatabaseShelf(app).plan_of(reservation.attempt_id) == RecordingPlan(TOLD)
    assert DatabaseShelf(app).plan_of(4_711) is None


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"recording_policy": "sometimes"}, "recording_policy"),
        (
            {"recording_policy": "share", "recording_announcement": TOLD, "recording_share": 0},
            "recording_share",
        ),
        ({"recording_announce": "nobody"}, "recording_announce"),
        ({"recording_policy": "always"}, "recording_announcement"),
        ({"recording_announcement": "x" * 301}, "recording_announcement"),
        ({"recording_days": 0}, "recording_days"),
    ],
)
def test_choices_that_cannot_be_are_refused_at_their_field(changes: dict, field: str):
    with pytest.raises(InvalidInputError) as refused:
        edit(make_campaign(), **changes)

    assert set(refused.value.fields) == {field}


def test_without_a_key_a_campaign_cannot_choose_to_record(app: Flask):
    campaign = make_campaign()

    with recording_keys(app, {}):
        with pytest.raises(InvalidInputError) as refused:
            edit(campaign, recording_policy="always", recording_announcement=TOLD)
        edit(campaign, recording_days=30)

    assert "RECORDING_KEYS" in refused.value.fields["recording_policy"]
    assert campaign.recording_policy == "never"


def edit(campaign, **changes) -> None:
    values = editing.values_of(campaign)
    editing.edit_campaign(
        campaign.id, type(values)(**{**vars_of(values), **changes}), base_version=campaign.version
    )


def vars_of(values) -> dict:
    return {name: getattr(values, name) for name in values.__dataclass_fields__}
