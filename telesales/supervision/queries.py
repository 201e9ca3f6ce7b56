"""Reads for supervisors: an agent as it stands on a floor of theirs; and for the agent, what was ordered last."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from dialer.core.floor.agent import AgentState
from telesales import clock
from telesales.access.roles import Role
from telesales.agents.models import User
from telesales.audit.models import AuditEntry
from telesales.campaigns.models import Campaign
from telesales.campaigns.queries import campaigns_of_agent, get_campaign
from telesales.desk.service.live import LiveState, live_state
from telesales.errors import NotFoundError
from telesales.extensions import db
from telesales.supervision.errors import AgentElsewhereError, AgentGoneError
from telesales.supervision.kinds import OrderKind

REMEMBERED = timedelta(hours=12)  # a shift
AWAY = (AgentState.PAUSED, AgentState.OFFLINE)


@dataclass(frozen=True, slots=True)
class Standing:
    """An agent on the floor of a campaign that the reader may see."""

    agent: User
    campaign: Campaign
    live: LiveState
    ordered_by: str  # name of the supervisor whose order holds

    @property
    def is_busy(self) -> bool:
        """In a call or its writing up: orders come after it."""
        return self.live.attempt_id is not None


def find_standing(agent_id: int, *, expected: int | None = None) -> Standing:
    """Return where an agent stands. `expected`: the campaign that the page has shown."""
    agent = db.session.get(User, agent_id)
    if agent is None or agent.role != Role.AGENT:
        raise NotFoundError
    live = live_state(agent.id)
    if live.campaign_id is None:
        if not campaigns_of_agent(agent):
            raise NotFoundError  # nothing of what the reader may see is this agent's work
        raise AgentGoneError(agent)
    campaign = get_campaign(live.campaign_id)
    if expected is not None and expected != campaign.id:
        raise AgentElsewhereError(agent, campaign)
    return Standing(agent, campaign, live, _name(live.ordered_by))


def may_go_to(standing: Standing) -> Sequence[Campaign]:
    """Other campaigns that the agent may work on."""
    found = campaigns_of_agent(standing.agent)
    return [campaign for campaign in found if campaign.id != standing.campaign.id]


@dataclass(frozen=True, slots=True)
class Notice:
    """What a supervisor ordered, as the agent's desk tells it."""

    id: int
    kind: OrderKind
    by: str
    at: datetime
    reason: str
    note: str
    to_name: str
    is_waiting: bool  # for the end of the call


def notice_for(agent: User) -> Notice | None:
    """The last order to an agent while it means something: it waits, or the agent is away because of it."""
    live = live_state(agent.id)
    entry = _last_order(agent)
    if entry is None or entry.action == OrderKind.TAKEN_BACK:
        return None
    is_away = live.state in AWAY and (entry.action != OrderKind.PAUSE or live.ordered_by is not None)
    if not (live.is_sent_away or is_away):
        return None
    told = entry.details
    return Notice(
        entry.id,
        OrderKind(entry.action),
        entry.actor,
        entry.at,
        told.get("reason", ""),
        told.get("note", ""),
        told.get("to_name", ""),
        live.is_sent_away,
    )


def _last_order(agent: User) -> AuditEntry | None:
    return db.session.scalars(
        select(AuditEntry)
        .where(
            AuditEntry.subject_type == "User",
            AuditEntry.subject_id == agent.id,
            AuditEntry.action.in_([kind.value for kind in OrderKind]),
            AuditEntry.at > clock.now() - REMEMBERED,
        )
        .order_by(AuditEntry.id.desc())
        .limit(1)
    ).first()


def _name(user_id: int | None) -> str:
    found = db.session.get(User, user_id) if user_id else None
    return found.name if found else ""
