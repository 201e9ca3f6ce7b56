"""How long a decision takes, and how that grows with the floor."""

import statistics
import time
from typing import Any

from dialer.core.pacing import Pacing, View, make_pacing

SIZES = (30, 300, 3_000)  # agents; three calls ring for each
ONE_IN = {
    "steady": 12,
    "overdialed": 4,
}  # calls answered: as three calls for each agent need, and far too many
TICK = 0.5
DECISIONS = 400


def measure_decisions() -> list[dict[str, Any]]:
    """One line per floor."""
    return [measure_floor(agents, floor) for floor in ONE_IN for agents in SIZES]


def measure_floor(agents: int, floor: str) -> dict[str, Any]:
    """Median and 99th percentile in milliseconds; results of calls come in between and are not counted."""
    rule, ringing, one_in = make_pacing("predictive"), 3 * agents, ONE_IN[floor]
    for n in range(2000):
        tell_result(rule, n, number=n, one_in=one_in)
        rule.on_event(n, "talk_end", agent=n, lasted=5 + n * 37 % 400)
        rule.on_event(n, "wrap_end", agent=n, lasted=5 + n * 13 % 60)
    taken = []
    for n in range(DECISIONS):
        t = 3000.0 + n * TICK
        for number in range(ringing // 40):
            tell_result(rule, t, number=number, one_in=one_in)
        view = make_view(t, agents, ringing)
        started = time.perf_counter()
        rule.decide(t, view)
        taken.append(1000 * (time.perf_counter() - started))
    p99 = statistics.quantiles(taken, n=100, method="inclusive")[98]
    return {
        "floor": floor,
        "agents": agents,
        "ringing": ringing,
        "median_ms": round(statistics.median(taken), 3),
        "p99_ms": round(p99, 3),
    }


def tell_result(rule: Pacing, t: float, *, number: int, one_in: int) -> None:
    """One call in so many is answered."""
    if number % one_in == 0:
        rule.on_event(t, "answered", after=4 + number % 17)
    else:
        rule.on_event(t, "call_over", outcome="no_answer", after=25)


def make_view(t: float, agents: int, ringing: int) -> View:
    """A busy floor: of 15 agents twelve talk, two write and one waits."""
    talking = [t - 400 * i / (0.8 * agents) for i in range(int(0.8 * agents))]
    return View(
        idle=[t - 1] * (agents // 15),
        talking=talking,
        stages=[(i % 5, since) for i, since in enumerate(talking)],
        wrapping=[t - 30 * i / (0.13 * agents) for i in range(int(0.13 * agents))],
        paused=0,
        ringing=[t - 25 * i / ringing for i in range(ringing)],
        waiting=0,
        lines_cap=6 * agents,
    )


def show_cost(line: dict[str, Any]) -> None:
    """Print a line."""
    print(
        f"a decision on a {line['floor']} floor of {line['agents']} agents and {line['ringing']} ringing calls: "
        f"median {line['median_ms']:.2f} ms, p99 {line['p99_ms']:.2f} ms"
    )
