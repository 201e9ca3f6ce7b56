"""Rules that never place more than one call per ready agent."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from dialer.core.pacing.outlook import Outlook
from dialer.core.pacing.view import Decision, Reason, View

RING_LOOK = (10.0,)  # seconds: a call that is answered rings about so long


def seen(view: View) -> dict[str, float]:
    """The numbers that every decision carries."""
    return {
        "agents": view.agents,
        "leaving": view.leaving,
        "idle": len(view.idle),
        "ringing": len(view.ringing),
        "waiting": view.waiting,
        "free_lines": view.free_lines,
    }


def find_obstacle(view: View) -> Reason | None:
    """What forbids every call, whatever the rule says."""
    if view.agents == 0:
        return Reason.NO_AGENTS
    if not view.open:
        return Reason.CLOSED
    if view.leads is not None and view.leads <= 0:
        return Reason.NO_LEADS
    return None


def refuse(t: float, view: View, obstacle: Reason) -> Decision:
    """Place nothing; with nobody left what rings is let go."""
    return Decision(0, obstacle, seen(view), view.ripe(t) if obstacle is Reason.NO_AGENTS else 0)


def find_bound(view: View) -> tuple[int, Reason]:
    """How many calls may be placed at most, and what bounds them: lines or calls per second."""
    if view.placeable is not None and view.placeable < view.free_lines:
        return view.placeable, Reason.CALLS_PER_SECOND
    return view.free_lines, Reason.LINES


def decide_at_most(wanted: int, reason: Reason, view: View, estimates: Mapping[str, float]) -> Decision:
    """The decision for `wanted` calls, cut to the lines, calls per second and leads that there are."""
    calls, why = max(0, wanted), reason
    most, bound = find_bound(view)
    if calls > most:
        calls, why = most, bound
    if view.leads is not None and calls > view.leads:
        calls, why = view.leads, Reason.NO_LEADS
    return Decision(calls, why, estimates)


def one_per_idle_agent(t: float, view: View, reason: Reason, estimates: Mapping[str, float]) -> Decision:
    """One call for each ready agent who has none on the way."""
    return decide_at_most(missing_calls(t, view), reason, view, estimates)


def one_per_idle_agent_of_all(view: View, reason: Reason, estimates: Mapping[str, float]) -> Decision:
    """The same where nobody may be abandoned: calls of other campaigns on the floor may be answered as well."""
    missing = len(view.idle) - view.everybody_ringing - view.everybody_waiting
    return decide_at_most(missing, reason, view, estimates)


def missing_calls(t: float, view: View) -> int:
    """Ready agents without a call on the way; negative when more is on the way than there are ready agents."""
    return len(view.idle) - len(view.ringing) - view.everybody_waiting - expected_elsewhere(t, view)


def expected_elsewhere(t: float, view: View) -> int:
    """Agents whom people answering campaigns beside ours will take while our call rings.

    A campaign that yields to ours is given only those it will take for sure: else its calls that ring already would
    hold us up for ever.
    """
    theirs = {
        yields: sum(
            outlook.answers
            for other in view.beside
            if other.yields is yields
            for outlook in other.rule.foresee(t, other.view, RING_LOOK)
        )
        for yields in (True, False)
    }
    return math.floor(theirs[True]) + math.ceil(theirs[False])


def certain(view: View, moments: Sequence[float]) -> Sequence[Outlook]:
    """Every call that rings takes its agent for sure; nobody is expected to be free soon."""
    return [Outlook(len(view.ringing), 0.0, 0.0, 0.0) for _ in moments]


class Manual:
    """People dial: the rule places nothing."""

    reason = Reason.MANUAL

    def on_event(self, t: float, kind: str, **facts: Any) -> None:
        """There is nothing to learn."""

    def decide(self, t: float, view: View) -> Decision:
        """Place nothing."""
        return refuse(t, view, find_obstacle(view) or self.reason)

    def foresee(self, t: float, view: View, moments: Sequence[float]) -> Sequence[Outlook]:
        """Every call that rings has its agent."""
        return certain(view, moments)

    def let_go(self, t: float, view: View) -> Decision | None:
        """Nothing was dialed that could be too many."""
        return None

    def dump(self) -> dict[str, Any]:
        """There is nothing to keep."""
        return {}

    def load(self, state: Mapping[str, Any]) -> None:
        """There is nothing to continue."""


class Progressive(Manual):
    """One call for each ready agent."""

    reason = Reason.ENOUGH

    def decide(self, t: float, view: View) -> Decision:
        """Place one call for each ready agent who has none on the way; let go what rings for agents who left."""
        obstacle = find_obstacle(view)
        letting_go = self.let_go(t, view)
        if letting_go and obstacle is not Reason.NO_AGENTS:
            return letting_go
        if obstacle:
            return refuse(t, view, obstacle)
        return one_per_idle_agent(t, view, self.reason, seen(view))

    def let_go(self, t: float, view: View) -> Decision | None:
        """Let go calls that have rung long enough and have no agent any more."""
        too_many = min(view.ripe(t), -missing_calls(t, view))
        return Decision(0, Reason.LETTING_GO, seen(view), too_many) if too_many > 0 else None
