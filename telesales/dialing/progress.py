"""Tells campaigns how their day goes."""

from telesales.campaigns import progress
from telesales.dialing.floor_page import today_of_campaigns


def connect() -> None:
    """Answer from now on."""
    progress.register(today_of_campaigns)
