"""What the telephone, the floor and the script tell of one call."""

from collections.abc import Iterator, Mapping
from datetime import timedelta

from sqlalchemy import select

from dialer.core.floor.agent import AgentState
from telesales.agents.models import AgentStateChange
from telesales.calls.models import CallAttempt, CallDirection, ScriptAnswer
from telesales.desk.service.scripting import SCRIPT_STEP, version_of
from telesales.dialing.decisions.queries import decision_of, events_of
from telesales.extensions import db
from telesales.messages.queries import file_name_of
from telesales.scripting.service import read_version
from telesales.timelines.moments import Link, Moment

LONGEST = timedelta(hours=12)  # a call with its writing up: only so far is looked
SHOWN_STATES = (AgentState.RESERVED, AgentState.WRAP_UP)


def of_dialing(attempt: CallAttempt) -> Iterator[Moment]:
    """Reserved by a decision or dialed by hand, looked at, settled."""
    decision = decision_of(attempt)
    if decision is not None:
        link = Link("dialing.show_decision", {"campaign_id": attempt.campaign_id, "decision_id": decision.id})
        told = {"calls": decision.calls, "reason": decision.reason, "estimates": decision.estimates}
        yield Moment(attempt.reserved_at, "call.reserved", told, link=link)
    elif attempt.decision.get("at"):
        yield Moment(attempt.reserved_at, "call.reserved", attempt.decision)
    elif attempt.direction == CallDirection.OUTBOUND:
        yield Moment(attempt.reserved_at, "call.by_hand", who=attempt.agent_id)
    if attempt.originating_at is not None:
        link = Link("dialing.show_call", {"campaign_id": attempt.campaign_id, "attempt_id": attempt.id})
        passed = sum(check["passed"] for check in attempt.checks)
        facts = {"passed": passed, "rules": len(attempt.checks)}
        yield Moment(attempt.originating_at, "call.checked", facts, link=link)
    if attempt.settled_at is not None:
        yield Moment(attempt.settled_at, "call.settled")


def of_events(attempt: CallAttempt) -> Iterator[Moment]:
    """Everything that the network, the floor, the telephone and the script said."""
    titles = _titles(attempt)
    for event in events_of(attempt.id):
        facts = dict(event.details)
        if event.kind == SCRIPT_STEP:
            facts = _step(facts, titles)
        if event.kind == "call.ended":
            facts.setdefault("result", attempt.result or attempt.state)
        if event.kind == "call.message_played" and facts.get("sound"):
            facts["file"] = file_name_of(facts["sound"], attempt.campaign_id)
        yield Moment(event.at, event.kind, facts, who=event.agent_id)


def _titles(attempt: CallAttempt) -> Mapping[str, str]:
    version = version_of(attempt)
    if version is None:
        return {}
    steps = read_version(version).steps
    answers = {f"{step.key}.{answer.key}": answer.title for step in steps for answer in step.answers}
    return {**{step.key: step.title for step in steps}, **answers}


def _step(facts: Mapping[str, str], titles: Mapping[str, str]) -> dict[str, str]:
    answer = facts.get("answer", "")
    return {
        "step": titles.get(facts["step"], facts["step"]),
        "answer": titles.get(f"{facts['from']}.{answer}", answer) if answer else "",
    }


def of_answers(attempt: CallAttempt) -> Iterator[Moment]:
    """What was written into the fields of the script."""
    rows = db.session.scalars(
        select(ScriptAnswer).where(ScriptAnswer.attempt_id == attempt.id).order_by(ScriptAnswer.id)
    )
    version = version_of(attempt)
    labels = {}
    if version is not None:
        labels = {key: found.title for key, found in read_version(version).fields_by_key.items()}
    for row in rows:
        facts = {"field": labels.get(row.field, row.field), "value": row.value}
        yield Moment(row.at, "script.field", facts, who=row.agent_id)


def of_agents(attempt: CallAttempt) -> Iterator[Moment]:
    """What agents did because of the call: it was given to them, they wrote it up, they were free again."""
    people = {event.agent_id for event in events_of(attempt.id)} | {attempt.agent_id}
    rows = db.session.scalars(
        select(AgentStateChange)
        .where(
            AgentStateChange.user_id.in_(people - {None}),
            AgentStateChange.at.between(attempt.reserved_at, attempt.reserved_at + LONGEST),
            AgentStateChange.attempt_id == attempt.id,
        )
        .order_by(AgentStateChange.at, AgentStateChange.id)
    )
    was_writing = False
    for row in rows:
        if row.state in SHOWN_STATES or was_writing:
            facts = {"reason": row.pause_reason, "by": row.by_id}
            yield Moment(row.at, f"agent.{row.state}", facts, who=row.user_id)
        was_writing = row.state == AgentState.WRAP_UP
