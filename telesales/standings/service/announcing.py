"""A sale moves the standings: open pages and boards hear of it after the commit."""

from typing import Any

from telesales.agents.models import User
from telesales.calls.models import Sale
from telesales.calls.signals import sale_cancelled, sale_saved
from telesales.extensions import db
from telesales.push.publish import publish_after_commit
from telesales.push.topics import standings
from telesales.standings.service.counting import count_sale, uncount_sale


def connect() -> None:
    """React to sales from now on."""
    sale_saved.connect(count_sale)
    sale_cancelled.connect(uncount_sale)
    sale_saved.connect(announce_sale)
    sale_cancelled.connect(announce_cancellation)


def announce_sale(sale: Sale, **_details: Any) -> None:
    """Tell of a new sale."""
    seller = db.session.get_one(User, sale.agent_id)
    news = {
        "sale_id": sale.id,
        "user_id": sale.agent_id,
        "name": seller.name,
        "latin_name": seller.latin_name,
        "product": sale.product_name,
        "amount_minor": sale.amount_minor,
        "currency": sale.currency,
        "campaign_id": sale.campaign_id,
        "at": sale.at.isoformat(),
    }
    for topic in _topics(sale):
        publish_after_commit(topic, "sale", news)
    _announce_change(sale, "saved")


def announce_cancellation(sale: Sale, **_details: Any) -> None:
    """Tell that a sale does not count any more."""
    _announce_change(sale, "cancelled")


def _announce_change(sale: Sale, kind: str) -> None:
    for topic in _topics(sale):
        publish_after_commit(topic, "changed", {"sale_id": sale.id, "user_id": sale.agent_id, "kind": kind})


def _topics(sale: Sale) -> tuple[str, str]:
    return standings(sale.client_id), standings(None)
