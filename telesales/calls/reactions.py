"""What the floor does when people go."""

from typing import Any

from telesales.agents.models import User
from telesales.agents.signals import person_deactivated
from telesales.calls import floor


def connect() -> None:
    """React from now on."""
    person_deactivated.connect(_leave_floor)


def _leave_floor(user: User, **_details: Any) -> None:
    """Nobody must be connected with somebody who cannot answer any more."""
    floor.sign_off(user.id)
