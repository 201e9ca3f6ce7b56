"""RQ jobs of messages. Safe to run twice."""

from telesales.extensions import db
from telesales.messages import publishing


def bring_messages() -> None:
    """After a loss of Redis, or a campaign that ended, the gateways have again what they need."""
    try:
        publishing.bring_messages()
    finally:
        db.session.remove()
