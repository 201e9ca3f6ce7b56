"""Plans, and sales that plans pay. Rows only: what reacts to a sale is told by its signal."""

from datetime import UTC, date, datetime
from itertools import count
from zoneinfo import ZoneInfo

from dialer.ports import DialingMode
from telesales.access.roles import Role
from telesales.agents.models import User
from telesales.calls.models import CallAttempt, CallState, Sale, SaleCancellation
from telesales.calls.signals import sale_cancelled, sale_saved
from telesales.campaigns.models import Campaign
from telesales.commissions.rules.terms import Flat, Terms
from telesales.commissions.service.plans import NewVersion, publish_version
from telesales.extensions import db
from telesales.leads.models import Lead, LeadList
from telesales.tenancy.models import Client

_numbers = count(1)
MORNING = datetime(2026, 11, 20, 15, tzinfo=UTC)


def _add(row):
    db.session.add(row)
    db.session.flush()
    return row


def make_selling_agent(name: str = "Ana", **values) -> User:
    number = next(_numbers)
    return _add(User(email=f"seller{number}@example.com", name=name, role=Role.AGENT, **values))


def make_selling_campaign(client: Client | None = None, **values) -> Campaign:
    number = next(_numbers)
    client = client or _add(Client(name=f"House {number}"))
    return _add(Campaign(**{"name": f"Fibre {number}", "client_id": client.id, "currency": "USD", **values}))


def make_plan(campaign: Campaign, *parts, currency: str = "USD", effective_from: date = date(2026, 1, 1)):
    terms = Terms(parts or (Flat(500),))
    return publish_version(campaign, NewVersion(terms, currency, effective_from))


def make_sold(
    agent: User, campaign: Campaign, amount_minor: int = 10_000, *, at: datetime = MORNING, currency: str = "USD", day: date | None = None, told: bool = True
) -> Sale:  # fmt: skip
    """A sale on a call of its own, told to everybody who reacts to sales unless `told` is false."""
    owned = {"client_id": campaign.client_id}
    number = next(_numbers)
    leads = _add(LeadList(name=f"Sold {number}", region="US", **owned))
    phone = f"+1347555{number % 10_000:04}"
    lead = _add(Lead(list_id=leads.id, number=phone, **owned))
    attempt = _add(
        CallAttempt(
            campaign_id=campaign.id, lead_id=lead.id, number=phone, mode=DialingMode.MANUAL, state=CallState.ENDED,
            agent_id=agent.id, ring_seconds=20, reserved_at=at, answered_at=at, connected_at=at, ended_at=at, **owned,
        )
    )  # fmt: skip
    sale = _add(
        Sale(
            request_key=f"sold-{number}", attempt_id=attempt.id, lead_id=lead.id, campaign_id=campaign.id, agent_id=agent.id,
            product_name="Fibre 500", amount_minor=amount_minor, currency=currency, at=at,
            day=day or at.astimezone(ZoneInfo(agent.time_zone or "UTC")).date(), **owned,
        )
    )  # fmt: skip
    if told:
        sale_saved.send(sale)
    return sale


def make_taken_back(sale: Sale, *, at: datetime = MORNING, told: bool = True) -> SaleCancellation:
    """The sale is cancelled, and everybody who reacts is told unless `told` is false."""
    cancellation = _add(
        SaleCancellation(sale_id=sale.id, client_id=sale.client_id, reason="changed their mind", at=at)
    )
    if told:
        sale_cancelled.send(sale)
    return cancellation
