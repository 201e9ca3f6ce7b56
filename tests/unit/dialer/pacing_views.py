"""Views of a floor and a rule that has seen an ordinary hour."""

from typing import Any

from dialer.core.pacing import FloorEvent, Pacing, Predictive, View

NOW = 10_000.0
BEFORE = NOW - 600  # when the ordinary hour ended


def make_view(**changes: Any) -> View:
    """Ten agents: four ready, five talking, one wrapping up; nothing rings."""
    agents = {
        "idle": [NOW - 5.0 * i for i in range(4)],
        "talking": [NOW - 20.0 * i for i in range(5)],
        "wrapping": [NOW - 10.0],
    }
    facts = {**agents, "paused": 0, "ringing": [], "waiting": 0, "lines_cap": 60, **changes}
    facts.setdefault("stages", [(0, since) for since in facts["talking"]])
    return View(**facts)


def teach(rule: Pacing, *, answer_rate: float = 0.25, calls: int = 400, until: float = BEFORE) -> None:
    """Let calls, talks and wrap-ups pass by, evenly."""
    answered = 0.0
    for n in range(calls):
        t = until - (calls - n) * 2.0
        answered += answer_rate
        if answered < 1:
            rule.on_event(t, FloorEvent.CALL_OVER, outcome="no_answer", after=25.0)
            continue
        answered -= 1
        rule.on_event(t, FloorEvent.ANSWERED, after=4.0 + n % 10)
        rule.on_event(t, FloorEvent.TALK_END, agent=n % 10, lasted=10.0 + n % 7 * 30)
        rule.on_event(t, FloorEvent.WRAP_END, agent=n % 10, lasted=8.0 + n % 5 * 5)


def make_taught(**lesson: Any) -> Predictive:
    rule = Predictive()
    teach(rule, **lesson)
    return rule
