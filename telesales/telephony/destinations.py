"""Where an agent may transfer a callee to, or ring for advice. What is not certainly allowed is refused."""

from enum import StrEnum

from telesales import clock
from telesales.calls.models import CallAttempt
from telesales.compliance.queries import find_do_not_call, home_region
from telesales.compliance.rules import is_calling_hour, legal_hours
from telesales.leads.queries import zone_keys_of_number
from telesales.phone import InvalidNumberError, is_fictional, is_ordinary, parse_number


class DestinationProblem(StrEnum):
    """Why a number is not rung."""

    NOT_A_NUMBER = "not_a_number"
    COSTLY = "costly"  # premium, shared cost, pager, or of a kind that is not known
    ABROAD = "abroad"
    DO_NOT_CALL = "do_not_call"
    CALLEE = "callee"
    HOURS = "hours"  # a lead of this client, whom nobody may call now
    REAL = "real"  # in a demo only invented people are rung


class DestinationError(ValueError):
    """The number may not be rung."""

    def __init__(self, problem: DestinationProblem) -> None:
        super().__init__(problem)
        self.problem = problem


def allowed_number(attempt: CallAttempt, typed: str) -> str:
    """Return the number as E.164. Raises DestinationError."""
    home = home_region()
    try:
        number = parse_number(typed, home)
    except InvalidNumberError:
        raise DestinationError(DestinationProblem.NOT_A_NUMBER) from None
    if not is_ordinary(number.e164):
        raise DestinationError(DestinationProblem.COSTLY)
    if (attempt.campaign.is_demo or attempt.campaign.client.is_demo) and not is_fictional(number.e164):
        raise DestinationError(DestinationProblem.REAL)
    if number.e164 == attempt.number:
        raise DestinationError(DestinationProblem.CALLEE)
    if number.region not in _regions(attempt, home):
        raise DestinationError(DestinationProblem.ABROAD)
    if find_do_not_call(number.e164, client_id=attempt.client_id, campaign_id=attempt.campaign_id):
        raise DestinationError(DestinationProblem.DO_NOT_CALL)
    if not _is_calling_hour_of_lead(attempt, number.e164):
        raise DestinationError(DestinationProblem.HOURS)
    return number.e164


def _is_calling_hour_of_lead(attempt: CallAttempt, number: str) -> bool:
    """Whom the callee asks for may be rung at any hour; a lead stays one, whichever way it is called."""
    hours = legal_hours(attempt.campaign.calling_hours, is_demo=attempt.campaign.is_demo)
    zone_keys = zone_keys_of_number(number, client_id=attempt.client_id)
    return all(is_calling_hour(clock.now(), zone_key, hours) for zone_key in zone_keys)


def _regions(attempt: CallAttempt, home: str) -> set[str]:
    """The countries that this call has to do with: a stolen desk is no cheap line to the rest of the world."""
    known = [number for number in (attempt.number, attempt.caller_id) if number]
    return {home, *(parse_number(number, None).region for number in known)}
