"""A campaign that dials: running, at any hour, with leads and an agent on its floor."""

import itertools

import redis

from dialer.core.pacing import Reason
from dialer.live import WORKING_ENTRY, agent_entry, floor_key, lease_key
from telesales import clock
from telesales.calls.models import CallAttempt
from telesales.campaigns.hours import ROUND_THE_CLOCK
from telesales.campaigns.models import Campaign
from telesales.campaigns.queries import attached_lists
from telesales.dialing.models import PacingDecision
from telesales.extensions import db
from telesales.leads.models import Lead, LeadList
from telesales.tenancy.scope import every_client
from tests.factories_agents import make_client
from tests.factories_campaigns import make_campaign
from tests.factories_scripting import make_published_script

_numbers = itertools.count(1)


def make_dialing_campaign(*, leads: int = 3, **columns) -> Campaign:
    """A demo campaign, because only a demo may dial at any hour of the day on which the test runs."""
    with every_client():
        client = columns.pop("client", None) or make_client(is_demo=True)
        campaign = make_campaign(
            client=client,
            script=columns.pop("script", None) or make_published_script(),
            leads=0,
            **{"state": "running", "calling_hours": ROUND_THE_CLOCK, "is_demo": client.is_demo, **columns},
        )
        for _lead in range(leads):
            make_waiting_lead(campaign)
        db.session.commit()
        return campaign


def make_waiting_lead(campaign: Campaign, **columns) -> Lead:
    """A lead that may be dialed now, with a number of its own reserved for fiction."""
    with every_client():
        nth = next(_numbers)
        usual = {
            "client_id": campaign.client_id,
            "list_id": list_of(campaign).id,
            "number": f"+1{200 + nth // 100 % 800}55501{nth % 100:02}",
            "name": f"Lead {nth}",
            "zone_key": "America/New_York",
        }
        lead = Lead(**{**usual, **columns})
        db.session.add(lead)
        db.session.flush()
        return lead


def list_of(campaign: Campaign) -> LeadList:
    """The first list of a campaign."""
    return attached_lists(campaign.id)[0]


def put_agents_on_floor(client: redis.Redis, campaign: Campaign, *agent_ids: int) -> None:
    """What an engine that leads would have written."""
    client.set(lease_key(campaign.id), "test")
    client.hset(floor_key(campaign.id), WORKING_ENTRY, len(agent_ids) or 1)
    for agent_id in agent_ids:
        client.hset(floor_key(campaign.id), agent_entry(agent_id), "{}")


def attempt_of(lead_id: int) -> CallAttempt:
    """The last attempt of a lead."""
    with every_client():
        return (
            db.session.query(CallAttempt).filter_by(lead_id=lead_id).order_by(CallAttempt.id.desc()).first()
        )


def make_decision(campaign: Campaign, **columns) -> PacingDecision:
    """A decision to place three calls, just now."""
    with every_client():
        usual = {"at": clock.now(), "calls": 3, "reason": Reason.NO_MORE_RISK, "estimates": dict(ESTIMATES)}
        decision = PacingDecision(
            client_id=campaign.client_id, campaign_id=campaign.id, **{**usual, **columns}
        )
        db.session.add(decision)
        db.session.flush()
        return decision


ESTIMATES = {
    "agents": 60, "idle": 2, "talking": 41, "wrapping": 17, "paused": 4, "ringing": 7, "waiting": 0, "free_lines": 40,
    "answer_rate": 0.28, "horizon_seconds": 9, "expected_free": 2.1, "expected_answers": 1.6, "risk": 0.021,
    "next_risk": 0.034, "threshold": 0.027, "limit": 0.03, "day_rate": 0.012, "day_room": 4.2, "window_room": 31.5,
}  # fmt: skip
