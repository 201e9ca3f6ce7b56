"""A sale goes to the televisions the moment it is committed; so does its end."""

from typing import Any

from telesales.agents.models import User
from telesales.calls.models import Sale
from telesales.calls.signals import sale_cancelled, sale_saved
from telesales.extensions import db
from telesales.push import topics
from telesales.push.publish import publish_after_commit
from telesales.whiteboard.models import Screen
from telesales.whiteboard.queries import list_live_screens
from telesales.whiteboard.rules import shows


def connect() -> None:
    """Listen to sales."""
    sale_saved.connect(celebrate)
    sale_cancelled.connect(correct)


def celebrate(sale: Sale) -> None:
    """Let the sale take the stage, and the board count it."""
    agent = db.session.get_one(User, sale.agent_id)
    news = {
        "sale_id": sale.id,
        "at": sale.at.isoformat(),
        "name": agent.name,
        "latin_name": agent.latin_name,
        "product": sale.product_name,
        "amount_minor": sale.amount_minor,
        "currency": sale.currency,
    }
    for screen in _screens_of(sale, agent):
        publish_after_commit(topics.board(screen.id), "sale", news)
        publish_after_commit(topics.board(screen.id), "changed", {})


def correct(sale: Sale, **_cancellation: Any) -> None:
    """Let the board count anew, without a word."""
    for screen in _screens_of(sale, db.session.get_one(User, sale.agent_id)):
        publish_after_commit(topics.board(screen.id), "changed", {})


def _screens_of(sale: Sale, agent: User) -> list[Screen]:
    return [
        screen
        for screen in list_live_screens()
        if screen.client_id in (None, sale.client_id)
        and shows(screen.options, campaign_id=sale.campaign_id, team_id=agent.team_id)
    ]
