"""The independent referee of pacing rules in ../shared/pacing, and our rules behind its interface."""

import importlib
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

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
    """Our rule as the referee asks it: the shift is all that the law would see."""

    def __init__(self, rule: Pacing) -> None:
        self.rule = rule
        self.last: Decision | None = None
        self._answered = 0
        self._abandoned = 0

    def on_event(self, t: float, kind: str, **facts: Any) -> None:
        self._answered += kind == FloorEvent.ANSWERED
        self._abandoned += kind == FloorEvent.ABANDONED
        self.rule.on_event(t, kind, **facts)

    def decide(self, t: float, seen: Any) -> int:
        people = Tally(self._answered, self._abandoned)
        view = View(
            idle=seen.idle,
            talking=seen.talking,
            stages=seen.stages,
            wrapping=seen.wrapping,
            paused=seen.paused,
            ringing=seen.ringing,
            waiting=seen.waiting,
            lines_cap=seen.lines_cap,
            day=people,
            window=people,
        )
        self.last = self.rule.decide(t, view)
        return self.last.calls


def make_rule(name: str) -> Any:
    """A rule for the referee: `telesales`, `progressive` (its own) or `vicidial`."""
    if name == "telesales":
        return RefereedRule(make_pacing("predictive"))
    return getattr(load("baselines"), name.capitalize())()
