"""What a rule was told and what it decided, as lines of JSON, and the same once more with another rule.

python -m dialer.simulation.recording FILE records a quarter of an hour for the tests.
"""

import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, TextIO

from dialer.core.abandonment import Tally
from dialer.core.pacing import Decision, Pacing, Reason, View, make_pacing
from dialer.simulation.play import Simulation
from dialer.simulation.shift import Shift
from dialer.simulation.talks import talk_scripted

TALLIES = ("day", "window")


class Recorder:
    """Stands between a floor and a rule and writes everything down. Of a view only what has changed."""

    def __init__(self, rule: Pacing, out: TextIO) -> None:
        self.rule, self._out = rule, out
        self._seen: dict[str, Any] = {}

    def on_event(self, t: float, kind: str, **facts: Any) -> None:
        """Write an event down."""
        self._write({"t": t, "event": kind, **({"facts": facts} if facts else {})})
        self.rule.on_event(t, kind, **facts)

    def decide(self, t: float, view: View) -> Decision:
        """Write a view and its decision down."""
        decision = self.rule.decide(t, view)
        facts = asdict(view)
        changes = {name: value for name, value in facts.items() if self._seen.get(name, ...) != value}
        self._seen = facts
        decided = {**asdict(decision), "estimates": dict(decision.estimates)}
        self._write({"t": t, "view": changes, "decision": decided})
        return decision

    def dump(self) -> dict[str, Any]:
        """Return what the rule has learned."""
        return self.rule.dump()

    def load(self, state: Mapping[str, Any]) -> None:
        """Continue from a dump."""
        self.rule.load(state)

    def _write(self, line: Mapping[str, Any]) -> None:
        self._out.write(json.dumps(line, separators=(",", ":")) + "\n")


def replay(lines: Iterable[str], rule: Pacing) -> Iterator[tuple[Decision, Decision]]:
    """Tell a rule what was recorded; yield what was decided then and what it decides."""
    facts: dict[str, Any] = {}
    for line in map(json.loads, lines):
        if "event" in line:
            rule.on_event(line["t"], line["event"], **line.get("facts", {}))
            continue
        facts |= line["view"]
        then = line["decision"]
        recorded = Decision(**{**then, "reason": Reason(then["reason"])})
        yield recorded, rule.decide(line["t"], read_view(facts))


def read_view(facts: Mapping[str, Any]) -> View:
    """Inverse of `asdict`."""
    return View(**{**facts, **{name: Tally(**facts[name]) for name in TALLIES}})


def record(shift: Shift, path: Path, *, mode: str = "predictive") -> None:
    """Play a shift and write it down."""
    with path.open("w") as out:
        Simulation(shift, Recorder(make_pacing(mode), out)).run()


if __name__ == "__main__":
    record(Shift(agents=8, hours=0.25, talk=talk_scripted, break_every=600.0, pulse=2.0), Path(sys.argv[1]))
