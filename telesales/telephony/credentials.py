"""Telephones of people: random credentials for one session of the desk, made here, kept by the page alone.

They live five minutes and are renewed while the page is open, each time with a new password. Who speaks with a telephone of
their own types them in once, so these last for a working day at most. Both end at sign-off. Neither the database, nor Redis, nor a log
ever sees a password: the carrier is told digests, which are all that a SIP server needs.
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
DAY = timedelta(hours=12)  # of a telephone that is no browser
PASSWORD_BYTES = 24
TYPED, TYPED_LENGTH = "abcdefghjkmnpqrstuvwxyz23456789", 16  # nothing that looks like something else; 79 bits
OWN_PHONE = "own"  # in place of the window that has the telephone
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


def open_own_phone(user: User) -> Credentials:
    """Make credentials for a SIP telephone of this person; the browser's end."""
    redis_client().set(_window_key(user), OWN_PHONE, ex=DAY)
    password = "".join(secrets.choice(TYPED) for _ in range(TYPED_LENGTH))
    with said_plainly():
        telephone_of(ASTERISK).open_agent(user.id, password, (clock.now() + DAY).timestamp())
    return Credentials(password, int(DAY.total_seconds()), is_taken=True)


def _window_key(user: User) -> str:
    return f"ts:telephone:window:{user.id}"


def _take_window(user: User, window: str, *, take: bool) -> bool:
    holder = redis_client().get(_window_key(user))
    is_other = holder not in (None, window)
    if is_other and not take and is_connected(user):
        raise ElsewhereError
    redis_client().set(_window_key(user), window, ex=LIFE)
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


def close_unused_line(user: User, carrier: str) -> None:
    """A telephone that goes while its agent works on a campaign without one would take the agent off that floor."""
    if carrier != ASTERISK:
        close_line(user)


def check_connected(user: User, carrier: str) -> None:
    """An agent whose telephone is not connected takes no calls. Raises NotConnectedError."""
    if carrier != ASTERISK:
        return
    if not is_connected(user):
        raise NotConnectedError
