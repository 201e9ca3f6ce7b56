import json

from hypothesis import given
from hypothesis import strategies as st

from dialer.core.abandonment import Tally
from dialer.core.pacing import View, make_pacing
from tests.unit.dialer.pacing_views import NOW, make_taught

MODES = ["manual", "progressive", "predictive"]
TAUGHT = json.dumps(make_taught().dump())
moments = st.lists(st.floats(NOW - 900, NOW), max_size=30)


@st.composite
def tallies(draw):
    answered = draw(st.integers(0, 5000))
    return Tally(answered, draw(st.integers(0, answered)))


@st.composite
def views(draw):
    talking = draw(moments)
    return View(
        idle=draw(moments),
        talking=talking,
        stages=[(draw(st.integers(0, 20)), since) for since in talking],
        wrapping=draw(moments),
        paused=draw(st.integers(0, 5)),
        ringing=draw(moments),
        waiting=draw(st.integers(0, 5)),
        lines_cap=draw(st.integers(0, 120)),
        day=draw(tallies()),
        window=draw(tallies()),
        limit=draw(st.sampled_from([0.01, 0.03, 0.05])),
        leads=draw(st.none() | st.integers(0, 50)),
        open=draw(st.booleans()),
        leaving=draw(st.integers(0, 5)),
        placeable=draw(st.none() | st.integers(0, 20)),
    )


def make_rule(mode, *, taught):
    rule = make_pacing(mode)
    if taught:
        rule.load(json.loads(TAUGHT))
    return rule


@given(st.sampled_from(MODES), st.booleans(), views())
def test_calls_are_never_negative_nor_more_than_lines_calls_per_second_and_leads(mode, taught, view):
    calls = make_rule(mode, taught=taught).decide(NOW, view).calls

    in_the_air = len(view.ringing) + len(view.talking) + view.waiting
    assert calls >= 0
    assert calls == 0 or in_the_air + calls <= view.lines_cap
    assert view.leads is None or calls <= view.leads
    assert view.placeable is None or calls <= view.placeable


@given(st.sampled_from(MODES), st.booleans(), views())
def test_nothing_is_dialed_without_an_agent_or_when_closed(mode, taught, view):
    decision = make_rule(mode, taught=taught).decide(NOW, view)

    assert decision.calls == 0 or (view.agents > 0 and view.open)


@given(st.sampled_from(MODES), views())
def test_a_decision_is_a_function_of_what_was_seen(mode, view):
    one, other = (make_rule(mode, taught=True) for _ in range(2))

    assert one.decide(NOW, view) == other.decide(NOW, view) == one.decide(NOW, view)


@given(views())
def test_a_floor_at_its_limit_never_dials_ahead(view):
    rule = make_rule("predictive", taught=True)
    full = Tally(1000, 30)
    view = View(**{name: getattr(view, name) for name in View.__slots__} | {"window": full, "limit": 0.03})

    assert rule.decide(NOW, view).calls <= max(0, len(view.idle) - len(view.ringing))


@given(views())
def test_every_estimate_is_a_number_that_json_can_carry(view):
    decision = make_rule("predictive", taught=True).decide(NOW, view)

    json.dumps(dict(decision.estimates), allow_nan=False)
