"""How the floor treats agents."""

import pytest

from dialer.core.abandonment import Measure
from dialer.core.floor.effects import Connect, HangUp, PlayMessage, Withdraw
from dialer.core.floor.snapshot import view_floor
from dialer.core.pacing import View
from dialer.events import EventKind
from tests.unit.dialer.stage import NOON, Stage


@pytest.fixture
def stage() -> Stage:
    return Stage()


def view_at(stage: Stage, at: float) -> View:
    return view_floor(
        stage.floor, Measure(), at=NOON + at, lines=10, limit=0.03, is_open=True, has_leads=True
    )


def test_signing_on_does_not_bring_calls_before_ready(stage):
    stage.say(EventKind.AGENT_SIGNED_ON, 0, agent=1)
    stage.ring(100)

    assert stage.answer(100, 2) == []
    assert stage.state_of(1) == "paused"


def test_ready_without_signing_on_means_nothing(stage):
    stage.say(EventKind.AGENT_READY, 0, agent=1)

    assert stage.state_of(1) == "offline"


def test_ready_twice_keeps_the_place_in_the_line(stage):
    stage.agent_ready(1, at=0)
    stage.agent_ready(2, at=1)
    stage.say(EventKind.AGENT_READY, 2, agent=1)
    stage.ring(100)

    assert stage.answer(100, 5) == [Connect(100, 1)]


def test_call_over_means_wrap_up_and_the_disposition_means_ready(stage):
    stage.agent_ready(1)
    stage.talk(100, 1)
    stage.end(100, 30)
    assert stage.state_of(1) == "wrap_up"

    stage.say(EventKind.AGENT_WRAPPED_UP, 40, agent=1, call=100)
    assert stage.state_of(1) == "ready"


def test_disposition_saved_during_the_call_makes_ready_at_its_end(stage):
    stage.agent_ready(1)
    stage.talk(100, 1)
    stage.say(EventKind.AGENT_WRAPPED_UP, 20, agent=1, call=100)
    assert stage.state_of(1) == "on_call"

    stage.end(100, 30)
    assert stage.state_of(1) == "ready"


def test_late_disposition_of_an_earlier_call_does_not_end_this_wrap_up(stage):
    stage.agent_ready(1)
    stage.talk(100, 1)
    stage.end(100, 30)

    stage.say(EventKind.AGENT_WRAPPED_UP, 31, agent=1, call=99)

    assert stage.state_of(1) == "wrap_up"


def test_pause_during_a_call_begins_after_the_wrap_up(stage):
    stage.agent_ready(1)
    stage.talk(100, 1)
    stage.say(EventKind.AGENT_PAUSED, 20, agent=1, reason="lunch")
    assert stage.state_of(1) == "on_call"
    stage.end(100, 30)
    assert stage.state_of(1) == "wrap_up"

    stage.say(EventKind.AGENT_WRAPPED_UP, 40, agent=1, call=100)

    assert stage.state_of(1) == "paused"
    assert stage.floor.agents[1].pause_reason == "lunch"


def test_ready_in_a_call_takes_the_wish_for_a_pause_back(stage):
    stage.agent_ready(1)
    stage.talk(100, 1)
    stage.say(EventKind.AGENT_PAUSED, 20, agent=1, reason="lunch")
    stage.say(EventKind.AGENT_READY, 25, agent=1)
    stage.end(100, 30)

    stage.say(EventKind.AGENT_WRAPPED_UP, 40, agent=1, call=100)

    assert stage.state_of(1) == "ready"


def test_wrapped_up_agent_gets_the_person_who_waits(stage):
    stage.agent_ready(1)
    stage.talk(100, 1)
    stage.end(100, 30)
    stage.ring(101, at=30)
    stage.answer(101, 33)

    assert stage.say(EventKind.AGENT_WRAPPED_UP, 34, agent=1, call=100) == [Connect(101, 1)]


def test_time_in_each_state_is_a_fact(stage):
    stage.agent_ready(1, at=0)
    stage.talk(100, 1, at=10)
    stage.end(100, 30)

    spent = [(f.data["previous"], f.at - f.data["since"]) for f in stage.facts if f.kind == "agent.state"]
    assert spent == [("offline", 0), ("paused", 0), ("ready", 10), ("reserved", 0), ("on_call", 20)]


def test_manual_call_belongs_to_the_agent_who_dialed_it(stage):
    stage.agent_ready(1)
    stage.agent_ready(2, at=5)
    stage.ring(100, at=6, agent=2)
    assert stage.state_of(2) == "reserved"

    assert stage.answer(100, 9, "machine") == [Connect(100, 2)]


def test_manual_call_that_nobody_answers_gives_the_agent_back(stage):
    stage.say(EventKind.AGENT_SIGNED_ON, 0, agent=1)
    stage.say(EventKind.AGENT_PAUSED, 1, agent=1, reason="lists")
    stage.ring(100, at=6, agent=1)
    stage.end(100, 30, "no_answer")

    assert stage.state_of(1) == "paused"
    assert stage.floor.agents[1].pause_reason == "lists"


def test_agent_can_stop_a_manual_call_that_rings(stage):
    stage.agent_ready(1)
    stage.ring(100, at=6, agent=1)

    assert stage.say(EventKind.AGENT_HANG_UP, 8, agent=1) == [HangUp(100)]
    assert stage.state_of(1) == "ready"


