"""What an agent does with the telephone during a call. Each verb looks again whether the call is theirs.

The audit trail keeps who asked, and the carrier is told once that is committed (`carry_out`); what came of it is a fact of the
call, told by the carrier. What the carrier could not be told is in the audit trail too (`note_failure`).
"""

import re
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Wish:
    """A verb of `dialer.ports.Telephone` that is written down and not carried out yet."""

    carrier: str
    attempt_id: int
    verb: str
    arguments: tuple[str, ...] = ()


def find_own_talk(user: User, attempt_id: int) -> Talk | None:
    """What the telephone does with the agent's call; None when it is not bridged."""
    try:
        attempt = _own_call(user, attempt_id)
    except CallOverError:
        return None
    return telephone_of(attempt.campaign.carrier).find_talk(attempt_id)


def act(user: User, attempt_id: int, verb: Verb) -> Wish:
    """Hold, take back, join, hand over, let the third person go, or leave the message on a machine."""
    attempt = _own_talk(user, attempt_id)
    if verb is Verb.DROP_VOICEMAIL and not has_voicemail(attempt.campaign.carrier, attempt.campaign_id):
        raise NoMessageError
    record(f"telephone.{verb}", attempt)
    return _wish(attempt, verb)


def send_digits(user: User, attempt_id: int, digits: str) -> Wish:
    """Send tones. They may be somebody's secret: only their number is kept."""
    attempt = _own_talk(user, attempt_id)
    if not _DIGITS.fullmatch(digits):
        raise DigitsError
    record("telephone.send_digits", attempt, count=len(digits))
    return _wish(attempt, "send_digits", digits)


def transfer(user: User, attempt_id: int, typed: str) -> Wish:
    """Hand the callee to a number at once. Raises DestinationError."""
    return _ring(user, attempt_id, "transfer", typed)


def consult(user: User, attempt_id: int, typed: str) -> Wish:
    """Ring somebody while the callee is on hold. Raises DestinationError."""
    return _ring(user, attempt_id, "consult", typed)


def _ring(user: User, attempt_id: int, verb: str, typed: str) -> Wish:
    attempt = _own_talk(user, attempt_id)
    number = allowed_number(attempt, typed)
    record(f"telephone.{verb}", attempt, number=number)
    return _wish(attempt, verb, number)


def _wish(attempt: CallAttempt, verb: str, *arguments: str) -> Wish:
    return Wish(attempt.campaign.carrier, attempt.id, verb, arguments)


def carry_out(wish: Wish) -> None:
    """Tell the carrier. Raises CallOverError and TelephoneAwayError: it was not told."""
    with said_plainly():
        getattr(telephone_of(wish.carrier), wish.verb)(wish.attempt_id, *wish.arguments)


def note_failure(wish: Wish, why: str) -> None:
    """What was asked for did not happen."""
    record("telephone.failed", get_attempt(wish.attempt_id), verb=wish.verb, why=why)


def _own_talk(user: User, attempt_id: int) -> CallAttempt:
    """An agent's own call that the carrier has bridged and not ended."""
    attempt = _own_call(user, attempt_id)
    if telephone_of(attempt.campaign.carrier).find_talk(attempt_id) is None:
        raise CallOverError
    return attempt


def _own_call(user: User, attempt_id: int) -> CallAttempt:
    """The call that this agent is in now; the floor knows it, the records decide whose client it is."""
    attempt = get_attempt(attempt_id)
    here = floor.agent_state(user.id)
    if here is None or here["attempt_id"] != attempt_id or here["state"] != AgentState.ON_CALL:
        raise CallOverError
    return attempt
