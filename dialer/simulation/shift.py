"""What is simulated, and what came of it."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from statistics import fmean

from dialer.carriers.behaviour import CallPlan, Profile
from dialer.core.abandonment import US_LIMIT, Tally, abandonment_rate

Callees = Callable[[float, int], CallPlan]  # draws what becomes of a call from its time and attempt
Talk = Callable[[random.Random], Sequence[float]]  # draws how long each step of a script lasts


@dataclass(frozen=True, slots=True)
class AgentPlan:
    """What is special about one agent."""

    pace: float = 1.0  # talks and wrap-ups last so many times as long
    leaves_at: float | None = None  # for good; a call under way is ended first
    away: tuple[tuple[float, float], ...] = ()  # breaks by the clock: from, until


@dataclass(frozen=True, slots=True)
class Shift:
    """What is simulated. Functions of a time get the seconds since the start."""

    agents: int = 25
    plans: Sequence[AgentPlan] = ()  # of the first agents; the others have nothing special
    hours: float = 4.0
    seed: int = 1
    profile: Profile = field(default_factory=Profile)
    profile_at: Callable[[float], Profile] | None = None  # when the callees change during the shift
    callees: Callees | None = None  # instead of the profile's
    talk: Talk | None = None  # instead of the profile's talks
    stages: bool = True  # the rule is told the step of the script
    wrap_up: Callable[[random.Random], float] | None = None  # instead of the two that follow
    wrap_up_seconds: float = 18.0
    wrap_up_deviation: float = 14.0
    break_every: float = 3600.0
    break_seconds: float = 300.0
    arrival_seconds: float = 120.0  # agents sign on within it
    ring_seconds: float = 25.0
    lines_per_agent: float = 6.0
    calls_per_second: int = 0  # 0: no cap
    leads: int | None = None  # each is dialed once; None: without end
    inbound_wait: float = 120.0  # of people who ring back (`profile.ring_back`): for an agent, at most
    limit: float = US_LIMIT
    earlier: Tally = field(default_factory=Tally)  # people of the campaign's days before, in the law's window
    pulse: float = 0.5  # between two decisions
    warm_up: float = 600.0  # left out of the report

    def plan_of(self, number: int) -> AgentPlan:
        """What is special about an agent."""
        return self.plans[number] if number < len(self.plans) else AgentPlan()


class AgentState(StrEnum):
    """Where a simulated agent is."""

    OFFLINE = "offline"
    READY = "ready"
    ON_CALL = "on_call"
    WRAP_UP = "wrap_up"
    PAUSED = "paused"


@dataclass(slots=True)
class SimulatedAgent:
    """One agent of the shift."""

    number: int
    plan: AgentPlan
    next_break: float
    state: AgentState = AgentState.OFFLINE
    since: float = 0.0
    stage: tuple[int, float] = (0, 0.0)  # script step, since

    def away_until(self, t: float) -> float | None:
        """When the break ends that the clock says it is time for."""
        return next((end for start, end in self.plan.away if start <= t < end), None)

    def has_left(self, t: float) -> bool:
        """True when the agent's day is over."""
        return self.plan.leaves_at is not None and t >= self.plan.leaves_at


@dataclass(slots=True)
class ShiftReport:
    """What came of a shift."""

    seconds: dict[AgentState, float] = field(default_factory=lambda: dict.fromkeys(AgentState, 0.0))
    dialed: int = 0
    dialed_without_agents: int = 0
    connected: int = 0
    let_go: int = 0  # calls withdrawn while they rang
    day: Tally = field(default_factory=Tally)  # as the floor counted it, from its first minute on
    half_hours: dict[int, Tally] = field(default_factory=dict)
    waits: list[float] = field(default_factory=list)  # of ready agents
    reasons: dict[str, int] = field(default_factory=dict)  # decisions by why there was not one call more
    came_in: int = 0  # people who rang back
    lost: int = 0  # of them: hung up while they waited, or waited in vain
    inbound_waits: list[float] = field(default_factory=list)  # of those who were connected

    @property
    def total(self) -> Tally:
        """People answered and abandoned in the whole shift."""
        return sum(self.half_hours.values(), Tally())

    @property
    def occupancy(self) -> float:
        """Talk and wrap-up over talk, wrap-up and waiting."""
        busy = self.seconds[AgentState.ON_CALL] + self.seconds[AgentState.WRAP_UP]
        return busy / ((busy + self.seconds[AgentState.READY]) or 1.0)

    @property
    def abandonment(self) -> float:
        """Share of the people who answered and found no agent within two seconds."""
        return abandonment_rate(self.total)

    @property
    def mean_wait(self) -> float:
        """Seconds that an agent waits for a call."""
        return fmean(self.waits) if self.waits else 0.0
