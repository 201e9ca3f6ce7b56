import pytest

from dialer.core.pacing import Reason, make_pacing
from tests.unit.dialer.pacing_views import NOW, make_view

MODES = ["manual", "progressive", "predictive"]


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"idle": [], "talking": [], "wrapping": []}, Reason.NO_AGENTS),
        ({"open": False}, Reason.CLOSED),
        ({"leads": 0}, Reason.NO_LEADS),
    ],
)
def test_nothing_is_dialed_when_nothing_can_come_of_it(mode, changes, reason):
    decision = make_pacing(mode).decide(NOW, make_view(**changes))

    assert (decision.calls, decision.reason) == (0, reason)


def test_agents_on_a_break_do_not_count():
    view = make_view(idle=[], talking=[], wrapping=[], paused=10)

    assert make_pacing("progressive").decide(NOW, view).reason is Reason.NO_AGENTS


def test_manual_campaigns_are_dialed_by_people():
    decision = make_pacing("manual").decide(NOW, make_view())

    assert (decision.calls, decision.reason) == (0, Reason.MANUAL)


@pytest.mark.parametrize(
    ("ringing", "waiting", "calls"), [([], 0, 4), ([NOW - 3], 0, 3), ([NOW - 3], 2, 1), ([NOW] * 9, 0, 0)]
)
def test_progressive_places_one_call_per_ready_agent_without_one(ringing, waiting, calls):
    view = make_view(ringing=ringing, waiting=waiting)

    assert make_pacing("progressive").decide(NOW, view).calls == calls


def test_lines_bound_the_calls_and_connected_ones_take_a_line():
    decision = make_pacing("progressive").decide(NOW, make_view(lines_cap=7))

    assert (decision.calls, decision.reason) == (2, Reason.LINES)


def test_no_more_calls_are_placed_than_leads_are_left():
    decision = make_pacing("progressive").decide(NOW, make_view(leads=3))

    assert (decision.calls, decision.reason) == (3, Reason.NO_LEADS)
