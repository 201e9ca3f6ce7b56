"""People who rang us and found nobody are rung back, as soon as the law allows."""

from datetime import datetime

from sqlalchemy import select

from telesales import clock
from telesales.calls.models import CallAttempt, Callback, CallbackState
from telesales.calls.rules import CALLBACK_PRIORITY, zone_shown
from telesales.compliance.queries import find_do_not_call
from telesales.compliance.rules import legal_hours, next_opening
from telesales.extensions import db
from telesales.leads.models import DialState
from telesales.phone import WITHHELD


def promise_ring_back(attempt: CallAttempt) -> Callback | None:
    """Put a call-back for anyone into the campaign; None when this person may not, or cannot, be rung.

    Asked twice about one lead, one call-back is pending; one that an agent promised for later stays beside it.
    A call with the lead that is under way decides by itself.
    """
    lead, at = attempt.lead, ring_back_at(attempt)
    if at is None:
        _let_wait(attempt)
        return None
    promised = _pending(attempt, at)
    if promised is None:
        promised = Callback(
            client_id=attempt.client_id,
            lead_id=lead.id,
            campaign_id=attempt.campaign_id,
            attempt_id=attempt.id,
            scheduled_for=at,
            time_zone=zone_shown(lead.zone_key, lead.zone_evidence),
        )
        db.session.add(promised)
    if not _is_on_the_line(attempt):
        lead.dial_state, lead.done_reason = DialState.READY, ""
        lead.next_attempt_at, lead.priority = promised.scheduled_for, CALLBACK_PRIORITY
        lead.callback_agent_id = promised.agent_id
    return promised


def ring_back_at(attempt: CallAttempt) -> datetime | None:
    """The first moment at which this person may be rung back."""
    campaign, lead = attempt.campaign, attempt.lead
    if attempt.number == WITHHELD:
        return None
    if find_do_not_call(attempt.number, client_id=attempt.client_id, campaign_id=campaign.id) is not None:
        return None
    hours = legal_hours(campaign.calling_hours, is_demo=campaign.is_demo)
    return next_opening(clock.now(), lead.zone_key, hours)


def _let_wait(attempt: CallAttempt) -> None:
    """The lead is as free as it was before the call."""
    if attempt.lead.dial_state == DialState.RESERVED and not _is_on_the_line(attempt):
        attempt.lead.dial_state = DialState.READY


def _pending(attempt: CallAttempt, at: datetime) -> Callback | None:
    return db.session.scalar(
        select(Callback)
        .where(
            Callback.lead_id == attempt.lead_id,
            Callback.campaign_id == attempt.campaign_id,
            Callback.state == CallbackState.PENDING,
            Callback.scheduled_for <= at,
        )
        .order_by(Callback.scheduled_for)
        .limit(1)
    )


def _is_on_the_line(attempt: CallAttempt) -> bool:
    """Another call with the lead is under way, or nobody has said yet what it came to."""
    return attempt.lead.dial_state == DialState.RESERVED and bool(
        db.session.scalar(
            select(CallAttempt.id)
            .where(
                CallAttempt.lead_id == attempt.lead_id,
                CallAttempt.id != attempt.id,
                CallAttempt.settled_at.is_(None),
            )
            .limit(1)
        )
    )
