"""Timelines as they are shown: of a call, of a lead, of an agent's day."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from telesales import clock
from telesales.access.roles import LEADERS, Role
from telesales.agents.models import AgentStateChange, User
from telesales.agents.queries import names_of
from telesales.calls.models import CallAttempt
from telesales.calls.queries import get_attempt
from telesales.campaigns.queries import campaigns_of_agent
from telesales.centre import service as centre
from telesales.errors import NotFoundError
from telesales.extensions import db
from telesales.leads.models import Lead
from telesales.timelines.moments import Line, Moment, in_order, latest, lines
from telesales.timelines.sources import agents, calls, leads, listening, outcomes

A_PAGE = 50
LINES_A_PAGE = 200


@dataclass(frozen=True, slots=True)
class CallTimeline:
    """Everything about one call."""

    attempt: CallAttempt
    lines: Sequence[Line]
    is_recorded: bool
    agent_name: str


def call_timeline(reader: User, attempt_id: int) -> CallTimeline:
    """Read the timeline of a call. Agents see their own calls and their own commission."""
    attempt = get_attempt(attempt_id)
    is_agent = reader.role == Role.AGENT
    if is_agent and attempt.agent_id != reader.id:
        raise NotFoundError
    own_only = None if reader.role in LEADERS else reader.id
    only_heard = is_agent and not centre.settings().shows_listeners
    found = in_order(
        calls.of_dialing(attempt),
        calls.of_events(attempt),
        calls.of_agents(attempt),
        calls.of_answers(attempt),
        listening.of_supervision(attempt, only_heard=only_heard),
        listening.of_recording(attempt),
        outcomes.of_word(attempt),
        outcomes.of_sales(attempt),
        outcomes.of_commission(attempt, agent_id=own_only),
        outcomes.of_follow_ups(attempt),
    )
    span = listening.span_of(attempt)
    named = _named(found)
    name = names_of([attempt.agent_id]).get(attempt.agent_id, "") if attempt.agent_id else ""
    return CallTimeline(attempt, lines(named, recorded=span), span is not None, name)


def _named(moments: Sequence[Moment]) -> list[Moment]:
    """Moments with the names of people, also of those that a sentence mentions."""
    mentioned = {moment.facts.get(key) for moment in moments for key in ("by", "agent")}
    people = {moment.who for moment in moments} | {who for who in mentioned if isinstance(who, int)}
    names = names_of([who for who in people if who is not None])
    return [_with_names(moment, names) for moment in moments]


def _with_names(moment: Moment, names: dict[int, str]) -> Moment:
    facts = dict(moment.facts)
    for key in ("by", "agent"):
        if isinstance(facts.get(key), int):
            facts[f"{key}_name"] = names.get(facts[key], "")
    return replace(moment, facts=facts, name=moment.name or names.get(moment.who or 0, ""))


@dataclass(frozen=True, slots=True)
class LeadTimeline:
    """A page of everything about one lead, newest first."""

    moments: Sequence[Moment]
    older: datetime | None  # where the next page begins


def lead_timeline(lead: Lead, *, before: datetime | None = None) -> LeadTimeline:
    """Read a page of the history of a lead."""
    until = before or clock.now() + timedelta(days=1)
    found, older = latest([source(lead, until, 2 * A_PAGE) for source in leads.SOURCES], A_PAGE)
    return LeadTimeline(_named(found), older)


@dataclass(frozen=True, slots=True)
class AgentDay:
    """What an agent did on a day."""

    agent: User
    day: date
    lines: Sequence[Line]
    seconds: dict[str, float]  # by state
    page: int
    pages: int


def agent_day(reader: User, agent_id: int, day: date, zone: ZoneInfo, *, page: int = 1) -> AgentDay:
    """Read the day of an agent, as the reader's calendar has it."""
    agent = db.session.get(User, agent_id)
    if agent is None or agent.role != Role.AGENT:
        raise NotFoundError
    is_own = reader.id == agent.id
    if reader.role not in LEADERS and not is_own:
        raise NotFoundError
    stretch = stretch_of(day, zone)
    states = agents.states_of(agent, stretch)
    if not (states or is_own or reader.client_id is None or campaigns_of_agent(agent)):
        raise NotFoundError
    hears_all = not is_own or centre.settings().shows_listeners
    found = in_order(
        agents.of_states(states, shows_names=True),
        agents.of_orders(agent, stretch),
        agents.of_supervision(agent, states) if hears_all else (),
    )
    shown = lines(_named(found))
    pages = max(1, -(-len(shown) // LINES_A_PAGE))
    page = min(max(1, page), pages)
    part = shown[(page - 1) * LINES_A_PAGE : page * LINES_A_PAGE]
    return AgentDay(agent, day, part, _seconds(states, min(stretch[1], clock.now())), page, pages)


def stretch_of(day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """From midnight to midnight in a zone; in UTC."""
    begin = datetime.combine(day, time(), zone)
    end = datetime.combine(day + timedelta(days=1), time(), zone)
    return begin.astimezone(UTC), end.astimezone(UTC)


def _seconds(states: Sequence[AgentStateChange], until: datetime) -> dict[str, float]:
    """How long the agent was in each state; the last one goes on."""
    found: dict[str, float] = {}
    for nth, row in enumerate(states):
        end = states[nth + 1].at if nth + 1 < len(states) else until
        found[row.state] = found.get(row.state, 0.0) + max(0.0, (end - row.at).total_seconds())
    return found
