"""What a pacing rule sees and what it answers: one interface for the live floor, the simulation and the referee."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol

from dialer.core.abandonment import US_LIMIT, Tally
from dialer.core.pacing.outlook import Outlook

MIN_RING_SECONDS = 15  # 16 CFR 310.4(b)(4)(ii): fifteen seconds or four rings


class FloorEvent(StrEnum):
    """What a rule is told between decisions, with the facts that come along. Durations are seconds."""

    AGENT_LOGIN = "agent_login"
    AGENT_IDLE = "agent_idle"
    AGENT_PAUSED = "agent_paused"  # asked: it was known before, for the agent had asked for it
    AGENT_BACK = "agent_back"
    ANSWERED = "answered"  # after: since the call was placed
    CALL_OVER = (
        "call_over"  # outcome, after: a call that no person answered; cut: we hung up, it would have rung on
    )
    GONE = "gone"  # a person hung up within the two seconds
    CONNECTED = "connected"  # agent
    STAGE = "stage"  # agent, stage: the agent is at this step of the script
    TALK_END = "talk_end"  # agent, lasted
    WRAP_END = "wrap_end"  # agent, lasted, asked: a pause that was asked for follows
    ABANDONED = "abandoned"


@dataclass(frozen=True, slots=True)
class View:
    """The floor at one moment. Times are seconds on the clock of `decide`'s t."""

    idle: Sequence[float]  # ready since, one per agent
    talking: Sequence[float]  # connected since
    stages: Sequence[tuple[int, float]]  # (script step, since), in the order of talking
    wrapping: Sequence[float]  # wrapping up since
    paused: int
    ringing: Sequence[float]  # placed when, one per call that is not told yet (reserved and queued ones too)
    waiting: int  # people on the line without an agent
    lines_cap: int  # calls that may be in the air together, connected ones included
    day: Tally = field(default_factory=Tally)  # of the campaign's local day
    window: Tally = field(default_factory=Tally)  # of the legal window, the day included
    limit: float = US_LIMIT
    leads: int | None = None  # callable now; None when nobody has counted
    open: bool = True  # running, and within somebody's calling hours
    leaving: int = 0  # agents in a call or wrap-up who asked for a pause after it: in no list above
    expected_inbound: float = 0.0  # people who ring us, a second: agents take them too
    false_machines: float | None = None  # of the calls taken for machines: people, as the campaign estimates
    placeable: int | None = None  # calls that the calls per second still allow now; None: no cap
    beside: Sequence["Beside"] = ()  # other campaigns that the same agents work for; `idle` is all of theirs

    @property
    def agents(self) -> int:
        """Agents who work, for the campaigns beside this one too: on a break does not count."""
        own = len(self.idle) + len(self.talking) + len(self.wrapping)
        return own + sum(len(other.view.talking) + len(other.view.wrapping) for other in self.beside)

    @property
    def everybody_waiting(self) -> int:
        """People on the line without an agent, of all campaigns of the floor."""
        return self.waiting + sum(other.view.waiting for other in self.beside)

    @property
    def everybody_ringing(self) -> int:
        """Calls of all campaigns of the floor that are not answered yet."""
        return len(self.ringing) + sum(len(other.view.ringing) for other in self.beside)

    def ripe(self, t: float) -> int:
        """Calls that have rung long enough to be let go."""
        return sum(t - placed >= MIN_RING_SECONDS for placed in self.ringing)

    @property
    def free_lines(self) -> int:
        """Calls that may still be placed beside those in the air."""
        return max(0, self.lines_cap - len(self.ringing) - len(self.talking) - self.waiting)


class Reason(StrEnum):
    """Why not one call more."""

    NO_AGENTS = "no_agents"  # nobody works: nothing is dialed
    CLOSED = "closed"  # paused, finished, or outside calling hours
    MANUAL = "manual"  # people dial here
    NO_LEADS = "no_leads"
    LINES = "lines"
    CALLS_PER_SECOND = "calls_per_second"  # as many were placed within a second as the campaign allows
    LETTING_GO = "letting_go"  # agents left: more rings than the others can take, some calls are withdrawn
    ENOUGH = "enough"  # progressive: every ready agent has a call on the way
    SMALL_TEAM = "small_team"  # two agents or fewer: one call per ready agent
    WARMING_UP = "warming_up"  # too little seen yet: one call per ready agent
    LIMIT_REACHED = "limit_reached"  # the legal window is full: one call per ready agent
    BURST = "burst"  # the last half hour had its share of abandoned people: hardly any risk is taken
    NO_MORE_RISK = "no_more_risk"  # the next call would be abandoned too likely


@dataclass(frozen=True, slots=True)
class Decision:
    """How many calls to place now, why not one more, and the numbers that were used.

    `let_go`: so many of the calls that ring longest are withdrawn, each once it has rung as long as the law demands.
    Keys of `estimates` (all rules): agents, idle, ringing, waiting, free_lines.
    Predictive adds: answer_rate, horizon_seconds, expected_free, expected_answers, risk (of the last call placed),
    next_risk (of the call that was not placed), threshold, limit, day_rate,
    half_hour_room (people who may still be abandoned in it).
    """

    calls: int
    reason: Reason
    estimates: Mapping[str, float] = field(default_factory=dict)
    let_go: int = 0


@dataclass(frozen=True, slots=True)
class Beside:
    """Another campaign of the same floor: its calls want the agents that ours want."""

    rule: "SharedPacing"
    view: View
    yields: bool = False  # it has a lower priority than the campaign that looks at it


class Pacing(Protocol):
    """A rule: told what happens, asked how many calls to place."""

    def on_event(self, t: float, kind: str, **facts: Any) -> None:
        """Learn from what has just happened."""
        ...

    def decide(self, t: float, view: View) -> Decision:
        """Say how many calls to place now."""
        ...

    def dump(self) -> dict[str, Any]:
        """Return everything learned as JSON values."""
        ...

    def load(self, state: Mapping[str, Any]) -> None:
        """Continue from what another process dumped; what cannot be read is left as it is."""
        ...


class SharedPacing(Pacing, Protocol):
    """A rule for a campaign that may share its agents with others."""

    def foresee(self, t: float, view: View, moments: Sequence[float]) -> Sequence[Outlook]:
        """What the calls and agents of this campaign come to when a call of another one may be answered.

        `moments`: seconds from now; one outlook each.
        """
        ...

    def let_go(self, t: float, view: View) -> Decision | None:
        """Let go calls that ring although nobody will be free for them; None when there are none."""
        ...
