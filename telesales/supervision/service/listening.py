"""Listening, whispering and barging in. Every step is a fact of its own; the carrier is told in the same unit of work."""

import secrets
from collections.abc import Collection

from dialer.carriers import make_telephone
from dialer.core.floor.agent import AgentState
from dialer.ports import CarrierUnavailableError, SuperviseMode
from telesales.agents.models import User
from telesales.audit.service import record
from telesales.calls.queries import get_attempt
from telesales.campaigns.queries import get_campaign
from telesales.desk.service.live import live_state
from telesales.errors import ConflictError
from telesales.extensions import db, redis_client
from telesales.push.publish import publish_after_commit
from telesales.push.topics import desk as desk_topic
from telesales.supervision.kinds import StopReason
from telesales.supervision.models import SupervisionStep
from telesales.supervision.queries import Standing, open_step, open_steps_of

MODES = (SuperviseMode.LISTEN, SuperviseMode.WHISPER, SuperviseMode.BARGE)


def take_part(supervisor: User, standing: Standing, mode: SuperviseMode) -> SupervisionStep:
    """Begin to take part in the call that an agent has, or change the mode without leaving it."""
    attempt_id = standing.live.attempt_id
    if attempt_id is None or standing.live.state != AgentState.ON_CALL:
        raise ConflictError(code="no-call")
    before = open_step(supervisor)
    if before and before.attempt_id == attempt_id and before.agent_id == standing.agent.id:
        return before if before.mode == mode else _change(before, mode)
    if before:
        _stop(before, StopReason.REPLACED, carry_out=before.agent_id != standing.agent.id)
    attempt = get_attempt(attempt_id)
    step = SupervisionStep(
        client_id=attempt.client_id,
        session=secrets.token_hex(16),
        supervisor_id=supervisor.id,
        agent_id=standing.agent.id,
        campaign_id=attempt.campaign_id,
        attempt_id=attempt_id,
        mode=mode,
    )
    return _begin(step)


def _change(before: SupervisionStep, mode: SuperviseMode) -> SupervisionStep:
    return _begin(_next(before, mode, StopReason.ASKED))


def _begin(step: SupervisionStep) -> SupervisionStep:
    _keep(step)
    record(
        "call.supervised",
        get_attempt(step.attempt_id),
        mode=step.mode,
        agent_id=step.agent_id,
        session=step.session,
    )
    _tell_carrier(step)
    return step


def stop(supervisor: User, why: StopReason = StopReason.ASKED) -> bool:
    """Take part no longer; False when there was nothing to stop."""
    before = open_step(supervisor)
    if before is None:
        return False
    _stop(before, why)
    return True


def stop_if_over(supervisor: User) -> None:
    """The call may have ended between the look at it and the beginning."""
    step = open_step(supervisor)
    if step is not None and live_state(step.agent_id).attempt_id != step.attempt_id:
        _stop(step, StopReason.CALL_OVER)


def end_with_calls(attempt_ids: Collection[int]) -> None:
    """Conversations are over: nobody goes on listening to the next one unasked."""
    for step in open_steps_of(attempt_ids):
        _stop(step, StopReason.CALL_OVER)


def _stop(before: SupervisionStep, why: StopReason, *, carry_out: bool = True) -> None:
    step = _next(before, SuperviseMode.STOP, why)
    _keep(step)
    if not carry_out:
        return
    try:
        _tell_carrier(step)
    except CarrierUnavailableError:
        return  # its leg is gone with it


def _next(before: SupervisionStep, mode: SuperviseMode, why: StopReason) -> SupervisionStep:
    same = ("client_id", "session", "supervisor_id", "agent_id", "campaign_id", "attempt_id")
    return SupervisionStep(**{name: getattr(before, name) for name in same}, mode=mode, why=why)


def _keep(step: SupervisionStep) -> None:
    db.session.add(step)
    db.session.flush()
    publish_after_commit(desk_topic(step.agent_id), "supervised", {})
    publish_after_commit(desk_topic(step.supervisor_id), "listening", {"why": step.why})


def _tell_carrier(step: SupervisionStep) -> None:
    telephone = make_telephone(get_campaign(step.campaign_id).carrier, redis_client())
    telephone.supervise(step.supervisor_id, step.agent_id, SuperviseMode(step.mode))
