import json
from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from dialer.carriers.behaviour import Profile
from dialer.core.abandonment import Tally
from dialer.core.pacing import make_pacing
from dialer.core.pacing.half_hours import HALF_HOUR
from dialer.simulation import AgentPlan, Shift, Simulation
from tests.unit.dialer.pacing_histories import MODES, histories, shifted, tell, told, views
from tests.unit.dialer.pacing_views import NOW, make_taught, make_view

modes = st.sampled_from(MODES)
TAUGHT = json.dumps(make_taught().dump())


def make_rule(mode, *, taught):
    rule = make_pacing(mode)
    if taught:
        rule.load(json.loads(TAUGHT))
    return rule


def alike(one, other):
    """Equal but for the last digits of the estimates."""
    estimates = [dict(decision.estimates) for decision in (one, other)]
    assert estimates[0] == pytest.approx(estimates[1], rel=1e-9, abs=1e-12)
    return (one.calls, one.reason, one.let_go) == (other.calls, other.reason, other.let_go)


@given(modes, st.booleans(), views())
def test_calls_are_never_negative_nor_more_than_lines_calls_per_second_and_leads(mode, taught, view):
    calls = make_rule(mode, taught=taught).decide(NOW, view).calls

    in_the_air = len(view.ringing) + len(view.talking) + view.waiting
    assert calls >= 0
    assert calls == 0 or in_the_air + calls <= view.lines_cap
    assert view.placeable is None or calls <= view.placeable
    assert view.leads is None or calls <= view.leads


@given(modes, st.booleans(), views())
def test_nothing_is_dialed_without_an_agent_or_when_closed(mode, taught, view):
    decision = make_rule(mode, taught=taught).decide(NOW, view)

    assert decision.calls == 0 or (view.agents > 0 and view.open)


@given(modes, histories, views())
def test_a_decision_is_a_function_of_what_was_told_and_seen(mode, history, view):
    one, other = told(mode, history), told(mode, history)

    assert one.decide(NOW, view) == other.decide(NOW, view) == one.decide(NOW, view)


@given(modes, histories, views())
def test_a_rule_that_was_stored_decides_as_before(mode, history, view):
    rule, loaded = tell(make_rule(mode, taught=True), history), make_pacing(mode)
    loaded.load(json.loads(json.dumps(rule.dump())))

    assert alike(loaded.decide(NOW, view), rule.decide(NOW, view))


@given(modes, histories, views(), st.integers(-(2**10), 2**20).map(lambda n: HALF_HOUR * n))
def test_another_half_hour_of_the_clock_changes_nothing(mode, history, view, by):
    decision = told(mode, history).decide(NOW, view)

    assert alike(told(mode, history, shift=by).decide(NOW + by, shifted(view, by)), decision)


@given(modes, st.booleans(), views(), st.lists(st.integers(0, 8 * 60).map(lambda n: n / 8), min_size=1))
def test_more_ringing_never_gives_more_calls(mode, taught, view, more):
    fuller = replace(view, ringing=[*view.ringing, *(NOW - age for age in more)])
    rule = make_rule(mode, taught=taught)

    assert rule.decide(NOW, fuller).calls <= rule.decide(NOW, view).calls


@given(modes, st.booleans(), views())
def test_people_who_wait_never_give_more_calls(mode, taught, view):
    rule = make_rule(mode, taught=taught)

    assert rule.decide(NOW, replace(view, waiting=view.waiting + 1)).calls <= rule.decide(NOW, view).calls


@given(views())
def test_a_floor_at_its_limit_never_dials_ahead(view):
    rule = make_rule("predictive", taught=True)
    view = replace(view, window=Tally(1000, 30), limit=0.03)

    assert rule.decide(NOW, view).calls <= max(0, len(view.idle) - len(view.ringing))


@given(histories, views())
@example(history=[], view=make_view(ringing=[NOW + 60.0], idle=[NOW + 5.0]))  # the clock was set back
def test_every_estimate_is_a_number_that_json_can_carry(history, view):
    decision = tell(make_rule("predictive", taught=True), history).decide(NOW, view)

    json.dumps(dict(decision.estimates), allow_nan=False)


class Watched:
    """A rule whose every decision is held against its view."""

    def __init__(self, mode):
        self.rule = make_pacing(mode)
        self.on_event = self.rule.on_event
        self.placed = []

    def decide(self, t, view):
        decision = self.rule.decide(t, view)
        self.placed += [t] * decision.calls
        in_the_air = len(view.ringing) + len(view.talking) + view.waiting
        assert decision.calls == 0 or view.agents > 0
        assert decision.calls == 0 or in_the_air + decision.calls <= view.lines_cap
        assert view.placeable is None or decision.calls <= view.placeable
        return decision


@st.composite
def shifts(draw):
    leaving = st.none() | st.integers(0, 1200)
    return Shift(
        agents=draw(st.integers(1, 12)),
        plans=tuple(AgentPlan(leaves_at=at) for at in draw(st.lists(leaving, max_size=12))),
        hours=0.35,
        seed=draw(st.integers(1, 1000)),
        profile=Profile(human=draw(st.sampled_from([0.05, 0.28, 0.7])), machine=0.2, busy=0.02),
        lines_per_agent=draw(st.sampled_from([1.5, 6.0])),
        calls_per_second=draw(st.sampled_from([0, 1, 3])),
        leads=draw(st.none() | st.integers(0, 300)),
        break_every=600.0,
        warm_up=0.0,
    )


@settings(max_examples=25)
@given(modes, shifts())
def test_whole_shifts_never_dial_without_agents_nor_above_lines_and_calls_per_second(mode, shift):
    rule = Watched(mode)
    report = Simulation(shift, rule).run()

    assert report.dialed_without_agents == 0
    cap = shift.calls_per_second
    assert cap == 0 or all(later - t >= 1 for t, later in zip(rule.placed, rule.placed[cap:], strict=False))
    assert shift.leads is None or report.dialed <= shift.leads
