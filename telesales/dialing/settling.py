"""What an ended call means for its lead and for the day of its agent. Each call is settled once."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from dialer.core.hopper import Done, Next, Result, next_attempt
from telesales import clock
from telesales.agents.models import User
from telesales.calls.models import CallAttempt, CallResult, CallState
from telesales.calls.rules import DispositionCode, retry_policy
from telesales.calls.service.dispositions import find_disposition
from telesales.calls.service.ringing_back import promise_ring_back
from telesales.calls.service.sales import local_day
from telesales.dialing.days import add_to_day
from telesales.extensions import db
from telesales.leads.models import DialState, Lead

WORD_EXPECTED = timedelta(hours=1)  # from the agent, after a conversation
FORGOTTEN_AFTER = timedelta(seconds=30)
MOST_AT_ONCE = 500
# A person who hangs up at once is treated like one who did not answer.
RULE_OF = {CallResult.HUNG_UP_FIRST: Result.NO_ANSWER.value}


def settle(attempt_id: int) -> bool:
    """Settle an ended call; False when it was settled already or is not over."""
    attempt: CallAttempt | None = db.session.scalar(
        select(CallAttempt).where(CallAttempt.id == attempt_id).with_for_update()
    )
    if attempt is None or attempt.settled_at is not None or attempt.state != CallState.ENDED:
        return False
    attempt.settled_at = clock.now()
    _count_attempt(attempt)
    if attempt.result == CallResult.TALKED:
        _count_talk(attempt)
    elif attempt.is_inbound:
        promise_ring_back(attempt)
    else:
        _schedule(attempt)
    return True


def _count_attempt(attempt: CallAttempt) -> None:
    lead = attempt.lead
    if not attempt.is_inbound:  # the cap is on how often we ring
        lead.attempts += 1
    lead.last_attempt_at = attempt.originating_at or attempt.reserved_at
    if find_disposition(attempt.id) is None:
        lead.last_result = attempt.result or ""


def _count_talk(attempt: CallAttempt) -> None:
    agent = db.session.get(User, attempt.agent_id) if attempt.agent_id else None
    if agent is None or attempt.connected_at is None:
        return
    day = local_day(agent, attempt.connected_at)
    add_to_day(agent.id, attempt.campaign, day, calls=1, talk_seconds=round(attempt.talk_seconds))


def _schedule(attempt: CallAttempt) -> None:
    """Decide when the lead is tried again; a lead that somebody else has decided about is left alone."""
    if attempt.lead.dial_state == DialState.RESERVED and attempt.result is not None:
        rule = RULE_OF.get(CallResult(attempt.result), attempt.result)
        _apply(attempt.lead, _next(attempt, rule, same=_same_results(attempt)))


def _next(attempt: CallAttempt, rule: str, *, same: int) -> Next:
    campaign, ended_at = attempt.campaign, attempt.ended_at or clock.now()
    return next_attempt(
        retry_policy(campaign.retry_rules, max_attempts=campaign.max_attempts),
        result=rule,
        ended_at=ended_at.timestamp(),
        attempts=attempt.lead.attempts,
        same_result=same,
    )


def _same_results(attempt: CallAttempt) -> int:
    """How often this lead has had this result, this time included."""
    count = db.session.scalar(
        select(func.count()).where(
            CallAttempt.lead_id == attempt.lead_id,
            CallAttempt.campaign_id == attempt.campaign_id,
            CallAttempt.result == attempt.result,
            CallAttempt.state == CallState.ENDED,
        )
    )
    return max(1, count or 0)


def _apply(lead: Lead, after: Next) -> None:
    if after.at is None:
        lead.dial_state, lead.done_reason = DialState.DONE, after.done or Done.FINAL
    else:
        lead.dial_state, lead.next_attempt_at = DialState.READY, datetime.fromtimestamp(after.at, UTC)


def forgotten_calls() -> list[int]:
    """Calls that ended a while ago and were not settled: the job was lost."""
    return list(
        db.session.scalars(
            select(CallAttempt.id)
            .where(
                CallAttempt.state == CallState.ENDED,
                CallAttempt.settled_at.is_(None),
                CallAttempt.ended_at < clock.now() - FORGOTTEN_AFTER,
            )
            .limit(MOST_AT_ONCE)
        )
    )


def free_silent_leads() -> int:
    """Leads whose agent never said what the conversation came to are tried again another day."""
    newer = aliased(CallAttempt)
    last_of_lead = select(func.max(newer.id)).where(newer.lead_id == CallAttempt.lead_id).scalar_subquery()
    attempts = db.session.scalars(
        select(CallAttempt)
        .join(Lead, Lead.id == CallAttempt.lead_id)
        .where(
            Lead.dial_state == DialState.RESERVED,
            CallAttempt.state == CallState.ENDED,
            CallAttempt.result == CallResult.TALKED,
            CallAttempt.settled_at.is_not(None),
            CallAttempt.ended_at < clock.now() - WORD_EXPECTED,
            CallAttempt.id == last_of_lead,
        )
        .with_for_update(of=Lead, skip_locked=True)  # else the word of an agent who saves just now is lost
        .limit(MOST_AT_ONCE)
        .execution_options(populate_existing=True)
    ).all()
    for attempt in attempts:
        _apply(attempt.lead, _next(attempt, DispositionCode.OTHER, same=1))
    return len(attempts)
