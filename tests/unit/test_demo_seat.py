"""When a simulated agent does what a supervisor has ordered."""

import pytest

from telesales import clock
from telesales.demo.mind import BREAK_SECONDS
from telesales.demo.seat import Seat

SUPERVISOR = 9


class NoDeeds:
    user_id = 1

    def ready(self) -> None:
        raise AssertionError("nothing is due in these tests")


@pytest.fixture
def planned() -> list[float]:
    return []


@pytest.fixture
def seat(planned: list[float]) -> Seat:
    return Seat(NoDeeds(), lambda seconds, _deed: planned.append(seconds), skill=1.0, speed=1.0, seed="a")


def view(state: str, **more) -> dict:
    return {"state": state, "attempt_id": None, "since": 0.0, "pause_reason": "", **more}


def test_who_was_sent_off_stays_away_for_a_while(seat, planned):
    seat.see(view("offline", ordered_by=SUPERVISOR))
    seat.see(None)  # somebody looked: it is known

    (seconds,) = planned
    assert seconds >= BREAK_SECONDS[0]


def test_who_left_alone_comes_back_soon(seat, planned):
    seat.see(view("offline", ordered_by=None))

    assert planned[0] <= 4.0


@pytest.mark.parametrize("reason", ["coaching", "break"])
def test_a_pause_with_a_reason_lasts(seat, planned, reason):
    seat.see(view("paused", pause_reason=reason, since=clock.now().timestamp() + 1))

    assert planned[0] >= BREAK_SECONDS[0]


def test_who_has_just_signed_on_is_ready_soon(seat, planned):
    seat.see(view("paused"))

    assert planned[0] <= 3.0
