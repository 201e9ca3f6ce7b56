"""What an agent says a call came to, and what follows for its lead."""

from datetime import UTC, datetime

from sqlalchemy import func, select, update

from telesales import clock
from telesales.agents.models import User
from telesales.audit.service import record
from telesales.calls import rules, signals
from telesales.calls.errors import CallbackRefusedError, UnknownDispositionError
from telesales.calls.models import CallAttempt, Callback, CallbackState, CallDisposition
from telesales.calls.rules import DispositionCode, Fate
from telesales.compliance import service as compliance
from telesales.compliance.models import ASKED_DURING_A_CALL, DoNotCallScope
from telesales.compliance.rules import legal_hours
from telesales.extensions import db
from telesales.leads.models import DialState, Lead
from telesales.phone import WITHHELD


def record_disposition(
    attempt: CallAttempt,
    agent: User,
    code: str,
    note: str = "",
    *,
    callback_at: datetime | None = None,
    anyone: bool = False,
) -> CallDisposition:
    """Save what a call came to and decide what becomes of the lead. Said twice, it counts once.

    A later word is a correction: a new row that decides anew, unless a newer call has had its word. `callback_at` belongs to a call-back;
    `anyone` lets every agent keep it.
    """
    if code not in rules.BY_CODE:
        raise UnknownDispositionError(code)
    said = find_disposition(attempt.id)
    if said is not None and (said.code, said.note) == (code, note) and _is_promised(attempt, callback_at):
        return said
    disposition = CallDisposition(
        client_id=attempt.client_id,
        attempt_id=attempt.id,
        lead_id=attempt.lead_id,
        agent_id=agent.id,
        code=code,
        note=note,
        at=clock.now(),
    )
    if code == DispositionCode.DO_NOT_CALL or not _is_overtaken(attempt):
        _close_promises(attempt)
        _decide_fate(attempt, agent, disposition, callback_at=callback_at, anyone=anyone)
    db.session.add(disposition)
    db.session.flush()
    record("call.disposition_recorded", attempt, code=code, lead_id=attempt.lead_id)
    signals.disposition_saved.send(disposition)
    return disposition


def _is_overtaken(attempt: CallAttempt) -> bool:
    """A newer call with this person has said what becomes of the lead: an old page must not open it again.

    People who withhold their numbers share a lead and are many.
    """
    if attempt.number == WITHHELD:
        return False
    newer = select(CallDisposition.id).where(
        CallDisposition.lead_id == attempt.lead_id, CallDisposition.attempt_id > attempt.id
    )
    return db.session.scalar(newer.limit(1)) is not None


def _is_promised(attempt: CallAttempt, at: datetime | None) -> bool:
    return at is None or bool(
        db.session.scalar(
            select(Callback.id).where(
                Callback.attempt_id == attempt.id,
                Callback.scheduled_for == at,
                Callback.state == CallbackState.PENDING,
            )
        )
    )


def find_disposition(attempt_id: int) -> CallDisposition | None:
    """The agent's last word on a call."""
    return db.session.scalar(
        select(CallDisposition)
        .where(CallDisposition.attempt_id == attempt_id)
        .order_by(CallDisposition.id.desc())
        .limit(1)
    )


def _decide_fate(
    attempt: CallAttempt,
    agent: User,
    disposition: CallDisposition,
    *,
    callback_at: datetime | None,
    anyone: bool,
) -> None:
    lead = attempt.lead
    lead.last_result = disposition.code
    lead.callback_agent_id = None
    lead.priority = 0 if lead.priority == rules.CALLBACK_PRIORITY else lead.priority
    fate = rules.BY_CODE[disposition.code].fate
    if fate is Fate.CALL_BACK:
        _promise(attempt, None if anyone else agent, callback_at, disposition.note)
    elif fate is Fate.RETRY:
        _try_again(attempt, DispositionCode(disposition.code))
    else:
        _finish(lead, disposition.code)
    if disposition.code == DispositionCode.DO_NOT_CALL and attempt.number != WITHHELD:
        _forbid(attempt, disposition.note)


def _finish(lead: Lead, reason: str) -> None:
    lead.dial_state, lead.done_reason = DialState.DONE, reason


def _forbid(attempt: CallAttempt, note: str) -> None:
    compliance.add_entry(
        number=attempt.number,
        scope=DoNotCallScope.CLIENT,
        client_id=attempt.client_id,
        source=ASKED_DURING_A_CALL,
        reason=note or None,
        attempt_id=attempt.id,
    )


def _try_again(attempt: CallAttempt, code: DispositionCode) -> None:
    lead, campaign = attempt.lead, attempt.campaign
    earlier = db.session.scalar(
        select(func.count(func.distinct(CallDisposition.attempt_id))).where(
            CallDisposition.lead_id == lead.id,
            CallDisposition.code == code,
            CallDisposition.attempt_id != attempt.id,
        )
    )
    policy = rules.retry_policy(campaign.retry_rules, max_attempts=campaign.max_attempts)
    after = rules.after_retry(policy, code, at=clock.now(), attempts=lead.attempts, same=(earlier or 0) + 1)
    if after.at is None:
        _finish(lead, code)
        return
    _wait_until(lead, datetime.fromtimestamp(after.at, UTC))


def _wait_until(lead: Lead, at: datetime) -> None:
    lead.dial_state, lead.done_reason, lead.next_attempt_at = DialState.READY, "", at


def promising(attempt: CallAttempt) -> rules.Promising:
    """What decides when the lead of a call may be called back."""
    campaign = attempt.campaign
    hours = legal_hours(campaign.calling_hours, is_demo=campaign.is_demo)
    return rules.Promising(clock.now(), attempt.lead.zone_key, hours)


def _promise(attempt: CallAttempt, agent: User | None, at: datetime | None, note: str) -> None:
    lead, campaign = attempt.lead, attempt.campaign
    moment = at or clock.now()
    problem = promising(attempt).problem_of(moment)
    if problem is not None:
        raise CallbackRefusedError(problem)
    db.session.add(
        Callback(
            client_id=attempt.client_id,
            lead_id=lead.id,
            campaign_id=campaign.id,
            attempt_id=attempt.id,
            agent_id=agent.id if agent else None,
            scheduled_for=moment,
            time_zone=rules.zone_shown(lead.zone_key, lead.zone_evidence),
            note=note[:300],
        )
    )
    _wait_until(lead, moment)
    lead.priority = rules.CALLBACK_PRIORITY
    lead.callback_agent_id = agent.id if agent else None


def _close_promises(attempt: CallAttempt) -> None:
    """What was promised before this call is kept by it; what this call promised is decided anew."""
    pending = (Callback.lead_id == attempt.lead_id, Callback.state == CallbackState.PENDING)
    db.session.execute(
        update(Callback)
        .where(*pending, Callback.attempt_id == attempt.id)
        .values(state=CallbackState.CANCELLED)
    )
    db.session.execute(update(Callback).where(*pending).values(state=CallbackState.DONE))
