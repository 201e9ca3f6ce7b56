"""What every carrier must do. A new one writes a harness and is listed in `HARNESSES`."""

import pytest

from dialer.events import Answer, CallCause, EventKind
from dialer.ports import CarrierUnavailableError
from tests.dialer.carrier_harness import CarrierHarness

AGENT = 3
NORMAL_LIFE = [
    EventKind.CALL_RINGING,
    EventKind.CALL_ANSWERED,
    EventKind.CALL_CONNECTED,
    EventKind.CALL_ENDED,
]


def place(carrier: CarrierHarness, attempt: int, fate: str, until: EventKind | None = None) -> None:
    carrier.place(carrier.order(attempt, fate))
    if until:
        carrier.wait_for(attempt, until)


def kinds(carrier: CarrierHarness, attempt: int) -> list[EventKind]:
    return [event.kind for event in carrier.events(attempt)]


def settle(carrier: CarrierHarness) -> None:
    """Let the carrier finish everything it was asked for before."""
    place(carrier, 9999, "invalid", until=EventKind.CALL_ENDED)


def test_an_answered_call_is_connected_and_ends_when_the_callee_hangs_up(carrier):
    place(carrier, 1, "talker", until=EventKind.CALL_ANSWERED)
    carrier.command(lambda control: control.connect(1, AGENT))

    ended = carrier.wait_for(1, EventKind.CALL_ENDED)

    assert kinds(carrier, 1) == NORMAL_LIFE
    assert ended.data["cause"] == CallCause.CALLEE_HUNG_UP


def test_events_carry_growing_times_of_the_carrier_and_the_agent(carrier):
    place(carrier, 1, "talker", until=EventKind.CALL_ANSWERED)
    carrier.command(lambda control: control.connect(1, AGENT))
    carrier.wait_for(1, EventKind.CALL_ENDED)

    events = carrier.events(1)

    assert [event.at for event in events] == sorted({event.at for event in events})
    assert [event.agent_id for event in events if event.kind is EventKind.CALL_CONNECTED] == [AGENT]


def test_a_call_asked_for_twice_is_dialed_once(carrier):
    place(carrier, 1, "busy")
    place(carrier, 1, "busy", until=EventKind.CALL_ENDED)
    place(carrier, 1, "busy")
    settle(carrier)

    assert carrier.count_dialed(1) == 1
    assert kinds(carrier, 1).count(EventKind.CALL_ENDED) == 1


@pytest.mark.parametrize("fate", ["busy", "no_answer", "invalid", "congestion"])
def test_a_call_that_nobody_answers_ends_with_its_cause(carrier, fate):
    place(carrier, 1, fate)

    ended = carrier.wait_for(1, EventKind.CALL_ENDED)

    assert ended.data["cause"] == CallCause(fate)
    assert EventKind.CALL_ANSWERED not in kinds(carrier, 1)


@pytest.mark.parametrize(("fate", "answer"), [("human", Answer.HUMAN), ("machine", Answer.MACHINE)])
def test_an_answer_tells_people_from_machines(carrier, fate, answer):
    place(carrier, 1, fate)

    assert carrier.wait_for(1, EventKind.CALL_ANSWERED).data["answer"] == answer


def test_a_person_who_hears_nobody_hangs_up(carrier):
    place(carrier, 1, "silent")

    ended = carrier.wait_for(1, EventKind.CALL_ENDED)

    assert kinds(carrier, 1) == [EventKind.CALL_RINGING, EventKind.CALL_ANSWERED, EventKind.CALL_ENDED]
    assert ended.data["cause"] == CallCause.CALLEE_HUNG_UP


def test_a_message_is_played_to_its_end_and_the_call_ends(carrier):
    place(carrier, 1, "human", until=EventKind.CALL_ANSWERED)
    carrier.command(lambda control: control.play_message(1, "We are sorry."))

    ended = carrier.wait_for(1, EventKind.CALL_ENDED)

    assert kinds(carrier, 1)[-2:] == [EventKind.CALL_MESSAGE_PLAYED, EventKind.CALL_ENDED]
    assert ended.data["cause"] == CallCause.HUNG_UP


@pytest.mark.parametrize(
    ("fate", "state"), [("patient", EventKind.CALL_RINGING), ("human", EventKind.CALL_ANSWERED)]
)
def test_hanging_up_ends_a_call_once_in_any_state(carrier, fate, state):
    place(carrier, 1, fate, until=state)
    carrier.command(lambda control: control.hang_up(1))
    carrier.command(lambda control: control.hang_up(1))

    ended = carrier.wait_for(1, EventKind.CALL_ENDED)
    settle(carrier)

    assert ended.data["cause"] == CallCause.HUNG_UP
    assert kinds(carrier, 1).count(EventKind.CALL_ENDED) == 1


def test_hanging_up_ends_a_connected_call(carrier):
    place(carrier, 1, "human", until=EventKind.CALL_ANSWERED)
    carrier.command(lambda control: control.connect(1, AGENT))
    carrier.wait_for(1, EventKind.CALL_CONNECTED)

    carrier.command(lambda control: control.hang_up(1))

    assert carrier.wait_for(1, EventKind.CALL_ENDED).data["cause"] == CallCause.HUNG_UP


def test_connecting_twice_connects_once(carrier):
    place(carrier, 1, "human", until=EventKind.CALL_ANSWERED)
    carrier.command(lambda control: control.connect(1, AGENT))
    carrier.command(lambda control: control.connect(1, AGENT))
    settle(carrier)

    assert kinds(carrier, 1).count(EventKind.CALL_CONNECTED) == 1


def test_a_call_that_is_over_is_not_connected(carrier):
    place(carrier, 1, "busy", until=EventKind.CALL_ENDED)
    carrier.command(lambda control: control.connect(1, AGENT))
    settle(carrier)

    assert EventKind.CALL_CONNECTED not in kinds(carrier, 1)


def test_a_forbidden_attempt_is_never_dialed(carrier):
    forbidden = [carrier.command(lambda control: control.forbid(1)) for _ in range(2)]
    place(carrier, 1, "human")
    settle(carrier)

    assert forbidden == [True, True]
    assert carrier.count_dialed(1) == 0
    assert carrier.events(1) == []


def test_an_attempt_that_was_placed_cannot_be_forbidden(carrier):
    place(carrier, 1, "human", until=EventKind.CALL_RINGING)

    assert carrier.command(lambda control: control.forbid(1)) is False


def test_a_carrier_says_what_it_knows_of_an_attempt(carrier):
    place(carrier, 1, "human", until=EventKind.CALL_ANSWERED)
    place(carrier, 2, "busy", until=EventKind.CALL_ENDED)

    found = [carrier.command(lambda control, n=n: control.find_call(n)) for n in (1, 2, 3)]

    assert [call and call.state for call in found] == ["answered", "ended", None]


def test_a_call_goes_on_after_the_carrier_was_killed(carrier):
    place(carrier, 1, "human", until=EventKind.CALL_ANSWERED)
    carrier.kill()
    carrier.command(lambda control: control.connect(1, AGENT))
    carrier.start()
    carrier.wait_for(1, EventKind.CALL_CONNECTED)
    carrier.command(lambda control: control.hang_up(1))

    carrier.wait_for(1, EventKind.CALL_ENDED)

    assert kinds(carrier, 1) == NORMAL_LIFE
    assert carrier.count_dialed(1) == 1


def test_a_carrier_that_was_stopped_says_so(carrier):
    carrier.stop()

    with pytest.raises(CarrierUnavailableError):
        place(carrier, 1, "human")
