"""What campaigns do when lower domains tell of something."""

from typing import Any

from dialer.events import Event, EventKind
from telesales import clock
from telesales.campaigns import queries, signals
from telesales.campaigns.states import LAUNCHED
from telesales.leads.signals import leads_added
from telesales.tenancy.scope import every_client


def connect() -> None:
    """Tell the dialer of new leads: a campaign that had run out of them goes on at once."""
    leads_added.connect(_tell_dialer)


def _tell_dialer(_sender: object, *, list_id: int, **_more: Any) -> None:
    with every_client():
        campaign = queries.campaign_serving(list_id)
    if campaign is not None and campaign.state in LAUNCHED:
        signals.post(Event(EventKind.LEADS_ADDED, clock.now().timestamp(), campaign.id))
