"""Reads for supervisors: an agent as it stands on a floor of theirs; and for the agent, what was ordered last."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from dialer.core.floor.agent import AgentState
from dialer.ports import SuperviseMode
from telesales import clock
from telesales.access.roles import LEADERS, Role
from telesales.agents.models import User
from telesales.audit.models import AuditEntry
from telesales.campaigns.models import Campaign
from telesales.campaigns.queries import campaigns_of_agent, get_campaign
from telesales.centre import service as centre
from telesales.desk.service.live import LiveState, live_state
from telesales.errors import NotFoundError
from telesales.extensions import db
from telesales.supervision.errors import AgentElsewhereError, AgentGoneError
from telesales.supervision.kinds import OrderKind
from telesales.supervision.models import SupervisionStep

REMEMBERED = timedelta(hours=12)  # a shift
SIMULATED = "simulated"
AWAY = (AgentState.PAUSED, AgentState.OFFLINE)


@dataclass(frozen=True, slots=True)
class Standing:
    """An agent on the floor of a campaign that the reader may see. `campaign` is the one that the agent signed on to."""

    agent: User
    campaign: Campaign
    live: LiveState
    ordered_by: str  # name of the supervisor whose order holds

    @property
    def is_busy(self) -> bool:
        """In a call or its writing up: orders come after it."""
        return self.live.attempt_id is not None

    @property
    def here(self) -> int:
        """The campaign on whose floor the agent is now: a shared floor lends agents out."""
        return self.live.campaign_id or self.campaign.id


def find_standing(agent_id: int, *, expected: int | None = None) -> Standing:
    """Return where an agent stands. `expected`: the campaign that the page has shown."""
    agent = db.session.get(User, agent_id)
    if agent is None or agent.role != Role.AGENT:
        raise NotFoundError
    live = live_state(agent.id)
    if live.home_id is None:
        if not campaigns_of_agent(agent):
            raise NotFoundError  # nothing of what the reader may see is this agent's work
        raise AgentGoneError(agent)
    campaign = get_campaign(live.home_id)
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


def open_step(supervisor: User) -> SupervisionStep | None:
    """Whose call a supervisor takes part in, and how; None for nobody's."""
    last = last_step(supervisor)
    return None if last is None or last.mode == SuperviseMode.STOP else last


def last_step(supervisor: User, *, agent_id: int | None = None) -> SupervisionStep | None:
    """What a supervisor did last, at all or in the calls of one agent."""
    theirs = select(SupervisionStep).where(SupervisionStep.supervisor_id == supervisor.id)
    if agent_id is not None:
        theirs = theirs.where(SupervisionStep.agent_id == agent_id)
    return db.session.scalars(theirs.order_by(SupervisionStep.id.desc()).limit(1)).first()


def last_steps(since: datetime, until: datetime) -> Sequence[SupervisionStep]:
    """The last step of everybody who may take part in calls, of those who made it between these times."""
    theirs = (
        select(func.max(SupervisionStep.id))
        .where(SupervisionStep.supervisor_id == User.id)
        .correlate(User)
        .scalar_subquery()
    )
    steps = db.session.scalars(
        select(SupervisionStep)
        .where(SupervisionStep.id.in_(select(theirs).where(User.role.in_(LEADERS))))
        .where(SupervisionStep.at.between(since, until))
    )
    return steps.all()


def open_steps_of(attempt_ids: Collection[int]) -> Sequence[SupervisionStep]:
    """The last steps of the sessions that go on in these calls."""
    if not attempt_ids:
        return ()
    last = (
        select(func.max(SupervisionStep.id))
        .where(SupervisionStep.attempt_id.in_(attempt_ids))
        .group_by(SupervisionStep.session)
    )
    steps = db.session.scalars(
        select(SupervisionStep)
        .where(SupervisionStep.id.in_(last), SupervisionStep.mode != SuperviseMode.STOP)
        .order_by(SupervisionStep.id)
    )
    return steps.all()


@dataclass(frozen=True, slots=True)
class Listener:
    """Somebody who takes part in an agent's call."""

    name: str
    mode: SuperviseMode


def listeners_to(agent: User) -> Sequence[Listener]:
    """Who takes part in the call of an agent. Who only listens is shown when the centre wants it so."""
    attempt_id = live_state(agent.id).attempt_id
    steps = open_steps_of([attempt_id]) if attempt_id else ()
    is_told = centre.settings().shows_listeners
    return [
        Listener(_name(step.supervisor_id), SuperviseMode(step.mode))
        for step in steps
        if is_told or step.mode != SuperviseMode.LISTEN
    ]


@dataclass(frozen=True, slots=True)
class Part:
    """The reader's part in a call, for the bar of the floor page."""

    step: SupervisionStep
    agent: User
    campaign: Campaign
    since: datetime  # the session

    @property
    def has_sound(self) -> bool:
        """The simulated network has nothing to hear."""
        return self.campaign.carrier != SIMULATED


def part_of(supervisor: User) -> Part | None:
    """Whose call a supervisor takes part in, with what the bar shows."""
    step = open_step(supervisor)
    if step is None or live_state(step.agent_id).attempt_id != step.attempt_id:
        return None  # over, though nobody has written the end down yet
    since = db.session.scalar(
        select(func.min(SupervisionStep.at)).where(
            SupervisionStep.attempt_id == step.attempt_id, SupervisionStep.session == step.session
        )
    )
    return Part(
        step, db.session.get_one(User, step.agent_id), get_campaign(step.campaign_id), since or step.at
    )


@dataclass(frozen=True, slots=True)
class Stretch:
    """One mode of somebody's part in a call; `until` is empty while it lasts."""

    supervisor_id: int
    agent_id: int
    attempt_id: int
    mode: SuperviseMode
    since: datetime
    until: datetime | None
    why: str  # it ended, as far as it did


def stretches_of(attempt_id: int) -> Sequence[Stretch]:
    """Who took part in a call, how, from when until when."""
    steps = db.session.scalars(
        select(SupervisionStep).where(SupervisionStep.attempt_id == attempt_id).order_by(SupervisionStep.id)
    ).all()
    found = []
    for nth, step in enumerate(steps):
        if step.mode == SuperviseMode.STOP:
            continue
        after = next((later for later in steps[nth + 1 :] if later.session == step.session), None)
        found.append(
            Stretch(
                step.supervisor_id,
                step.agent_id,
                step.attempt_id,
                SuperviseMode(step.mode),
                step.at,
                after.at if after else None,
                after.why if after and after.mode == SuperviseMode.STOP else "",
            )
        )
    return found


def _name(user_id: int | None) -> str:
    found = db.session.get(User, user_id) if user_id else None
    return found.name if found else ""
