"""A rule whose clock is wrong: it jumps, or events come with the times of long ago."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from dialer.core.pacing import Decision, Pacing, View

Clock = Callable[[float], float]  # what the clock shows at a time


class Retimed:
    """Stands between a floor and a rule and tells the rule other times."""

    def __init__(self, rule: Pacing, clock: Clock, *, stamp: Clock | None = None) -> None:
        """`stamp` gives the time that an event carries when it is not that of the clock."""
        self.rule, self._clock, self._stamp = rule, clock, stamp or clock

    def on_event(self, t: float, kind: str, **facts: Any) -> None:
        """Durations are measured with the same clock."""
        at = self._stamp(t)
        for name in ("after", "lasted"):
            if name in facts:
                facts[name] = at - self._clock(t - facts[name])
        self.rule.on_event(at, kind, **facts)

    def decide(self, t: float, view: View) -> Decision:
        """Everything in the view was written down with the clock."""
        clock = self._clock
        seen = replace(
            view,
            idle=[clock(since) for since in view.idle],
            talking=[clock(since) for since in view.talking],
            stages=[(stage, clock(since)) for stage, since in view.stages],
            wrapping=[clock(since) for since in view.wrapping],
            ringing=[clock(since) for since in view.ringing],
        )
        return self.rule.decide(clock(t), seen)

    def dump(self) -> dict[str, Any]:
        """Return what the rule has learned."""
        return self.rule.dump()

    def load(self, state: Mapping[str, Any]) -> None:
        """Continue from a dump."""
        self.rule.load(state)
