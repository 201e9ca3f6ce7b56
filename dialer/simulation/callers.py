"""People of a simulated shift who ring back: they wait for the agents of the same floor."""

from dataclasses import dataclass, field

from dialer.carriers.behaviour import CallPlan
from dialer.carriers.ringing_back import plan_inbound, ring_back_after
from dialer.core.floor.inbound import may_have_agent
from dialer.core.pacing.inbound import InboundRate
from dialer.simulation.shift import Shift

INBOUND = 5_000_000  # attempts of people who ring back: beside those of the calls that they missed


@dataclass(slots=True)
class Callers:
    """Who waits, since when, and how many are to be expected."""

    shift: Shift
    rate: InboundRate = field(default_factory=InboundRate)
    waiting: dict[int, tuple[float, CallPlan]] = field(default_factory=dict)

    def rings_back_after(self, attempt: int) -> float | None:
        """When the person rings whose call found nobody; None when they do not."""
        return ring_back_after(self.shift.profile, attempt_id=attempt)

    def come_in(self, t: float, attempt: int) -> CallPlan:
        """Somebody rings."""
        self.rate.arrived(t)
        plan = plan_inbound(self.shift.profile, attempt_id=attempt)
        self.waiting[attempt] = (t, plan)
        return plan

    def next_for(self, t: float, *, ready: int, ringing: int) -> int | None:
        """Whom a ready agent is to have now, by the rule of the floor (`dialer.core.floor.inbound`)."""
        attempt = next(iter(self.waiting), None)
        if attempt is None or not ready:
            return None
        waited = t - self.waiting[attempt][0]
        return attempt if may_have_agent(waited, ready=ready, ringing=ringing) else None
