"""A shift with a campaign's own calls, and the figures that a day is made of."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from dialer.carriers.behaviour import CallPlan
from dialer.core.pacing import Reason, make_pacing
from dialer.simulation.measured import Measured
from dialer.simulation.play import Simulation
from dialer.simulation.shift import AgentState, Shift

WARM_UP = 600.0  # left out: agents sign on and the rule learns


@dataclass(frozen=True, slots=True)
class Terms:
    """What is asked of a shift."""

    agents: int
    seed: int
    hours: float
    limit: float
    lines: int
    mode: str = "predictive"
    ring_seconds: float = 25.0
    calls_per_second: int = 0  # 0: no cap


@dataclass(frozen=True, slots=True)
class Replayed:
    """What came of a shift after its warm-up. Seconds are of all agents together."""

    hours: float
    ready: float
    talking: float
    wrapping: float
    paused: float
    dialed: int
    answered: int
    abandoned: int
    short_of_lines: float  # share of decisions at which lines, or calls per second, held more calls back

    @property
    def work_hours(self) -> float:
        """Hours of all agents without their pauses."""
        return (self.ready + self.talking + self.wrapping) / 3600

    @property
    def occupancy(self) -> float:
        """Talk and wrap-up over the work."""
        return (self.talking + self.wrapping) / (self.work_hours * 3600 or 1.0)

    @property
    def abandonment(self) -> float:
        """Abandoned over answered."""
        return self.abandoned / self.answered if self.answered else 0.0

    @property
    def talks(self) -> int:
        """People who talked to an agent."""
        return self.answered - self.abandoned

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for `read`."""
        return asdict(self)

    @classmethod
    def read(cls, values: Mapping[str, Any]) -> "Replayed":
        """Inverse of `to_dict`."""
        return cls(**values)


def replay(measured: Measured, terms: Terms, *, beat: Callable[[], None] | None = None) -> Replayed:
    """Play a shift. `beat` is called at every call placed: it may raise to stop."""
    dialed = 0

    def draw(t: float, attempt: int) -> CallPlan:
        nonlocal dialed
        dialed += t > WARM_UP
        if beat:
            beat()
        return measured.plan_call(seed=terms.seed, attempt_id=attempt)

    shift = Shift(
        agents=terms.agents,
        hours=terms.hours + WARM_UP / 3600,
        seed=terms.seed,
        callees=draw,
        wrap_up=measured.draw_wrap_up,
        ring_seconds=terms.ring_seconds,
        lines_per_agent=(terms.lines + 0.5) / terms.agents,
        calls_per_second=terms.calls_per_second,
        limit=terms.limit,
        warm_up=WARM_UP,
    )
    report = Simulation(shift, make_pacing(terms.mode)).run()
    decisions = sum(report.reasons.values())
    held_back = sum(report.reasons.get(reason, 0) for reason in (Reason.LINES, Reason.CALLS_PER_SECOND))
    return Replayed(
        hours=terms.hours,
        ready=report.seconds[AgentState.READY],
        talking=report.seconds[AgentState.ON_CALL],
        wrapping=report.seconds[AgentState.WRAP_UP],
        paused=report.seconds[AgentState.PAUSED],
        dialed=dialed,
        answered=report.total.answered,
        abandoned=report.total.abandoned,
        short_of_lines=held_back / max(1, decisions),
    )
