"""The moment of dialing: every rule is looked at again, and what is unknown is forbidden."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
import redis
from flask import Flask
from sqlalchemy import delete

from dialer.live import WORKING_ENTRY, floor_key, lease_key
from dialer.ports import OTHERS_NUMBERS, PlaceOrder, Refusal
from telesales import clock
from telesales.calls.models import CallAttempt
from telesales.campaigns.models import CampaignList
from telesales.compliance.models import DoNotCallScope
from telesales.compliance.service import add_entry
from telesales.dialing.ports import DatabaseCampaigns
from telesales.extensions import db
from telesales.leads.models import Lead
from telesales.tenancy.scope import every_client
from tests.factories_agents import make_client
from tests.factories_dialing import make_dialing_campaign, make_waiting_lead, put_agents_on_floor

NOON_IN_NEW_YORK = datetime(2026, 11, 18, 17, 0, tzinfo=UTC)


@pytest.fixture
def ports(app: Flask) -> Iterator[DatabaseCampaigns]:
    with every_client():
        yield DatabaseCampaigns(app)


class Scene:
    """One reserved attempt, ready to be dialed."""

    def __init__(self, ports: DatabaseCampaigns, server: redis.Redis, **columns) -> None:
        self.redis = server
        self.campaign = make_dialing_campaign(leads=0, **columns)
        self.lead = make_waiting_lead(self.campaign)
        db.session.commit()
        put_agents_on_floor(server, self.campaign)
        (reservation,) = ports.reserve_leads(self.campaign.id, 1, decision={})
        self.attempt = db.session.get(CallAttempt, reservation.attempt_id)


@pytest.fixture
def scene(ports: DatabaseCampaigns, redis_server: redis.Redis) -> Scene:
    return Scene(ports, redis_server)


def test_allowed_call_is_ordered_once_with_a_record_of_every_rule(ports, scene):
    order = ports.claim_attempt(scene.attempt.id)

    assert isinstance(order, PlaceOrder)
    assert (order.attempt_id, order.number) == (scene.attempt.id, scene.lead.number)
    assert ports.claim_attempt(scene.attempt.id) is None
    assert [check["rule"] for check in scene.attempt.checks] == [
        "campaign_running",
        "lead_free",
        "number_free",
        "do_not_call",
        "calling_hours",
        "attempt_cap",
        "number_rests",
        "ring_seconds",
        "fictional_number",
        "reserved_lately",
        "agent_there",
    ]
    assert all(check["passed"] for check in scene.attempt.checks)
    assert (scene.attempt.state, scene.attempt.originating_at is not None) == ("originating", True)


def test_a_real_carrier_is_told_which_numbers_belong_to_other_clients(ports, redis_server):
    make_dialing_campaign(leads=0, client=make_client(), caller_id="+12025550177")
    scene = Scene(ports, redis_server, carrier="asterisk", caller_id="+12025550166")
    make_dialing_campaign(leads=0, client=scene.campaign.client, caller_id="+12025550188")

    order = ports.claim_attempt(scene.attempt.id)

    assert isinstance(order, PlaceOrder)
    assert order.profile[OTHERS_NUMBERS] == ["+12025550177"]


def forbid(scope: DoNotCallScope) -> Callable[[Scene], None]:
    def act(scene: Scene) -> None:
        add_entry(
            number=scene.lead.number,
            scope=scope,
            source="test",
            client_id=scene.campaign.client_id,
            campaign_id=scene.campaign.id,
        )
        # As if the number had been listed while the attempt waited, and nobody had told the lead.
        scene.lead.dial_state, scene.lead.done_reason = "reserved", ""

    return act


def pause(scene: Scene) -> None:
    scene.campaign.state = "paused"


def close(scene: Scene) -> None:
    scene.campaign.calling_hours = {}


def lose_zone(scene: Scene) -> None:
    scene.lead.zone_key = ""


def use_up(scene: Scene) -> None:
    scene.lead.attempts = scene.campaign.max_attempts


def ring_shortly(scene: Scene) -> None:
    scene.attempt.ring_seconds = 14


def send_agents_home(scene: Scene) -> None:
    scene.redis.hset(floor_key(scene.campaign.id), WORKING_ENTRY, 0)


def lose_engine(scene: Scene) -> None:
    scene.redis.delete(lease_key(scene.campaign.id))


def decide_meanwhile(scene: Scene) -> None:
    scene.lead.dial_state, scene.lead.done_reason = "done", "sale"


def take_list_off(scene: Scene) -> None:
    db.session.execute(delete(CampaignList).where(CampaignList.campaign_id == scene.campaign.id))


def wait_too_long(scene: Scene) -> None:
    scene.attempt.reserved_at = clock.now() - timedelta(hours=12)


def use_real_number(scene: Scene) -> None:
    scene.lead.number = scene.attempt.number = "+12024561111"


CHANGES = [
    *[(forbid(scope), "do_not_call", "done") for scope in DoNotCallScope],
    (pause, "campaign_running", "ready"),
    (close, "calling_hours", "done"),
    (lose_zone, "calling_hours", "done"),
    (use_up, "attempt_cap", "done"),
    (ring_shortly, "ring_seconds", "ready"),
    (send_agents_home, "agent_there", "ready"),
    (lose_engine, "agent_there", "ready"),
    (decide_meanwhile, "lead_free", "done"),
    (take_list_off, "lead_free", "ready"),
    (wait_too_long, "reserved_lately", "ready"),
    (use_real_number, "fictional_number", "done"),
]


@pytest.mark.parametrize(("change", "rule", "lead_state"), CHANGES)
def test_what_changed_since_the_reservation_forbids_the_call(ports, scene, change, rule, lead_state):
    change(scene)
    db.session.commit()

    answer = ports.claim_attempt(scene.attempt.id)

    assert isinstance(answer, Refusal)
    assert answer.rule == rule
    attempt = scene.attempt
    assert (attempt.state, attempt.result, attempt.cause) == ("ended", "refused", rule)
    assert attempt.settled_at is not None
    assert db.session.get(Lead, scene.lead.id).dial_state == lead_state


def test_lead_outside_the_hours_waits_for_its_morning(ports, scene):
    minute = clock.now() + timedelta(hours=26)
    day = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")[minute.weekday()]
    scene.campaign.calling_hours = {day: [["12:00", "12:01"]]}
    db.session.commit()

    ports.claim_attempt(scene.attempt.id)

    assert scene.lead.dial_state == "ready"
    assert scene.lead.next_attempt_at > clock.now()


def test_redis_that_does_not_answer_forbids_the_call(ports, scene, app):
    scene_client = app.extensions["redis"]
    app.extensions["redis"] = redis.Redis(port=1, decode_responses=True)
    try:
        answer = ports.claim_attempt(scene.attempt.id)
    finally:
        app.extensions["redis"] = scene_client

    assert isinstance(answer, Refusal)
    assert answer.rule == "agent_there"


def test_customers_of_a_real_client_may_have_real_numbers(ports, redis_server):
    with clock.freeze(NOON_IN_NEW_YORK):
        scene = Scene(ports, redis_server, client=make_client(is_demo=False), is_demo=False)
        use_real_number(scene)
        db.session.commit()

        assert isinstance(ports.claim_attempt(scene.attempt.id), PlaceOrder)


@pytest.mark.parametrize("state", ["reserved", "originating"])
def test_released_lead_may_be_dialed_again_soon(ports, scene, state):
    scene.attempt.state = state
    db.session.commit()

    ports.release_attempt(scene.attempt.id, reason="never placed")

    db.session.expire_all()
    assert (scene.attempt.state, scene.lead.dial_state, scene.lead.attempts) == ("released", "ready", 0)
    assert ports.claim_attempt(scene.attempt.id) is None


def test_call_that_rings_is_not_released(ports, scene):
    scene.attempt.state = "ringing"
    db.session.commit()

    ports.release_attempt(scene.attempt.id, reason="never placed")

    db.session.expire_all()
    assert (scene.attempt.state, scene.lead.dial_state) == ("ringing", "reserved")
