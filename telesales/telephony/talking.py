"""What an agent does with the telephone during a call. Each verb looks again whether the call is theirs.

The audit trail keeps who asked; what came of it is a fact of the call, told by the carrier.
"""

import re
from enum import StrEnum

from dialer.core.floor.agent import AgentState
from dialer.ports import Talk
from telesales.agents.models import User
from telesales.audit.service import record
from telesales.calls import floor
from telesales.calls.models import CallAttempt
from telesales.calls.queries import get_attempt
from telesales.telephony.carriers import has_voicemail, said_plainly, telephone_of
from telesales.telephony.destinations import allowed_number
from telesales.telephony.errors import CallOverError, NoMessageError

MAX_DIGITS = 64
_DIGITS = re.compile(rf"[0-9*#A-D]{{1,{MAX_DIGITS}}}")


class Verb(StrEnum):
    """Verbs that need nothing but the call."""

    HOLD = "hold"
    RESUME = "resume"
    MERGE = "merge"
    COMPLETE_TRANSFER = "complete_transfer"
    DROP_CONSULTED = "drop_consulted"
    DROP_VOICEMAIL = "drop_voicemail"


class DigitsError(ValueError):
    """These are no keys of a telephone."""


def find_own_talk(user: User, attempt_id: int) -> Talk | None:
    """What the telephone does with the agent's call; None when it is not bridged."""
    try:
        attempt = _own_call(user, attempt_id)
    except CallOverError:
        return None
    return telephone_of(attempt.campaign.carrier).find_talk(attempt_id)


def act(user: User, attempt_id: int, verb: Verb) -> None:
    """Hold, take back, join, hand over, let the third person go, or leave the message on a machine."""
    attempt = _own_call(user, attempt_id)
    if verb is Verb.DROP_VOICEMAIL and not has_voicemail(attempt.campaign.carrier, attempt.campaign_id):
        raise NoMessageError
    record(f"telephone.{verb}", attempt)
    with said_plainly():
        getattr(telephone_of(attempt.campaign.carrier), verb)(attempt_id)


def send_digits(user: User, attempt_id: int, digits: str) -> None:
    """Send tones. They may be somebody's secret: only their number is kept."""
    attempt = _own_call(user, attempt_id)
    if not _DIGITS.fullmatch(digits):
        raise DigitsError
    record("telephone.send_digits", attempt, count=len(digits))
    with said_plainly():
        telephone_of(attempt.campaign.carrier).send_digits(attempt_id, digits)


def transfer(user: User, attempt_id: int, typed: str) -> None:
    """Hand the callee to a number at once. Raises DestinationError."""
    attempt = _own_call(user, attempt_id)
    number = allowed_number(attempt, typed)
    record("telephone.transfer", attempt, number=number)
    with said_plainly():
        telephone_of(attempt.campaign.carrier).transfer(attempt_id, number)


def consult(user: User, attempt_id: int, typed: str) -> None:
    """Ring somebody while the callee is on hold. Raises DestinationError."""
    attempt = _own_call(user, attempt_id)
    number = allowed_number(attempt, typed)
    record("telephone.consult", attempt, number=number)
    with said_plainly():
        telephone_of(attempt.campaign.carrier).consult(attempt_id, number)


def _own_call(user: User, attempt_id: int) -> CallAttempt:
    """The call that this agent is in now; the floor knows it, the records decide whose client it is."""
    attempt = get_attempt(attempt_id)
    here = floor.agent_state(user.id)
    if here is None or here["attempt_id"] != attempt_id or here["state"] != AgentState.ON_CALL:
        raise CallOverError
    return attempt
