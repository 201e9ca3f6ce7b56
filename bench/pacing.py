"""How busy the predictive rule keeps agents, and whether it keeps the limit: python -m bench.pacing [--seeds 20].

Plays shifts in our own simulation and, when ../shared/pacing is there, under the independent referee beside
one-call-per-idle-agent and VICIdial. The limit: at most 3.0 % over all shifts of a scenario, no shift above 3.3 %
(4.0 % with fewer than 25 agents), no half hour above 6 % once 50 people answered.
"""

import argparse
import json
import multiprocessing
import platform
import statistics
import time
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench import referee
from dialer.core.pacing import View, make_pacing
from dialer.simulation import Shift, simulate

RESULTS = Path(__file__).parent / "results" / "pacing.json"
TO_REACH = {
    "steady-5": 0.75, "steady-10": 0.83, "steady-25": 0.90, "steady-100": 0.965,
    "drift-25": 0.89, "shock-25": 0.89, "leave-30": 0.88, "scripted-25": 0.89,
}  # fmt: skip
OWN_SHIFTS = {"own-5": 5, "own-10": 10, "own-25": 25, "own-100": 100}
RULES = ("telesales", "progressive", "vicidial")


@dataclass(frozen=True)
class Played:
    """One shift."""

    agents: int
    occupancy: float
    answered: int
    abandoned: int
    half_hours: list[tuple[int, int]]  # answered, abandoned
    dialed_alone: int
    seconds: float


@dataclass(frozen=True)
class Row:
    """One rule in one scenario, over all seeds."""

    scenario: str
    rule: str
    occupancy: float
    lowest_occupancy: float
    to_reach: float | None
    abandonment: float
    worst_shift: float
    worst_half_hour: float
    dialed_without_agents: int
    limit_kept: bool
    shifts: int
    seconds_per_shift: float


def play(task: tuple[str, str, int]) -> tuple[str, str, Played]:
    scenario, rule, seed = task
    started = time.perf_counter()
    played = play_own if scenario in OWN_SHIFTS else play_refereed
    result = played(scenario, rule, seed)
    return scenario, rule, Played(*result, seconds=time.perf_counter() - started)


def play_own(scenario: str, rule: str, seed: int) -> tuple[Any, ...]:
    shift = Shift(agents=OWN_SHIFTS[scenario], hours=2 if OWN_SHIFTS[scenario] >= 100 else 4, seed=seed)
    report = simulate(shift, mode="predictive" if rule == "telesales" else rule)
    halves = [(tally.answered, tally.abandoned) for tally in report.half_hours.values()]
    return shift.agents, report.occupancy, report.total.answered, report.total.abandoned, halves, 0


def play_refereed(scenario: str, rule: str, seed: int) -> tuple[Any, ...]:
    chosen = referee.load("scenarios").OPEN[scenario]
    result = referee.load("world").run(chosen, referee.make_rule(rule), seed)
    halves = [(answered, lost) for answered, lost in result.per_half_hour.values()]
    return (
        chosen.agents, result.occupancy, result.humans, result.abandoned, halves, result.dialled_without_agents,
    )  # fmt: skip


def sum_up(scenario: str, rule: str, shifts: list[Played]) -> Row:
    total = sum(shift.abandoned for shift in shifts) / max(1, sum(shift.answered for shift in shifts))
    worst = max(shift.abandoned / max(1, shift.answered) for shift in shifts)
    half_hours = [lost / n for shift in shifts for n, lost in shift.half_hours if n >= 50]
    worst_half = max(half_hours, default=0.0)
    bound = 0.033 if shifts[0].agents >= 25 else 0.04
    return Row(
        scenario=scenario,
        rule=rule,
        occupancy=statistics.mean(shift.occupancy for shift in shifts),
        lowest_occupancy=min(shift.occupancy for shift in shifts),
        to_reach=TO_REACH.get(scenario),
        abandonment=total,
        worst_shift=worst,
        worst_half_hour=worst_half,
        dialed_without_agents=sum(shift.dialed_alone for shift in shifts),
        limit_kept=total <= 0.03 and worst <= bound and worst_half <= 0.06,
        shifts=len(shifts),
        seconds_per_shift=statistics.mean(shift.seconds for shift in shifts),
    )


