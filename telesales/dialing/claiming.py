"""The moment of dialing: one job gets the attempt, every rule is looked at, and the record of it is kept."""

from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import CursorResult, select, update

from dialer.ports import PlaceOrder, Refusal
from telesales import clock
from telesales.calls.models import CallAttempt, CallResult, CallState
from telesales.campaigns.models import Campaign
from telesales.compliance.rules import legal_hours, next_opening
from telesales.dialing.checks import Check, Subject, check_all
from telesales.extensions import db
from telesales.leads.models import DialState, Lead
from telesales.tenancy.models import Client

RELEASED_FOR = timedelta(seconds=30)  # a carrier that is down is not asked for the same lead at once
UNPLACED = (CallState.RESERVED, CallState.ORIGINATING)
FINAL = frozenset({"do_not_call", "attempt_cap", "fictional_number"})


def claim(attempt_id: int) -> PlaceOrder | Refusal | None:
    """Take the attempt for this job; None when another has it or it is over."""
    now = clock.now()
    taken: CursorResult[object] = db.session.execute(  # type: ignore[assignment]
        update(CallAttempt)
        .where(CallAttempt.id == attempt_id, CallAttempt.state == CallState.RESERVED)
        .values(state=CallState.ORIGINATING, originating_at=now)
        .execution_options(synchronize_session=False)
    )
    if taken.rowcount != 1:
        return None
    subject = _subject(attempt_id, now)
    checks = check_all(subject)
    subject.attempt.checks = [check.record() for check in checks]
    failed = next((check for check in checks if not check.passed), None)
    return _order(subject) if failed is None else _refuse(subject, failed)


def _subject(attempt_id: int, now: datetime) -> Subject:
    attempt, campaign, lead, client = db.session.execute(
        select(CallAttempt, Campaign, Lead, Client)
        .join(Campaign, Campaign.id == CallAttempt.campaign_id)
        .join(Lead, Lead.id == CallAttempt.lead_id)
        .join(Client, Client.id == CallAttempt.client_id)
        .where(CallAttempt.id == attempt_id)
    ).one()
    return Subject(attempt, campaign, lead, client, now)


def _order(subject: Subject) -> PlaceOrder:
    attempt, campaign = subject.attempt, subject.campaign
    settings = current_app.config["TELESALES"]
    world = {"speed": settings.carrier_speed, "seed": settings.carrier_seed}
    return PlaceOrder(
        attempt_id=attempt.id,
        campaign_id=campaign.id,
        number=attempt.number,
        caller_id=attempt.caller_id or "",
        ring_seconds=attempt.ring_seconds,
        profile={**(world if campaign.carrier == "simulated" else {}), **campaign.carrier_profile},
        carrier=campaign.carrier,
    )


def _refuse(subject: Subject, failed: Check) -> Refusal:
    attempt = subject.attempt
    attempt.state, attempt.result, attempt.cause = CallState.ENDED, CallResult.REFUSED, failed.rule
    attempt.ended_at = attempt.settled_at = subject.at
    if subject.lead.dial_state == DialState.RESERVED:
        _put_back(subject, failed.rule)
    reason = ", ".join(f"{name}: {value}" for name, value in failed.input.items())
    return Refusal(attempt.id, subject.campaign.id, failed.rule, reason)


def _put_back(subject: Subject, rule: str) -> None:
    lead, campaign = subject.lead, subject.campaign
    if rule in FINAL:
        lead.dial_state, lead.done_reason = DialState.DONE, rule
        return
    lead.dial_state = DialState.READY
    if rule == "calling_hours":
        hours = legal_hours(campaign.calling_hours, is_demo=campaign.is_demo)
        opening = next_opening(subject.at, lead.zone_key, hours)
        if opening is None:
            lead.dial_state, lead.done_reason = DialState.DONE, "never_callable"
        else:
            lead.next_attempt_at = opening


def release(attempt_id: int, reason: str) -> None:
    """The call was never placed and never will be: its lead waits again."""
    lead_id = db.session.scalar(
        update(CallAttempt)
        .where(CallAttempt.id == attempt_id, CallAttempt.state.in_(UNPLACED))
        .values(state=CallState.RELEASED, cause=reason[:30], ended_at=clock.now(), settled_at=clock.now())
        .returning(CallAttempt.lead_id)
        .execution_options(synchronize_session=False)
    )
    if lead_id is not None:
        db.session.execute(
            update(Lead)
            .where(Lead.id == lead_id, Lead.dial_state == DialState.RESERVED)
            .values(dial_state=DialState.READY, next_attempt_at=clock.now() + RELEASED_FOR)
            .execution_options(synchronize_session=False)
        )
