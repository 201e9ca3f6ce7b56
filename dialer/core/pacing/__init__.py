"""Pacing: how many calls to place now."""

from collections.abc import Mapping

from dialer.core.pacing.one_to_one import Manual, Progressive
from dialer.core.pacing.predictive import Predictive
from dialer.core.pacing.together import Part, decide_together
from dialer.core.pacing.view import MIN_RING_SECONDS, Decision, FloorEvent, Pacing, Reason, SharedPacing, View

__all__ = [
    "MIN_RING_SECONDS",
    "Decision",
    "FloorEvent",
    "Manual",
    "Pacing",
    "Part",
    "Predictive",
    "Progressive",
    "Reason",
    "SharedPacing",
    "View",
    "decide_together",
    "make_pacing",
]

RULES: Mapping[str, type[Manual] | type[Progressive] | type[Predictive]] = {
    "manual": Manual,
    "progressive": Progressive,
    "predictive": Predictive,
}


def make_pacing(mode: str) -> SharedPacing:
    """Return a fresh rule for a dialing mode (manual, progressive, predictive)."""
    return RULES[mode]()
