"""Telephones of people: random credentials for one session of the desk, made here, kept by the page alone.

They live five minutes and are renewed while the page is open, each time with a new password. Neither the database nor a log
ever sees one; the carrier keeps a digest.
"""

import logging
import secrets
from dataclasses import dataclass
from datetime import timedelta

from dialer.ports import Line, LineState
from telesales import clock
from telesales.agents.models import User
from telesales.extensions import redis_client
from telesales.telephony.carriers import ASTERISK, said_plainly, telephone_of
from telesales.telephony.errors import ElsewhereError, NotConnectedError, TelephoneAwayError

LIFE = timedelta(minutes=5)
PASSWORD_BYTES = 24
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a telephone registers with; where it registers comes with the carrier's answer (`find_line`)."""

    password: str
    seconds: int  # until they end
    is_taken: bool = False  # from another window of this person

    def __repr__(self) -> str:
        return f"Credentials(seconds={self.seconds})"


def open_line(user: User, *, window: str = "", take: bool = False) -> Credentials:
    """Make credentials for a person's telephone; again: new ones, and the calls go on.

    A person speaks in one window. Raises ElsewhereError while another one is connected, unless it is to be taken over.
    """
    is_taken = _take_window(user, window, take=take)
    password = secrets.token_urlsafe(PASSWORD_BYTES)
    with said_plainly():
        telephone_of(ASTERISK).open_agent(user.id, password, (clock.now() + LIFE).timestamp())
    return Credentials(password, int(LIFE.total_seconds()), is_taken)


def _take_window(user: User, window: str, *, take: bool) -> bool:
    key = f"ts:telephone:window:{user.id}"
    holder = redis_client().get(key)
    is_other = holder not in (None, window)
    if is_other and not take and is_connected(user):
        raise ElsewhereError
    redis_client().set(key, window, ex=LIFE)
    return is_other


def is_connected(user: User) -> bool:
    """True while the telephone is there and a call can be bridged at once."""
    line = find_line(user)
    return line is not None and line.state is LineState.CONNECTED


def find_line(user: User) -> Line | None:
    """The telephone of a person."""
    return telephone_of(ASTERISK).find_line(user.id)


def close_line(user: User) -> None:
    """Take the credentials away. A carrier that is away forgets them by itself when they end."""
    if find_line(user) is None:
        return
    try:
        with said_plainly():
            telephone_of(ASTERISK).close_agent(user.id)
    except TelephoneAwayError:
        log.warning("the telephone of agent %s ends with its credentials", user.id)


def check_connected(user: User, carrier: str) -> None:
    """An agent whose telephone is not connected takes no calls. Raises NotConnectedError."""
    if carrier != ASTERISK:
        return
    if not is_connected(user):
        raise NotConnectedError
