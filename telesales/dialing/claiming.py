"""The moment of dialing: every rule is looked at, one job gets the attempt, and the record of it is kept.

Looking needs no lock and taking is one statement, so that on SQLite dialing waits for nobody for long. Taking may wait
for another's write, and that may be the very word that forbids the call: the statement asks once more for all of it
that people can say.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, exists, select, update

from dialer.ports import OTHERS_NUMBERS, PlaceOrder, Refusal
from telesales import clock
from telesales.calls.models import CallAttempt, CallResult, CallState
from telesales.campaigns.models import Campaign
from telesales.campaigns.states import CampaignState
from telesales.compliance.queries import is_forbidden
from telesales.compliance.rules import legal_hours, next_opening
from telesales.dialing.checks import Check, Subject, check_all, is_dialed
from telesales.dialing.likeness import profile_of
from telesales.extensions import db
from telesales.leads.models import DialState, Lead
from telesales.recordings.policy import recording_policy_of
from telesales.tenancy.models import Client

RELEASED_FOR = timedelta(seconds=30)  # a carrier that is down is not asked for the same lead at once
UNPLACED = (CallState.RESERVED, CallState.ORIGINATING)
FINAL = frozenset({"do_not_call", "attempt_cap", "fictional_number"})
WAITS_UNTIL = frozenset({"number_free", "number_rests"})
NEVER_CALLABLE = "never_callable"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the rules say of an attempt, and what has to be written if it is still to be had."""

    answer: PlaceOrder | Refusal
    attempt: Mapping[str, Any]
    client_id: int
    lead_id: int
    lead: Mapping[str, Any]


def examine(attempt_id: int) -> Verdict | None:
    """Look at every rule; None when another job has the attempt or it is over. Only reads."""
    subject = _find_subject(attempt_id)
    if subject is None:
        return None
    checks = check_all(subject)
    record = {"checks": [check.record() for check in checks], "originating_at": subject.at}
    failed = next((check for check in checks if not check.passed), None)
    if failed is None:
        values = {**record, "state": CallState.ORIGINATING}
        return Verdict(_order(subject), values, subject.client.id, subject.lead.id, {})
    return _refusal(subject, failed, record)


def claim(verdict: Verdict) -> PlaceOrder | Refusal | None:
    """Take the attempt for this job; None when another one was faster, or when it may not be dialed any more."""
    is_still_so = _still_allowed(verdict) if isinstance(verdict.answer, PlaceOrder) else ()
    taken = db.session.scalar(
        update(CallAttempt)
        .where(CallAttempt.id == verdict.answer.attempt_id, CallAttempt.state == CallState.RESERVED)
        .where(*is_still_so)
        .values(**verdict.attempt)
        .returning(CallAttempt.id)
        .execution_options(synchronize_session=False)
    )
    if taken is None:
        return None
    if verdict.lead:
        _change_lead(verdict.lead_id, verdict.lead)
    return verdict.answer


def _still_allowed(verdict: Verdict) -> Sequence[ColumnElement[bool]]:
    """What somebody may have said since the rules were looked at."""
    lead, campaign_id = Lead.id == verdict.lead_id, verdict.answer.campaign_id
    return (
        exists().where(Campaign.id == campaign_id, Campaign.state == CampaignState.RUNNING),
        exists().where(
            lead,
            Lead.dial_state == DialState.RESERVED,
            Lead.number == CallAttempt.number,
            is_dialed(Lead.list_id, campaign_id),
        ),
        ~is_forbidden(CallAttempt.number, client_id=verdict.client_id, campaign_id=campaign_id),
    )


def _change_lead(lead_id: int, values: Mapping[str, Any]) -> None:
    """A lead that somebody else has decided about meanwhile is left alone."""
    db.session.execute(
        update(Lead)
        .where(Lead.id == lead_id, Lead.dial_state == DialState.RESERVED)
        .values(**values)
        .execution_options(synchronize_session=False)
    )


def _find_subject(attempt_id: int) -> Subject | None:
    row = db.session.execute(
        select(CallAttempt, Campaign, Lead, Client)
        .join(Campaign, Campaign.id == CallAttempt.campaign_id)
        .join(Lead, Lead.id == CallAttempt.lead_id)
        .join(Client, Client.id == CallAttempt.client_id)
        .where(CallAttempt.id == attempt_id, CallAttempt.state == CallState.RESERVED)
    ).one_or_none()
    return None if row is None else Subject(*row, at=clock.now())


def _order(subject: Subject) -> PlaceOrder:
    attempt, campaign = subject.attempt, subject.campaign
    return PlaceOrder(
        attempt_id=attempt.id,
        campaign_id=campaign.id,
        number=attempt.number,
        caller_id=attempt.caller_id or "",
        ring_seconds=attempt.ring_seconds,
        profile=_profile_of(campaign),
        carrier=campaign.carrier,
        recording=recording_policy_of(attempt),
        allowed_at=subject.at.timestamp(),
    )


def _profile_of(campaign: Campaign) -> dict[str, Any]:
    """What the carrier is told; a real one also which numbers on its trunks are those of other clients."""
    if campaign.carrier == "simulated":
        return profile_of(campaign)
    others = db.session.scalars(
        select(Campaign.caller_id)
        .where(Campaign.client_id != campaign.client_id, Campaign.caller_id.is_not(None))
        .distinct()
    )
    return {**profile_of(campaign), OTHERS_NUMBERS: sorted(number for number in others if number)}


def _refusal(subject: Subject, failed: Check, record: Mapping[str, Any]) -> Verdict:
    reason = ", ".join(f"{name}: {value}" for name, value in failed.input.items())
    answer = Refusal(subject.attempt.id, subject.campaign.id, failed.rule, reason)
    attempt = {
        **record,
        "state": CallState.ENDED,
        "result": CallResult.REFUSED,
        "cause": failed.rule,
        "ended_at": subject.at,
        "settled_at": subject.at,
    }
    return Verdict(answer, attempt, subject.client.id, subject.lead.id, _back(subject, failed))


def _back(subject: Subject, failed: Check) -> dict[str, Any]:
    """What becomes of the lead."""
    rule = failed.rule
    if rule in FINAL:
        return {"dial_state": DialState.DONE, "done_reason": rule}
    if rule == "number_free" and failed.input["same_lead"]:
        return {}  # the other call decides
    if rule in WAITS_UNTIL:
        return {
            "dial_state": DialState.READY,
            "next_attempt_at": datetime.fromisoformat(failed.input["until"]),
        }
    if rule != "calling_hours":
        return {"dial_state": DialState.READY}
    campaign = subject.campaign
    hours = legal_hours(campaign.calling_hours, is_demo=campaign.is_demo)
    opening = next_opening(subject.at, subject.lead.zone_key, hours)
    if opening is None:
        return {"dial_state": DialState.DONE, "done_reason": NEVER_CALLABLE}
    return {"dial_state": DialState.READY, "next_attempt_at": opening}


def release(attempt_id: int, reason: str) -> None:
    """The call was never placed and never will be: its lead waits again."""
    now: datetime = clock.now()
    lead_id = db.session.scalar(
        update(CallAttempt)
        .where(CallAttempt.id == attempt_id, CallAttempt.state.in_(UNPLACED))
        .values(state=CallState.RELEASED, cause=reason[:30], ended_at=now, settled_at=now)
        .returning(CallAttempt.lead_id)
        .execution_options(synchronize_session=False)
    )
    if lead_id is not None:
        _change_lead(lead_id, {"dial_state": DialState.READY, "next_attempt_at": now + RELEASED_FOR})
