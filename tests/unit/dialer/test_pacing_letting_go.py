from dataclasses import astuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialer.core.pacing import MIN_RING_SECONDS, Reason, make_pacing
from dialer.core.pacing.forecast import Forecast
from dialer.core.pacing.placing import LET_GO_RISK
from dialer.simulation import AgentPlan, Shift, simulate
from tests.unit.dialer.pacing_views import NOW, make_taught, make_view

OLD, YOUNG = NOW - MIN_RING_SECONDS, NOW - MIN_RING_SECONDS + 0.5
NOBODY = {"idle": [], "talking": [], "wrapping": []}


def make_rule(mode):
    return make_taught() if mode == "predictive" else make_pacing(mode)


@pytest.mark.parametrize("mode", ["manual", "progressive", "predictive"])
def test_with_nobody_left_what_has_rung_long_enough_is_let_go(mode):
    decision = make_rule(mode).decide(NOW, make_view(**NOBODY, ringing=[OLD, OLD - 5, YOUNG]))

    assert (decision.calls, decision.reason, decision.let_go) == (0, Reason.NO_AGENTS, 2)


@pytest.mark.parametrize("mode", ["manual", "progressive", "predictive"])
def test_agents_who_are_about_to_leave_take_nobody(mode):
    decision = make_rule(mode).decide(NOW, make_view(**NOBODY, leaving=9, ringing=[OLD]))

    assert (decision.calls, decision.let_go) == (0, 1)


def test_progressive_lets_go_what_rings_beyond_the_ready_agents():
    view = make_view(idle=[NOW], ringing=[OLD, OLD, OLD, YOUNG])

    decision = make_pacing("progressive").decide(NOW, view)

    assert (decision.calls, decision.reason, decision.let_go) == (0, Reason.LETTING_GO, 3)


def test_most_agents_left_and_calls_are_let_go():
    view = make_view(idle=[], talking=[NOW - 3] * 4, wrapping=[], ringing=[YOUNG] * 15 + [OLD - 3] * 5)

    decision = make_taught().decide(NOW, view)

    assert (decision.calls, decision.reason, decision.let_go) == (0, Reason.LETTING_GO, 5)


def test_no_more_are_let_go_than_need_be():
    decision = make_taught().decide(NOW, make_view(idle=[NOW], wrapping=[], ringing=[OLD - 1] * 120))

    assert decision.reason is Reason.LETTING_GO
    assert 0 < decision.let_go < 120


def test_nothing_is_let_go_that_somebody_can_take():
    for view in (make_view(ringing=[OLD] * 4), make_view(idle=[NOW] * 8, ringing=[OLD] * 12)):
        assert make_taught().decide(NOW, view).let_go == 0


def test_calls_that_are_gone_leave_the_outlook_of_the_others():
    ringing = [NOW - age / 2 for age in range(60)]
    rule = make_taught()
    rule.decide(NOW, make_view())
    forecast = Forecast(rule._known)

    fewer = forecast.without(forecast.outlooks(NOW, make_view(ringing=ringing)), NOW, ringing[20:])

    for outlook, expected in zip(fewer, forecast.outlooks(NOW, make_view(ringing=ringing[:20])), strict=True):
        assert astuple(outlook) == pytest.approx(astuple(expected))


@given(st.lists(st.floats(0, 40), max_size=40), st.integers(0, 6), st.integers(0, 6))
def test_only_calls_of_the_legal_age_are_let_go(ages, idle, talking):
    view = make_view(
        idle=[NOW] * idle, talking=[NOW] * talking, wrapping=[], ringing=[NOW - age for age in ages]
    )

    for mode in ("progressive", "predictive"):
        decision = make_rule(mode).decide(NOW, view)
        assert 0 <= decision.let_go <= sum(age >= MIN_RING_SECONDS for age in ages)
        assert not (decision.let_go and decision.calls)


def test_a_simulated_floor_lets_go_when_half_of_it_leaves_at_once():
    plans = [AgentPlan(leaves_at=1800.0)] * 15
    shift = Shift(agents=30, hours=0.6, plans=plans, warm_up=1790.0)

    report = simulate(shift)

    assert report.let_go > 0


def test_a_decision_to_let_go_says_what_was_expected():
    view = make_view(idle=[], talking=[NOW - 3] * 4, wrapping=[], ringing=[YOUNG] * 15 + [OLD - 3] * 5)

    estimates = make_taught().decide(NOW, view).estimates

    assert estimates["expected_answers"] > estimates["expected_free"]
    assert estimates["next_risk"] > LET_GO_RISK
