"""What telephones do when people go."""

import logging
from typing import Any

import redis

from telesales.agents.models import User
from telesales.agents.signals import person_deactivated
from telesales.telephony.credentials import close_line

log = logging.getLogger(__name__)


def connect() -> None:
    """React from now on."""
    person_deactivated.connect(_take_telephone)


def _take_telephone(user: User, **_details: Any) -> None:
    """Whoever may not sign in any more speaks with nobody, also with a telephone beside the browser."""
    try:
        close_line(user)
    except redis.RedisError:
        log.warning("the telephone of person %s ends with its credentials", user.id, exc_info=True)
