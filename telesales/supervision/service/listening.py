"""Listening, whispering and barging in. Every step is a fact of its own.

The carrier is told once the facts are committed (`tell_carrier`): nobody is heard without a record of it. What it could not be
told is a fact too (`note_failure`), also when whoever was to tell it died (`agreeing`).
"""

import secrets
from collections.abc import Collection, Iterable
from dataclasses import dataclass

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


@dataclass(frozen=True, slots=True)
class News:
    """What a carrier is to be told of a step."""

    carrier: str
    supervisor_id: int
    agent_id: int
    mode: SuperviseMode


def take_part(supervisor: User, standing: Standing, mode: SuperviseMode) -> list[News]:
    """Begin to take part in the call that an agent has, or change the mode without leaving it."""
    attempt_id = standing.live.attempt_id
    if attempt_id is None or standing.live.state != AgentState.ON_CALL:
        raise ConflictError(code="no-call")
    before = open_step(supervisor)
    if before and before.attempt_id == attempt_id and before.agent_id == standing.agent.id:
        return [_news(before) if before.mode == mode else _change(before, mode)]
    news = []
    if before:
        stopped = _stop(before, StopReason.REPLACED)
        news = [stopped] if before.agent_id != standing.agent.id else []
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
    return [*news, _begin(step)]


def _change(before: SupervisionStep, mode: SuperviseMode) -> News:
    return _begin(_next(before, mode, StopReason.ASKED))


def _begin(step: SupervisionStep) -> News:
    _keep(step)
    _audit("call.supervised", step)
    return _news(step)


def _audit(action: str, step: SupervisionStep) -> None:
    attempt = get_attempt(step.attempt_id)
    record(action, attempt, mode=step.mode, agent_id=step.agent_id, session=step.session)


def note_failure(supervisor: User) -> list[News]:
    """The carrier was not told of the last step. The page hangs up the supervisor's telephone: nothing is heard."""
    before = open_step(supervisor)
    if before is None:
        return []
    stopped = _stop(before, StopReason.CARRIER_AWAY)
    _audit("call.supervision_failed", before)
    return [stopped]


def stop(supervisor: User, why: StopReason = StopReason.ASKED) -> list[News]:
    """Take part no longer."""
    before = open_step(supervisor)
    return [] if before is None else [_stop(before, why)]


def stop_if_over(supervisor: User) -> list[News]:
    """The call may have ended between the look at it and the beginning."""
    step = open_step(supervisor)
    is_over = step is not None and live_state(step.agent_id).attempt_id != step.attempt_id
    return stop(supervisor, StopReason.CALL_OVER) if is_over else []


def end_with_calls(attempt_ids: Collection[int]) -> list[News]:
    """Conversations are over: nobody goes on listening to the next one unasked."""
    return [_stop(step, StopReason.CALL_OVER) for step in open_steps_of(attempt_ids)]


def _stop(before: SupervisionStep, why: StopReason) -> News:
    step = _next(before, SuperviseMode.STOP, why)
    _keep(step)
    return _news(step)


def _next(before: SupervisionStep, mode: SuperviseMode, why: StopReason) -> SupervisionStep:
    same = ("client_id", "session", "supervisor_id", "agent_id", "campaign_id", "attempt_id")
    return SupervisionStep(**{name: getattr(before, name) for name in same}, mode=mode, why=why)


def _keep(step: SupervisionStep) -> None:
    db.session.add(step)
    db.session.flush()
    publish_after_commit(desk_topic(step.agent_id), "supervised", {})
    publish_after_commit(desk_topic(step.supervisor_id), "listening", {"why": step.why})


def _news(step: SupervisionStep) -> News:
    carrier = get_campaign(step.campaign_id).carrier
    return News(carrier, step.supervisor_id, step.agent_id, SuperviseMode(step.mode))


def tell_carrier(news: Iterable[News]) -> None:
    """Carry out what is committed. Raises CarrierUnavailableError: nobody was told."""
    for one in news:
        telephone = make_telephone(one.carrier, redis_client())
        try:
            telephone.supervise(one.supervisor_id, one.agent_id, one.mode)
        except CarrierUnavailableError:
            if one.mode is not SuperviseMode.STOP:  # else the page hangs up by itself
                raise