def test_manual_call_of_a_busy_agent_is_withdrawn(stage):
    stage.agent_ready(1)
    stage.talk(100, 1)

    assert stage.say(EventKind.CALL_RESERVED, 5, call=101, agent=1) == [Withdraw(101)]
    assert stage.floor.agents[1].attempt_id == 100


def test_refused_manual_call_tells_the_agent_why(stage):
    stage.agent_ready(1)
    stage.say(EventKind.CALL_RESERVED, 5, call=101, agent=1)
    stage.say(EventKind.CALL_REFUSED, 6, call=101, rule="calling_hours", reason="too early")

    assert [push.data["reason"] for push in stage.pushed if push.event == "refused"] == ["too early"]
    assert stage.state_of(1) == "ready"


@pytest.mark.parametrize("kind", [EventKind.AGENT_SIGNED_OFF, EventKind.AGENT_LOST])
def test_nobody_is_left_alone_on_the_line(stage, kind):
    stage.agent_ready(1)
    stage.talk(100, 1)

    assert stage.say(kind, 9, agent=1) == [HangUp(100)]
    stage.end(100, 10, "hung_up")

    assert stage.state_of(1) == "offline"
    assert stage.result(100) == "talked"


def test_person_whose_agent_vanishes_in_the_bridge_hears_the_message(stage):
    stage.agent_ready(1)
    stage.ring(100)
    stage.answer(100, 3)

    assert stage.say(EventKind.AGENT_LOST, 3.5, agent=1) == [PlayMessage(100)]
    assert stage.tally() == (1, 1)


def test_signing_on_again_keeps_the_call(stage):
    stage.agent_ready(1)
    stage.talk(100, 1)

    stage.say(EventKind.AGENT_SIGNED_ON, 9, agent=1)

    assert stage.state_of(1) == "on_call"


def test_step_is_known_while_talking_and_gone_afterwards(stage):
    stage.agent_ready(1)
    stage.talk(100, 1)
    stage.say(EventKind.AGENT_STEP, 9, agent=1, call=100, step=3)
    assert stage.floor.agents[1].step == 3

    stage.end(100, 12)
    assert stage.floor.agents[1].step is None


def test_agent_who_asked_for_a_pause_does_not_count_as_getting_free(stage):
    for agent in (1, 2, 3):
        stage.agent_ready(agent)
        stage.talk(99 + agent, agent)
    stage.end(102, 30)
    for agent in (1, 3):
        stage.say(EventKind.AGENT_PAUSED, 31, agent=agent, reason="lunch")

    view = view_at(stage, 32)

    assert (view.agents, view.leaving) == (1, 2)
    assert (len(view.talking), len(view.stages), len(view.wrapping)) == (1, 1, 0)
    assert view.free_lines == 10 - 2  # the call of the one who leaves holds its line
    assert stage.floor.count_working() == 1


def test_taking_the_wish_back_makes_the_agent_count_again(stage):
    stage.agent_ready(1)
    stage.talk(100, 1)
    stage.say(EventKind.AGENT_PAUSED, 20, agent=1, reason="lunch")
    stage.say(EventKind.AGENT_READY, 21, agent=1)

    view = view_at(stage, 22)

    assert (view.agents, view.leaving, len(view.talking)) == (1, 0, 1)
    assert stage.floor.count_working() == 1


@pytest.mark.parametrize("asked", [True, False])
def test_pause_is_told_to_be_asked_for_only_when_it_was(stage, asked):
    stage.agent_ready(1)
    stage.talk(100, 1)
    if asked:
        stage.say(EventKind.AGENT_PAUSED, 20, agent=1, reason="lunch")
    stage.end(100, 30)
    stage.say(EventKind.AGENT_WRAPPED_UP, 40, agent=1, call=100)
    stage.say(EventKind.AGENT_PAUSED, 41, agent=1, reason="lunch")

    pauses = [f.data["asked"] for f in stage.facts if f.data.get("state") == "paused"]
    assert pauses == [False, asked]
    assert not stage.floor.agents[1].is_leaving


@pytest.mark.parametrize("waited", [0.0, 3.0])
def test_machine_that_an_agent_heard_is_not_a_person_who_answered(stage, waited):
    stage.agent_ready(1)
    stage.ring(100, 2)
    stage.answer(100, 3)
    stage.say(EventKind.CALL_CONNECTED, 3 + waited, call=100, agent=1)
    before = stage.tally()
    stage.end(100, 9)

    for _ in range(2):
        stage.say(EventKind.AGENT_WRAPPED_UP, 12, agent=1, call=100, machine=True)

    assert (before, stage.tally()) == ((1, int(waited > 2)), (0, 0))
    assert stage.floor.tallies.since(NOON).connected == 0
    assert stage.state_of(1) == "ready"


def test_a_late_word_about_an_earlier_call_takes_nobody_out_of_the_count(stage):
    stage.agent_ready(1)
    stage.talk(100, 1)
    stage.say(EventKind.AGENT_WRAPPED_UP, 12, agent=1, call=99, machine=True)

    assert stage.tally() == (1, 0)


def test_machine_during_the_call_is_counted_once(stage):
    stage.agent_ready(1)
    stage.talk(100, 1)
    stage.say(EventKind.AGENT_WRAPPED_UP, 5, agent=1, call=100, machine=True)
    stage.end(100, 9)
    stage.talk(101, 1, at=20)
    stage.say(EventKind.AGENT_WRAPPED_UP, 25, agent=1, call=101)

    assert stage.tally() == (1, 0)
