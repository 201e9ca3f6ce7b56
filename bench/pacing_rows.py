"""One rule in one scenario, over all seeds, against its figure and the limit."""

import statistics
from dataclasses import dataclass

from bench.pacing_play import Played
from bench.pacing_scenarios import own_scenarios

TO_REACH = {
    "steady-5": 0.75, "steady-10": 0.83, "steady-25": 0.90, "steady-100": 0.965,
    "drift-25": 0.89, "shock-25": 0.89, "leave-30": 0.88, "scripted-25": 0.89,
}  # fmt: skip
HEAD = (
    f"{'scenario':24} {'rule':12} occupancy to-reach abandoned worst-shift worst-30min  over-6% alone  limit"
)
FEWEST_ANSWERED, HALF_HOUR_LIMIT = 50, 0.06


@dataclass(frozen=True)
class Row:
    """A line of the table. Scenarios whose names begin with own- are ours, wherever they are played."""

    scenario: str
    rule: str
    world: str  # ours, or the referee's
    occupancy: float
    lowest_occupancy: float
    to_reach: float | None
    abandonment: float
    worst_shift: float
    worst_half_hour: float
    half_hours: int  # in which at least 50 people answered
    half_hours_over: int  # those of them above 6 %
    dialed_without_agents: int
    limit_kept: bool
    shifts: int
    seconds_per_shift: float


def sum_up(scenario: str, rule: str, shifts: list[Played]) -> Row:
    """Put the shifts of all seeds together."""
    total = sum(shift.abandoned for shift in shifts) / max(1, sum(shift.answered for shift in shifts))
    worst = max(shift.abandoned / max(1, shift.answered) for shift in shifts)
    half_hours = [lost / n for shift in shifts for n, lost in shift.half_hours if n >= FEWEST_ANSWERED]
    worst_half = max(half_hours, default=0.0)
    bound = 0.033 if shifts[0].agents >= 25 else 0.04
    return Row(
        scenario=scenario,
        rule=rule,
        world="simulation" if scenario in own_scenarios() else "referee",
        occupancy=statistics.mean(shift.occupancy for shift in shifts),
        lowest_occupancy=min(shift.occupancy for shift in shifts),
        to_reach=TO_REACH.get(scenario),
        abandonment=total,
        worst_shift=worst,
        worst_half_hour=worst_half,
        half_hours=len(half_hours),
        half_hours_over=sum(share > HALF_HOUR_LIMIT for share in half_hours),
        dialed_without_agents=sum(shift.dialed_alone for shift in shifts),
        limit_kept=total <= 0.03 and worst <= bound and worst_half <= HALF_HOUR_LIMIT,
        shifts=len(shifts),
        seconds_per_shift=statistics.mean(shift.seconds for shift in shifts),
    )


def show(row: Row) -> None:
    """Print a line."""
    wanted = f"{row.to_reach:.3f}" if row.to_reach else "-"
    print(
        f"{row.scenario:24} {row.rule:12} {row.occupancy:9.3f} {wanted:>8} {row.abandonment:9.4f} "
        f"{row.worst_shift:11.4f} {row.worst_half_hour:11.4f} {row.half_hours_over:3}/{row.half_hours:<4} {row.dialed_without_agents:5}  "
        f"{'kept' if row.limit_kept else 'BROKEN'}",
        flush=True,
    )
