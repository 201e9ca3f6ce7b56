"""The independent referee of pacing rules in ../shared/pacing, and our rules behind its interface."""

import importlib
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

from bench.constant_risk import ConstantRisk, risk_of
from bench.referee_scenarios import refereed_scenarios
from dialer.core.abandonment import Tally
from dialer.core.pacing import Decision, FloorEvent, Pacing, View, make_pacing

REFEREE = Path(__file__).resolve().parents[2] / "shared" / "pacing"


def is_there() -> bool:
    """True when the referee lies beside the checkout."""
    return (REFEREE / "world.py").exists()


def load(name: str) -> ModuleType:
    """Import one of the referee's modules: world, scenarios, baselines."""
    if str(REFEREE) not in sys.path:
        sys.path.insert(0, str(REFEREE))
    return importlib.import_module(name)


def scenarios() -> dict[str, Any]:
    """The open scenarios, and ours under the referee: their names begin with own-."""
    own = refereed_scenarios(load("world").Scenario, load("world").lognormal)
    return {**load("scenarios").OPEN, **own}


class RefereedRule:
    """Our rule as the referee asks it. The law sees the shift and `earlier`, the campaign's days before it."""

    def __init__(self, rule: Pacing, *, earlier: Tally | None = None, blind: bool = False) -> None:
        """A blind rule is not told the step of the script."""
        self.rule, self._blind, self._earlier = rule, blind, earlier or Tally()
        self.last: Decision | None = None
        self._answered = 0
        self._abandoned = 0

    @property
    def day(self) -> Tally:
        """People of this shift, from its first minute on."""
        return Tally(self._answered, self._abandoned)

    def on_event(self, t: float, kind: str, **facts: Any) -> None:
        self._answered += kind == FloorEvent.ANSWERED
        self._abandoned += kind == FloorEvent.ABANDONED
        if self._blind and kind == FloorEvent.STAGE and facts["stage"]:
            return
        self.rule.on_event(t, kind, **facts)

    def decide(self, t: float, seen: Any) -> int:
        view = View(
            idle=seen.idle,
            talking=seen.talking,
            stages=[(0, since) for since in seen.talking] if self._blind else seen.stages,
            wrapping=seen.wrapping,
            paused=seen.paused,
            ringing=seen.ringing,
            waiting=seen.waiting,
            lines_cap=seen.lines_cap,
            day=self.day,
            window=self._earlier + self.day,
        )
        self.last = self.rule.decide(t, view)
        return self.last.calls


def make_rule(name: str, *, earlier: Tally | None = None) -> Any:
    """A rule for the referee: `telesales`, the same `blind`, `risk-…`, `progressive` (its own) or `vicidial`."""
    risk = risk_of(name)
    if risk is not None:
        return RefereedRule(ConstantRisk(risk), earlier=earlier)
    if name in ("telesales", "blind"):
        return RefereedRule(make_pacing("predictive"), earlier=earlier, blind=name == "blind")
    return getattr(load("baselines"), name.capitalize())()
