"""Histories and views of floors for property tests. Times are eighths of a second: adding a constant is exact."""

from dataclasses import replace

from hypothesis import strategies as st

from dialer.core.abandonment import Tally
from dialer.core.pacing import FloorEvent, View, make_pacing
from tests.unit.dialer.pacing_views import NOW

MODES = ("manual", "progressive", "predictive")
eighths = st.integers(0, 8 * 900).map(lambda n: n / 8)
moments = st.lists(eighths.map(lambda age: NOW - age), max_size=30)


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
        placeable=draw(st.none() | st.integers(0, 10)),
    )


agents = st.integers(0, 9)
lasting = st.integers(0, 8 * 300).map(lambda n: n / 8)
happenings = st.one_of(
    st.tuples(st.just(FloorEvent.ANSWERED), st.fixed_dictionaries({"after": lasting})),
    st.tuples(
        st.just(FloorEvent.CALL_OVER), st.fixed_dictionaries({"outcome": st.just("busy"), "after": lasting})
    ),
    st.tuples(st.just(FloorEvent.CONNECTED), st.fixed_dictionaries({"agent": agents})),
    st.tuples(
        st.just(FloorEvent.STAGE), st.fixed_dictionaries({"agent": agents, "stage": st.integers(0, 14)})
    ),
    st.tuples(st.just(FloorEvent.TALK_END), st.fixed_dictionaries({"agent": agents, "lasted": lasting})),
    st.tuples(st.just(FloorEvent.WRAP_END), st.fixed_dictionaries({"agent": agents, "lasted": lasting})),
    st.tuples(st.just(FloorEvent.AGENT_PAUSED), st.just({})),
    st.tuples(st.just(FloorEvent.ABANDONED), st.just({})),
)
histories = st.lists(st.tuples(st.integers(0, 8 * 20).map(lambda n: n / 8), happenings), max_size=80)


def tell(rule, history, *, shift=0.0):
    """Let a history end half a minute before now."""
    t = NOW - 30.0 - sum(gap for gap, _ in history) + shift
    for gap, (kind, facts) in history:
        t += gap
        rule.on_event(t, kind, **facts)
    return rule


def told(mode, history, *, shift=0.0):
    return tell(make_pacing(mode), history, shift=shift)


def shifted(view, by):
    """The same floor on a clock that shows another time."""
    return replace(
        view,
        idle=[since + by for since in view.idle],
        talking=[since + by for since in view.talking],
        stages=[(stage, since + by) for stage, since in view.stages],
        wrapping=[since + by for since in view.wrapping],
        ringing=[since + by for since in view.ringing],
    )
