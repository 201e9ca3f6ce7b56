"""The rule's own forecast with one risk for every call, whatever was abandoned: what keeping the limit costs."""

import math
from dataclasses import replace

from dialer.core.abandonment import Tally
from dialer.core.pacing import Decision, Predictive, View
from dialer.core.pacing.budget import Allowance

PREFIX = "risk-"


class ConstantRisk(Predictive):
    """Takes the same risk from the first call that is paced to the last; no limit stops it."""

    def __init__(self, risk: float) -> None:
        super().__init__()
        self._risk = risk

    def allow(self, t: float, view: View) -> Allowance:
        return Allowance(self._risk, share=1.0, room=math.inf, day_rate=0.0)

    def decide(self, t: float, view: View) -> Decision:
        return super().decide(t, replace(view, window=Tally()))


def name_of(risk: float) -> str:
    """The name of this rule in tables."""
    return f"{PREFIX}{risk:g}"


def risk_of(name: str) -> float | None:
    """The risk of a rule with such a name."""
    return float(name.removeprefix(PREFIX)) if name.startswith(PREFIX) else None
