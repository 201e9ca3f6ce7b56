"""What an agent did on a day, as far as the reader may see the campaigns."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import select

from dialer.core.floor.agent import AgentState
from dialer.ports import SuperviseMode
from telesales.agents.models import AgentStateChange, User
from telesales.audit.models import AuditEntry
from telesales.calls.models import CallAttempt
from telesales.calls.queries import latest_dispositions
from telesales.campaigns.models import Campaign
from telesales.extensions import db
from telesales.leads.models import Lead
from telesales.supervision.kinds import OrderKind
from telesales.supervision.models import SupervisionStep
from telesales.timelines.moments import Link, Moment

Stretch = tuple[datetime, datetime]
ORDERS = tuple(kind.value for kind in OrderKind)


def states_of(agent: User, day: Stretch) -> Sequence[AgentStateChange]:
    """Changes of state in campaigns in scope."""
    return db.session.scalars(
        select(AgentStateChange)
        .where(
            AgentStateChange.user_id == agent.id,
            AgentStateChange.at >= day[0],
            AgentStateChange.at < day[1],
            AgentStateChange.campaign_id.in_(select(Campaign.id)),
        )
        .order_by(AgentStateChange.at, AgentStateChange.id)
    ).all()


def of_states(states: Sequence[AgentStateChange], *, shows_names: bool) -> Iterator[Moment]:
    """States; a conversation names the lead and leads to its timeline."""
    calls = _calls({row.attempt_id for row in states if row.attempt_id is not None})
    campaigns = _campaign_names({row.campaign_id for row in states if row.campaign_id is not None})
    previous = AgentState.OFFLINE.value
    for row in states:
        facts = {
            "reason": row.pause_reason,
            "by": row.by_id,
            "campaign": campaigns.get(row.campaign_id or 0, ""),
            "previous": previous,
        }
        link = None
        if row.state in (AgentState.RESERVED, AgentState.ON_CALL, AgentState.WRAP_UP):
            lead, code = calls.get(row.attempt_id or 0, ("", ""))
            facts |= {"lead": lead if shows_names else "", "code": code}
            link = Link("timelines.show_call", {"attempt_id": row.attempt_id}) if row.attempt_id else None
        yield Moment(row.at, f"day.{row.state}", facts, who=row.user_id, link=link)
        previous = row.state


def _calls(attempt_ids: set[int]) -> dict[int, tuple[str, str]]:
    said = latest_dispositions(attempt_ids)
    rows = db.session.execute(
        select(CallAttempt.id, Lead.name, Lead.company)
        .join(Lead, Lead.id == CallAttempt.lead_id)
        .where(CallAttempt.id.in_(attempt_ids))
    )
    return {
        attempt_id: (name or company, said[attempt_id].code if attempt_id in said else "")
        for attempt_id, name, company in rows
    }


def _campaign_names(campaign_ids: set[int]) -> dict[int, str]:
    rows = db.session.execute(select(Campaign.id, Campaign.name).where(Campaign.id.in_(campaign_ids)))
    return {row[0]: row[1] for row in rows}


def of_orders(agent: User, day: Stretch) -> Iterator[Moment]:
    """What supervisors ordered, with their reasons."""
    rows = db.session.scalars(
        select(AuditEntry)
        .where(
            AuditEntry.subject_type == "User",
            AuditEntry.subject_id == agent.id,
            AuditEntry.action.in_(ORDERS),
            AuditEntry.at >= day[0],
            AuditEntry.at < day[1],
        )
        .order_by(AuditEntry.id)
    ).all()
    visible = set(db.session.scalars(select(Campaign.id)))
    for row in rows:
        if row.details.get("campaign_id") in visible:
            yield Moment(row.at, row.action, row.details, who=row.actor_id, name=row.actor)


def of_supervision(agent: User, states: Sequence[AgentStateChange]) -> Iterator[Moment]:
    """Who took part in the agent's calls of the day."""
    calls = {row.attempt_id for row in states if row.attempt_id is not None}
    rows = db.session.scalars(
        select(SupervisionStep)
        .where(SupervisionStep.attempt_id.in_(calls), SupervisionStep.agent_id == agent.id)
        .order_by(SupervisionStep.id)
    )
    for row in rows:
        kind = "supervision.ended" if row.mode == SuperviseMode.STOP else "supervision.began"
        link = Link("timelines.show_call", {"attempt_id": row.attempt_id})
        yield Moment(row.at, kind, {"mode": row.mode, "why": row.why}, who=row.supervisor_id, link=link)
