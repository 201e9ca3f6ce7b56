"""A recorded quarter of an hour, told once more. After a wanted change of the rule record it anew:

.venv/bin/python -m dialer.simulation.recording tests/unit/dialer/recorded_shift.jsonl
"""

import io
import json
from pathlib import Path

import pytest

from dialer.core.pacing import Reason, make_pacing
from dialer.simulation import Shift, Simulation
from dialer.simulation.recording import Recorder, replay

RECORDED = Path(__file__).parent / "recorded_shift.jsonl"


def hold_against(lines, rule):
    """Every decision is the recorded one; return how many calls and why."""
    decided = []
    for recorded, decision in replay(lines, rule):
        assert (decision.calls, decision.reason, decision.let_go) == (
            recorded.calls,
            recorded.reason,
            recorded.let_go,
        )
        assert dict(decision.estimates) == pytest.approx(dict(recorded.estimates), rel=1e-6, abs=1e-9)
        decided.append(decision)
    return decided


def test_a_replay_of_recorded_events_gives_the_recorded_decisions():
    decided = hold_against(RECORDED.read_text().splitlines(), make_pacing("predictive"))

    assert sum(decision.calls for decision in decided) > 100
    assert {Reason.WARMING_UP, Reason.NO_MORE_RISK} <= {decision.reason for decision in decided}


def test_another_history_gives_other_decisions():
    lines = [line for line in RECORDED.read_text().splitlines() if '"event":"answered"' not in line]

    with pytest.raises(AssertionError):
        hold_against(lines, make_pacing("predictive"))


def test_whatever_is_recorded_can_be_replayed():
    out = io.StringIO()
    shift = Shift(agents=4, hours=0.1, leads=40, calls_per_second=1)
    report = Simulation(shift, Recorder(make_pacing("progressive"), out)).run()

    decided = hold_against(out.getvalue().splitlines(), make_pacing("progressive"))

    assert sum(decision.calls for decision in decided) == report.dialed > 0


def test_a_recorded_rule_can_be_stored_as_any_other():
    recorder, plain = Recorder(make_pacing("predictive"), io.StringIO()), make_pacing("predictive")
    recorder.on_event(5.0, "answered", after=4.0)
    plain.load(json.loads(json.dumps(recorder.dump())))

    assert plain.dump() == recorder.dump()
