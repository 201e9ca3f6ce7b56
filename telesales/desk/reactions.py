"""What the desk hears of that others do to its calls."""

from typing import Any

from telesales.calls.models import Sale
from telesales.calls.signals import sale_cancelled
from telesales.push.publish import publish_after_commit
from telesales.push.topics import desk


def connect() -> None:
    """React from now on."""
    sale_cancelled.connect(show_outcome_anew)


def show_outcome_anew(sale: Sale, **_cancellation: Any) -> None:
    """The agent who still has the call before them sees that it was cancelled, and can change the outcome."""
    publish_after_commit(desk(sale.agent_id), "outcome", {"attempt_id": sale.attempt_id, "window": ""})
