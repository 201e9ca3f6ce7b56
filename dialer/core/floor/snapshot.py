"""The floor as a page shows it, and as a pacing rule sees it."""

from collections import Counter
from typing import Any

from dialer.core.abandonment import Measure, abandonment_rate
from dialer.core.abandonment.counts import WHOLE_BP
from dialer.core.floor.agent import CALL_STATES, Agent, AgentState
from dialer.core.floor.call import BEFORE_ANSWER, CallState
from dialer.core.floor.inbound import show_inbound
from dialer.core.floor.state import FloorState
from dialer.core.pacing import View


def show_floor(floor: FloorState, measure: Measure, *, limit: float, at: float) -> dict[str, Any]:
    """Return JSON values: agents, calls by state, the abandonment rate of the law with what it is made of."""
    calls = Counter(call.state.value for call in floor.calls.values())
    tally = measure.of_window(floor.tallies, at)
    return {
        "agents": [agent.view() for agent in floor.agents.values()],
        "elsewhere": [
            {
                "id": agent.agent_id,
                "state": agent.state.value,
                "since": agent.since,
                "campaign_id": other.campaign_id,
            }
            for other, agent in floor.agents_elsewhere()
        ],
        "inbound": show_inbound(floor),
        "calls": {state.value: calls[state.value] for state in CallState},
        "abandonment": {
            "answered": tally.answered,
            "abandoned": tally.abandoned,
            "rate": round(abandonment_rate(tally), 5),
            "limit": limit,
            "pack": measure.pack.key,
            "window": {
                "kind": measure.window.kind.value,
                "length": measure.window.length,
                "since": measure.window_begins(at),
                "zone": str(measure.zone),
            },
        },
        "as_of": round(at, 3),
    }


def view_floor(
    floor: FloorState,
    measure: Measure,
    *,
    at: float,
    lines: int,
    limit: float,
    is_open: bool,
    has_leads: bool,
    placeable: int | None = None,
) -> View:
    """Return what a pacing rule may see. Lines that are being cleared, or held by agents who leave, are not there for it."""
    agents = [agent for agent in floor.agents.values() if not agent.is_leaving]
    leaving = [agent for agent in floor.agents.values() if agent.is_leaving]
    busy = [agent for agent in agents if agent.state in CALL_STATES]
    calls = floor.calls.values()
    held = sum(call.state in (CallState.MESSAGE, CallState.ENDING) for call in calls)
    held += sum(agent.state in CALL_STATES for agent in leaving)
    return View(
        idle=[agent.since for agent in floor.ready_agents()],
        talking=[agent.since for agent in busy],
        stages=[(agent.step or 0, agent.since if agent.step is None else agent.step_since) for agent in busy],
        wrapping=_since(agents, AgentState.WRAP_UP),
        paused=sum(agent.state is AgentState.PAUSED for agent in agents),
        ringing=[call.reserved_at for call in calls if call.state in BEFORE_ANSWER and not call.manual],
        waiting=sum(call.is_waiting for call in calls),
        lines_cap=max(0, lines - held),
        day=measure.of_day(floor.tallies, at),
        window=measure.of_window(floor.tallies, at),
        limit=limit,
        leads=None if has_leads else 0,
        open=is_open,
        leaving=len(leaving),
        false_machines=_unseen_share(measure),
        placeable=placeable,
    )


def _unseen_share(measure: Measure) -> float | None:
    """People among the calls taken for machines, as the campaign estimates; none beyond what the formula counts itself."""
    if measure.pack.formula.counts_estimates:
        return 0.0
    return measure.estimates.false_positives_bp / WHOLE_BP or None


def _since(agents: list[Agent], state: AgentState) -> list[float]:
    return [agent.since for agent in agents if agent.state is state]
