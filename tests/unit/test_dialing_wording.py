"""A decision in words: every reason has its sentence, every number its name."""

import re

import pytest
from flask import Flask

from dialer.core.pacing import Progressive, Reason, View
from dialer.engine.pacer import show
from telesales.dialing import wording
from tests.factories_dialing import ESTIMATES

NAMES = re.compile(r"\{(\w+)\}")


@pytest.fixture(autouse=True)
def speaking(built_app: Flask):
    with built_app.test_request_context():
        yield


@pytest.mark.parametrize("texts", [wording.sentences, wording.short_sentences])
def test_every_reason_has_its_sentence(texts):
    assert set(texts()) == set(Reason)
    assert all(texts().values())


def test_sentences_ask_for_numbers_that_have_a_name():
    asked = {name for text in wording.sentences().values() for name in NAMES.findall(text)}

    assert asked <= set(wording.FIGURES)


def test_every_number_has_a_label():
    assert [name for name in wording.FIGURES if wording.figure_name(name) == name] == []


def test_what_every_rule_is_shown_has_a_name():
    view = View(idle=[0.0], talking=[], stages=[], wrapping=[], paused=0, ringing=[], waiting=0, lines_cap=5)
    record = show(Progressive().decide(1.0, view), 1.0, 1, view)

    assert wording.figures(record["estimates"], "other") == []


@pytest.mark.parametrize(("placed", "said"), [(2, {}), (1, {"wanted": 2})])
def test_calls_that_the_rule_wanted_and_workers_cannot_take_are_told(placed, said):
    view = View(
        idle=[0.0, 0.0], talking=[], stages=[], wrapping=[], paused=0, ringing=[], waiting=0, lines_cap=5
    )

    told = show(Progressive().decide(1.0, view), 1.0, placed, view)["estimates"]

    assert {name: told[name] for name in told if name == "wanted"} == said


def test_the_sentence_says_how_many_and_why_not_one_more():
    assert wording.explain(3, Reason.NO_MORE_RISK, ESTIMATES) == (
        "Placed 3: 2.1 agents free within 9 s, 1.6 people expected to answer, risk 2.1%, allowed 2.7%; "
        "one call more would make it 3.4%."
    )


def test_where_none_was_placed_no_risk_of_a_last_call_is_told():
    assert wording.explain(0, Reason.NO_MORE_RISK, {**ESTIMATES, "risk": 0.0}) == (
        "Placed nothing: 2.1 agents free within 9 s, 1.6 people expected to answer; "
        "one call would have a risk of 3.4%, allowed: 2.7%."
    )


def test_calls_that_are_let_go_of_are_not_blamed_on_people_who_left():
    said = wording.explain(0, Reason.LETTING_GO, {**ESTIMATES, "agents": 7, "leaving": 0, "let_go": 1})

    assert said == (
        "Placed nothing: more calls ring than agents can take now; "
        "calls let go of, each once it has rung as long as the law demands: 1."
    )


def test_while_it_learns_more_may_be_on_the_way_than_agents_are_ready():
    """Between knowing nothing and enough, the rule places more than one call for each where that is safe."""
    said = wording.explain(0, Reason.WARMING_UP, {**ESTIMATES, "idle": 3, "ringing": 6})

    assert "every ready agent has a call on the way" in said
    assert "one call for each" not in said


def test_in_a_few_words_a_decision_says_why_not_one_more():
    short = wording.short_sentences()[Reason.NO_MORE_RISK]

    assert NAMES.findall(short) == ["next_risk", "threshold"]


def test_calls_that_have_to_wait_for_the_others_are_said():
    assert wording.explain(20, Reason.LINES, {"wanted": 31}) == (
        "Placed 20: all lines of the campaign are in use. It wanted 31; the others wait until these are on their way."
    )


def test_a_number_that_is_not_there_is_a_dash():
    assert "risk –, allowed –;" in wording.explain(1, Reason.NO_MORE_RISK, {})


def test_reasons_and_numbers_of_another_version_are_shown_as_they_are():
    assert wording.explain(0, "full_moon", {}) == "Placed nothing: full_moon"
    assert wording.figures({"moon": 0.25, "tides": 2, "phase": "new"}, "other") == [
        ("moon", "0.250"),
        ("tides", "2"),
        ("phase", "new"),
    ]


def test_a_decision_expects_no_risk_of_a_call_that_it_did_not_place():
    told = dict(wording.expected_figures(0, ESTIMATES))

    assert "Risk of the last call placed" not in told
    assert told["Risk of one call more"] == "3.4%"
    assert "Risk of the last call placed" in dict(wording.expected_figures(3, ESTIMATES))


def test_without_a_forecast_there_is_nothing_to_expect():
    assert wording.expected_figures(1, {"idle": 1, "threshold": 0.075}) == []
