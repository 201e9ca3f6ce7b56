"""Somebody rings a number that we show."""

from dialer.ports import RingingIn
from telesales import clock
from telesales.calls.models import CallAttempt
from telesales.dialing.inbound import take
from telesales.dialing.jobs import settle_call
from telesales.extensions import db
from tests.factories_calls import make_attempt, make_calling_agent
from tests.factories_dialing import make_dialing_campaign, make_waiting_lead

OURS, STRANGER = "+12025550100", "+12125550177"


def make_called(campaign=None, **columns) -> CallAttempt:
    """A call of ours that nobody answered; its lead waits for the next one."""
    campaign = campaign or make_dialing_campaign()
    lead = make_waiting_lead(campaign)
    usual = {"state": "ended", "result": "no_answer", "connected_at": None, "settled_at": clock.now()}
    attempt = make_attempt(make_calling_agent(), campaign=campaign, lead=lead, **{**usual, **columns})
    db.session.commit()
    return attempt


def ring_in(
    number: str, call_id: str = "a", *, dialed: str = OURS, carrier: str = "simulated"
) -> CallAttempt | None:
    """As a carrier tells us; there is no call when nobody takes it."""
    order = take(RingingIn(carrier, call_id, number, dialed, clock.now().timestamp()))
    db.session.commit()
    return None if order is None else db.session.get(CallAttempt, order.attempt_id)


def end_call(attempt: CallAttempt, result: str) -> CallAttempt:
    """It is over and settled."""
    attempt.state, attempt.result, attempt.ended_at = "ended", result, clock.now()
    db.session.commit()
    settle_call(attempt.id)
    db.session.refresh(attempt)
    return attempt