def decision_milliseconds() -> float:
    """Median time of a decision for 300 agents and 900 ringing calls, after an hour of learning."""
    rule = make_pacing("predictive")
    for n in range(2000):
        rule.on_event(n, "answered", after=4 + n % 17) if n % 4 == 0 else rule.on_event(
            n, "call_over", outcome="no_answer", after=25
        )
        rule.on_event(n, "talk_end", agent=n, lasted=5 + n * 37 % 400)
        rule.on_event(n, "wrap_end", agent=n, lasted=5 + n * 13 % 60)
    taken = []
    for n in range(200):
        t = 3000.0 + n
        view = View(
            idle=[t - 1] * 20,
            talking=[t - i * 1.7 for i in range(240)],
            stages=[(i % 5, t - i * 1.7) for i in range(240)],
            wrapping=[t - i * 0.7 for i in range(40)],
            paused=0,
            ringing=[t - i * 0.028 for i in range(900)],
            waiting=0,
            lines_cap=1800,
        )
        started = time.perf_counter()
        rule.decide(t, view)
        taken.append(time.perf_counter() - started)
    return 1000 * statistics.median(taken)


def machine() -> dict[str, Any]:
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    model = next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), "")
    return {
        "processor": model or platform.processor() or platform.machine(),
        "cores": multiprocessing.cpu_count(),
        "system": platform.platform(),
        "python": platform.python_version(),
    }


def show(row: Row) -> None:
    wanted = f"{row.to_reach:.3f}" if row.to_reach else "    -"
    print(
        f"{row.scenario:12} {row.rule:12} {row.occupancy:9.3f} {wanted:>8} {row.abandonment:9.4f} "
        f"{row.worst_shift:11.4f} {row.worst_half_hour:11.4f}  {'kept' if row.limit_kept else 'BROKEN'}",
        flush=True,
    )


def make_tasks(seeds: int, chosen: list[str], rules: list[str]) -> list[tuple[str, str, int]]:
    scenarios = [*OWN_SHIFTS, *(TO_REACH if referee.is_there() else ())]
    pairs = [
        (scenario, rule)
        for scenario in chosen or scenarios
        for rule in rules
        if not (scenario in OWN_SHIFTS and rule == "vicidial")
    ]
    return [(scenario, rule, seed) for scenario, rule in pairs for seed in range(1, seeds + 1)]


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=3, help="shifts per scenario (3)")
    parser.add_argument("--scenario", action="append", default=[], choices=[*OWN_SHIFTS, *TO_REACH])
    parser.add_argument("--rule", action="append", default=[], choices=RULES)
    parser.add_argument("--processes", type=int, default=2, choices=(1, 2))
    parser.add_argument("--output", type=Path, default=RESULTS)
    return parser.parse_args()


def main() -> None:
    arguments = read_arguments()
    if not referee.is_there():
        print(f"no referee in {referee.REFEREE}: only our own simulation is played")
    tasks = make_tasks(arguments.seeds, arguments.scenario, arguments.rule or list(RULES))
    print(f"{'scenario':12} {'rule':12} occupancy to-reach abandoned worst-shift worst-30min  limit")
    shifts: dict[tuple[str, str], list[Played]] = {}
    rows = []
    with multiprocessing.Pool(arguments.processes) as pool:
        for scenario, rule, played in pool.imap(play, tasks):
            done = shifts.setdefault((scenario, rule), [])
            done.append(played)
            if len(done) == arguments.seeds:
                rows.append(sum_up(scenario, rule, done))
                show(rows[-1])
    milliseconds = decision_milliseconds()
    print(f"a decision for 300 agents and 900 ringing calls takes {milliseconds:.2f} ms")
    result = {
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": machine(),
        "seeds": list(range(1, arguments.seeds + 1)),
        "decision_ms_300_agents_900_ringing": round(milliseconds, 3),
        "rows": [asdict(row) for row in rows],
    }
    arguments.output.parent.mkdir(exist_ok=True)
    arguments.output.write_text(json.dumps(result, indent=1) + "\n")


if __name__ == "__main__":
    main()
