"""A shift in seconds: the pacing rules that drive the live floor, with simulated callees and simulated agents.

Times are seconds from the start of the shift. The same shift gives the same report, to the last digit.
"""

from dialer.core.pacing import make_pacing
from dialer.simulation.play import Simulation
from dialer.simulation.shift import AgentPlan, AgentState, Shift, ShiftReport, Talk

__all__ = ["AgentPlan", "AgentState", "Shift", "ShiftReport", "Simulation", "Talk", "simulate"]


def simulate(shift: Shift, *, mode: str = "predictive") -> ShiftReport:
    """Play a shift with the rule of a dialing mode. Profiles run at speed 1: the clock is simulated already."""
    return Simulation(shift, make_pacing(mode)).run()
