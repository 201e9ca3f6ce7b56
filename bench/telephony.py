"""What one machine holds with real telephones: python -m bench.telephony [--only hello|gateway|floor] [--seconds 30].

`hello`: from a person's 200 OK to the first sound of the agent. `gateway`: calls are placed at a fixed rate and every answered one is bridged with the telephone of an agent at once, with sound both ways;
the gateway and Asterisk are measured alone, on two ladders: more calls a second, and more conversations at a time. `floor`: every process of `make run`, simulated agents at their desks, predictive dialing.
Steps grow until the 99th percentile of answered -> bridged leaves 100 ms, or calls fail. People, carrier and telephones are a second
Asterisk on the same machine; its share of the CPU is told apart.
"""

import argparse
import json
import os
import resource
import tempfile
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.floor import machine
from bench.telephony_floor import measure_floor
from bench.telephony_gateway import measure_gateway
from bench.telephony_hello import measure_hello
from tests.telephony.asterisk_server import find_asterisk

RESULTS = Path(__file__).parent / "results" / "telephony.json"
MOST_MS = 100.0
LEAST_SHARE = 0.99  # of calls that came through
# (calls a second, bridged at once): each ladder is climbed until a step is too much.
LADDERS = {
    "calls": ((20, 100), (30, 100), (40, 100), (50, 100), (60, 100), (80, 100), (100, 100)),
    "talks": ((20, 150), (20, 180), (20, 210), (20, 240), (20, 270)),
}
HELLOS = 100  # calls, one after the other
SIZES = (20, 40, 60, 80, 100)


def main() -> None:
    arguments = read_arguments()
    if find_asterisk() is None:
        print("SKIPPED Asterisk is not here: run `make test-deps`")
        return
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)  # each leg with sound has three files
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    result: dict[str, Any] = {
        "machine": machine(),
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "load_average_before": round(os.getloadavg()[0], 1),
    }
    with tempfile.TemporaryDirectory(prefix="telesales-bench-") as folder:
        if arguments.only in ("", "hello"):
            result["hello"] = measure_hello(calls=HELLOS, folder=Path(folder))
            print(json.dumps(result["hello"]), flush=True)
        for name, steps in arguments.ladders.items() if arguments.only in ("", "gateway") else ():
            result[name] = climb(
                measure_gateway(rate=rate, bridged=bridged, seconds=arguments.seconds, folder=Path(folder))
                for rate, bridged in steps
            )
        if arguments.only in ("", "floor"):
            result["floor"] = climb(
                measure_floor(agents=agents, seconds=arguments.seconds, folder=Path(folder))
                for agents in arguments.agents
            )
    for part in (*arguments.ladders, "floor"):
        if part in result:
            good = [found for found in result[part] if holds(found)]
            result[f"{part}_holds"] = good[-1] if good else None
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(result, indent=2) + "\n")


def climb(steps: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Steps until one is too much, that one with them."""
    climbed = []
    for found in steps:
        climbed.append(found)
        print(json.dumps(found), flush=True)
        if not holds(found):
            break
    return climbed


def holds(found: dict[str, Any]) -> bool:
    """The machine carried this step as it should."""
    times = found["answered_to_bridged_ms"]
    return times.get("p99", MOST_MS + 1) < MOST_MS and found["share_bridged"] >= LEAST_SHARE


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=("", "hello", "gateway", "floor"), default="")
    parser.add_argument("--seconds", type=int, default=30, help="measured time of each step")
    parser.add_argument(
        "--steps", type=_pair, nargs="+", help="calls a second, and bridged at once: 20,100 30,100"
    )
    parser.add_argument("--agents", type=int, nargs="+", default=SIZES, help="sizes of the floor")
    arguments = parser.parse_args()
    arguments.ladders = {"steps": arguments.steps} if arguments.steps else LADDERS
    return arguments


def _pair(text: str) -> tuple[int, int]:
    rate, bridged = text.split(",")
    return int(rate), int(bridged)


if __name__ == "__main__":
    main()
