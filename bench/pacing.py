"""How busy the predictive rule keeps agents, and whether it keeps the limit: python -m bench.pacing [--seeds 20].

Plays shifts in our own simulation beside one call per idle agent and, when ../shared/pacing is there, under the
independent referee beside VICIdial's rule too. The shifts of a scenario are the days of one campaign: the law counts
30 of them together. The limit: at most 3.0 % over all shifts of a scenario, no shift above 3.3 % (4.0 % with fewer than
25 agents), no half hour above 6 % once 50 people answered.
"""

import argparse
import json
import multiprocessing
import os
import platform
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench import referee
from bench.constant_risk import name_of, risk_of
from bench.pacing_cost import measure_decisions, show_cost
from bench.pacing_play import RULES, SCRIPTED, Task, play
from bench.pacing_rows import HEAD, Row, show, sum_up
from bench.pacing_scenarios import REAL_TALKS, has_real_talks, own_scenarios

RESULTS = Path(__file__).parent / "results" / "pacing.json"


def main() -> None:
    arguments = read_arguments()
    say_what_is_missing()
    rows = list(play_all(arguments))
    cost = measure_decisions()
    for line in cost:
        show_cost(line)
    result = {
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": machine(),
        "load_average": round(os.getloadavg()[0], 1),  # of the whole machine, other work included
        "seeds": list(seeds_of(arguments)),
        "shifts": "first days of campaigns" if arguments.first_days else "days of one campaign",
        "decision": cost,
        "rows": [asdict(row) for row in rows],
    }
    arguments.output.parent.mkdir(exist_ok=True)
    arguments.output.write_text(json.dumps(result, indent=1) + "\n")


def read_arguments(given: Sequence[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=3, help="shifts per scenario (3)")
    parser.add_argument(
        "--first-seed",
        type=int,
        default=1,
        help="of them: 1, or others than the rule's constants were chosen on",
    )
    parser.add_argument("--scenario", action="append", default=[], choices=list_scenarios())
    parser.add_argument("--rule", action="append", default=[], choices=RULES)
    parser.add_argument(
        "--risk",
        action="append",
        default=[],
        type=float,
        help="the same risk for every call, without a limit",
    )
    parser.add_argument("--first-days", action="store_true", help="each shift is the first of its campaign")
    parser.add_argument("--processes", type=int, default=2, choices=(1, 2))
    parser.add_argument("--output", type=Path, default=RESULTS)
    return parser.parse_args(given)


def list_scenarios() -> list[str]:
    """Ours, then the referee's."""
    return [*own_scenarios(), *(referee.scenarios() if referee.is_there() else ())]


def say_what_is_missing() -> None:
    if not referee.is_there():
        print(f"no referee in {referee.REFEREE}: only our own simulation is played")
    if not has_real_talks():
        print(f"no {REAL_TALKS.name} in {REAL_TALKS.parent}: real talk times are left out")


def play_all(arguments: argparse.Namespace) -> list[Row]:
    """Play everything and print a line for each rule in each scenario as soon as it is done."""
    tasks = make_tasks(
        seeds_of(arguments),
        arguments.scenario,
        [*arguments.rule, *map(name_of, arguments.risk)] or list(RULES),
        first_days=arguments.first_days,
    )
    print(HEAD)
    rows = []
    with multiprocessing.Pool(arguments.processes) as pool:
        for task, shifts in pool.imap(play, tasks):
            rows.append(sum_up(task.scenario, task.rule, shifts))
            show(rows[-1])
    return rows


def seeds_of(arguments: argparse.Namespace) -> tuple[int, ...]:
    return tuple(range(arguments.first_seed, arguments.first_seed + arguments.seeds))


def make_tasks(
    seeds: tuple[int, ...], chosen: list[str], rules: list[str], *, first_days: bool = False
) -> list[Task]:
    return [
        Task(scenario, rule, seeds, first_days)
        for scenario in chosen or list_scenarios()
        for rule in rules
        if makes_sense(scenario, rule)
    ]


def makes_sense(scenario: str, rule: str) -> bool:
    """VICIdial's rule and constant risks play under the referee, a blind one where there are steps to see."""
    if rule == "blind":
        return scenario == SCRIPTED
    return not (rule == "vicidial" or risk_of(rule) is not None) or scenario not in own_scenarios()


def machine() -> dict[str, Any]:
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    model = next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), "")
    return {
        "processor": model or platform.processor() or platform.machine(),
        "cores": multiprocessing.cpu_count(),
        "system": platform.platform(),
        "python": f"{platform.python_implementation()} {platform.python_version()}",
    }


if __name__ == "__main__":
    main()
