"""Calls: an attempt that is connected with an agent, and sales."""

import itertools
import json

from dialer.core.floor.agent import Agent, AgentState
from dialer.live import ON_FLOOR_KEY, agent_entry, floor_key
from dialer.ports import DialingMode
from telesales import clock
from telesales.access.roles import Role
from telesales.agents.models import User
from telesales.calls.models import CallAttempt, CallState, Sale
from telesales.calls.service.sales import record_sale
from telesales.campaigns.models import Campaign
from telesales.extensions import db, redis_client
from telesales.leads.models import Lead, LeadList
from telesales.money import Money
from telesales.scripting.service import current_version
from tests.factories_campaigns import make_campaign
from tests.factories_scripting import make_published_script

_numbers = itertools.count(1)
ALL_WEEK = {day: [["08:00", "21:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}


def make_calling_agent(**values) -> User:
    nth = next(_numbers)
    return _added(
        User(**{"email": f"calling{nth}@example.com", "name": f"Ana {nth}", "role": Role.AGENT, **values})
    )


def make_calling_campaign(agent: User, **columns) -> Campaign:
    """A campaign with a script that an agent works on."""
    columns.setdefault("script", make_published_script())
    return make_campaign(agents=[agent], **{"calling_hours": ALL_WEEK, "state": "running", **columns})


def make_called_lead(campaign: Campaign, **columns) -> Lead:
    nth = next(_numbers)
    owned = {"client_id": campaign.client_id}
    lead_list = _added(LeadList(name=f"Called {nth}", region="US", **owned))
    number = f"+1347555{100 + nth % 100:04}"
    usual = {"number": number, "name": "Ann Lee", "zone_key": "America/New_York", "dial_state": "reserved"}
    return _added(Lead(list_id=lead_list.id, **owned, **{**usual, **columns}))


def make_attempt(
    agent: User | None = None, *, campaign: Campaign | None = None, lead: Lead | None = None, **columns
) -> CallAttempt:
    """A call of an agent, connected just now."""
    agent = agent or make_calling_agent()
    campaign = campaign or make_calling_campaign(agent)
    lead = lead or make_called_lead(campaign)
    version = current_version(campaign.script_id) if campaign.script_id else None
    usual = {
        "mode": DialingMode.PREDICTIVE,
        "state": CallState.CONNECTED,
        "ring_seconds": 25,
        "connected_at": clock.now(),
        "script_version_id": version.id if version else None,
    }
    return _added(
        CallAttempt(
            client_id=campaign.client_id,
            campaign_id=campaign.id,
            lead_id=lead.id,
            number=lead.number,
            agent_id=agent.id,
            **{**usual, **columns},
        )
    )


def make_recorded_sale(
    attempt: CallAttempt | None = None, *, minor: int = 4900, product: str = "Fibre 500"
) -> Sale:
    """A sale saved by the service, with everything that reacts to it."""
    attempt = attempt or make_attempt()
    agent = db.session.get(User, attempt.agent_id)
    key = f"recorded-{next(_numbers)}"
    return record_sale(attempt, agent, product=product, price=Money(minor, "USD"), request_key=key)


def _added(row):
    db.session.add(row)
    db.session.flush()
    return row


def make_on_floor(
    agent: User, campaign: Campaign, state: str = "ready", attempt: CallAttempt | None = None, **entry
) -> None:
    """What the engine writes about an agent: tests of the desk run without one."""
    redis = redis_client()
    since = entry.pop("since", clock.now().timestamp())
    seen = Agent(agent.id, AgentState(state), since, attempt_id=attempt.id if attempt else None, **entry)
    redis.hset(ON_FLOOR_KEY, str(agent.id), campaign.id)
    redis.hset(floor_key(campaign.id), agent_entry(agent.id), json.dumps(seen.dump()))
