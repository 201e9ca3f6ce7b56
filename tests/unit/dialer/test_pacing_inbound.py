"""How often people ring us is learned from those who do."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialer.core.pacing.inbound import MEMORY_SECONDS, InboundRate

HOUR = 3600.0


def taught(every: float, hours: float, start: float = 0.0) -> InboundRate:
    rate = InboundRate()
    rate.rate(start)
    for n in range(1, int(hours * HOUR / every) + 1):
        rate.arrived(start + n * every)
    return rate


def test_nobody_is_expected_before_somebody_rang():
    rate = InboundRate()

    assert [rate.rate(t) for t in (0.0, HOUR, 100 * HOUR)] == [0.0, 0.0, 0.0]


def test_first_person_alone_moves_it_little():
    rate = InboundRate()
    rate.rate(0.0)
    rate.arrived(10.0)

    assert rate.rate(10.0) < 5 / HOUR


def test_steady_arrivals_are_learned_from_below():
    rate = taught(every=60.0, hours=6)

    assert rate.rate(6 * HOUR) == pytest.approx(1 / 60, rel=0.25)
    assert rate.rate(6 * HOUR) < 1 / 60


def test_what_was_long_ago_is_forgotten():
    rate = taught(every=30.0, hours=2)
    before = rate.rate(2 * HOUR)

    assert rate.rate(2 * HOUR + 5 * MEMORY_SECONDS) < before / 50


def test_a_restart_forgets_nothing():
    rate, other = taught(every=45.0, hours=1), InboundRate()
    other.load(json.loads(json.dumps(rate.dump())))

    assert other.rate(HOUR + 60) == rate.rate(HOUR + 60)


@pytest.mark.parametrize(
    "state", [{}, {"people": "many", "seconds": 3}, {"people": -1, "seconds": 3, "at": 0}]
)
def test_what_cannot_be_read_is_left_aside(state):
    rate = InboundRate()
    rate.load(state)

    assert rate.rate(5.0) == 0.0


@given(st.lists(st.tuples(st.floats(0, 1e6), st.booleans()), max_size=60))
def test_it_is_finite_and_never_negative_whatever_the_clock_does(moments):
    rate = InboundRate()
    arrivals = 0
    for t, rings in moments:
        if rings:
            rate.arrived(t)
            arrivals += 1
        assert 0.0 <= rate.rate(t) <= arrivals / 900.0
