from hypothesis import given
from hypothesis import strategies as st

from dialer.core.pacing import Reason, make_pacing
from dialer.core.pacing.per_second import PlacedLately
from tests.unit.dialer.pacing_views import NOW, make_taught, make_view


def test_without_a_cap_there_is_no_bound():
    assert PlacedLately().room(NOW, 0) is None


def test_room_comes_back_when_a_second_is_over():
    lately = PlacedLately()
    lately.add(NOW, 3)

    assert [lately.room(NOW + later, 5) for later in (0.0, 0.9, 1.0)] == [2, 2, 5]


def test_a_clock_that_was_set_back_does_not_stop_dialing():
    lately = PlacedLately()
    lately.add(NOW, 5)

    assert lately.room(NOW - 3600, 5) == 5


@given(st.lists(st.floats(0.01, 0.7), max_size=60), st.integers(1, 9))
def test_in_no_second_more_calls_are_placed_than_the_cap(pauses, cap):
    lately, placed, t = PlacedLately(), [], NOW
    for pause in pauses:
        t += pause
        calls = min(4, lately.room(t, cap) or 0)
        lately.add(t, calls)
        placed += [t] * calls

    assert all(sum(moment <= later < moment + 1 for later in placed) <= cap for moment in placed)


def test_the_cap_bounds_every_rule_and_is_named():
    for rule in (make_pacing("progressive"), make_taught()):
        decision = rule.decide(NOW, make_view(placeable=2))

        assert (decision.calls, decision.reason) == (2, Reason.CALLS_PER_SECOND)


def test_a_cap_that_is_not_reached_changes_nothing():
    view = make_view()

    free, capped = make_taught().decide(NOW, view), make_taught().decide(NOW, make_view(placeable=500))

    assert free == capped
