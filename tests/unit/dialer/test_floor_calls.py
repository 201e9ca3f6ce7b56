"""How the floor treats calls."""

import pytest

from dialer.core.floor.effects import Connect, HangUp, PlayMessage, Reconcile, Requeue, Withdraw
from dialer.events import EventKind
from tests.unit.dialer.stage import Stage


@pytest.fixture
def stage() -> Stage:
    return Stage()


def test_answered_person_goes_to_the_agent_who_has_been_ready_longest(stage):
    stage.agent_ready(2, at=5)
    stage.agent_ready(1, at=3)
    stage.ring(100, at=6)

    assert stage.answer(100, 9) == [Connect(100, 1)]


def test_the_desk_gets_the_lead_at_the_moment_of_the_bridge(stage):
    stage.agent_ready(1)
    stage.ring(100)
    stage.answer(100, 3)

    pops = [push for push in stage.pushed if push.event == "pop"]
    assert [(push.topic, push.data["attempt_id"], push.data["lead_id"]) for push in pops] == [
        ("desk:1", 100, 1000)
    ]


def test_waiting_person_is_taken_at_once_when_an_agent_gets_ready(stage):
    stage.ring(100)
    stage.ring(101)
    assert stage.answer(101, 3.0) == []
    assert stage.answer(100, 3.1) == []

    assert stage.agent_ready(1, at=3.5) == [Connect(101, 1)]
    assert stage.agent_ready(2, at=3.6) == [Connect(100, 2)]
    assert stage.tally() == (2, 0)


def test_person_without_an_agent_hears_the_message_within_two_seconds_and_counts(stage):
    stage.ring(100)
    stage.answer(100, 3.0)

    assert stage.wait(4.8) == []
    assert stage.wait(5.0) == [PlayMessage(100)]
    stage.say(EventKind.CALL_MESSAGE_PLAYED, 14.0, call=100, seconds=9)
    stage.end(100, 14.1, "hung_up")

    assert stage.tally() == (1, 1)
    assert stage.result(100) == "abandoned"
    assert stage.fact("call.message_played").data == {"seconds": 9}


def test_agent_who_gets_ready_after_the_deadline_does_not_get_the_abandoned_call(stage):
    stage.ring(100)
    stage.answer(100, 3.0)

    assert stage.agent_ready(1, at=5.5) == []
    assert stage.state_of(1) == "ready"
    assert stage.tally() == (1, 1)


def test_person_who_hangs_up_within_two_seconds_was_not_abandoned(stage):
    stage.ring(100)
    stage.answer(100, 3.0)
    stage.end(100, 4.0)

    assert stage.tally() == (1, 0)
    assert stage.result(100) == "hung_up_first"


def test_person_who_hangs_up_in_a_bridge_that_takes_too_long_was_abandoned(stage):
    stage.agent_ready(1)
    stage.ring(100)
    stage.answer(100, 3.0)
    stage.end(100, 5.5)

    assert stage.tally() == (1, 1)
    assert stage.result(100) == "abandoned"
    assert stage.state_of(1) == "ready"


@pytest.mark.parametrize("cause", ["hung_up", "no_answer"])
def test_person_whom_we_hang_up_on_was_abandoned_however_soon(stage, cause):
    stage.ring(100)
    stage.answer(100, 3.0)
    stage.end(100, 3.5, cause)

    assert stage.tally() == (1, 1)
    assert stage.result(100) == "abandoned"


def test_late_bridge_counts_as_abandoned_though_they_talk(stage):
    stage.agent_ready(1)
    stage.ring(100)
    stage.answer(100, 3.0)
    stage.say(EventKind.CALL_CONNECTED, 5.2, call=100, agent=1)

    assert stage.state_of(1) == "on_call"
    assert stage.tally() == (1, 1)
    assert stage.fact("call.connected").data["late"] is True


def test_machine_is_hung_up_on_and_nobody_is_counted(stage):
    stage.agent_ready(1)
    stage.ring(100)

    assert stage.answer(100, 3.0, "machine") == [HangUp(100)]
    stage.end(100, 3.1, "hung_up")
    assert stage.result(100) == "machine"
    assert stage.tally() == (0, 0)
    assert stage.state_of(1) == "ready"


@pytest.mark.parametrize("cause", ["busy", "no_answer", "invalid", "congestion", "failed"])
def test_unanswered_call_has_the_result_that_the_carrier_tells(stage, cause):
    stage.ring(100)
    stage.end(100, 9, cause)

    assert stage.result(100) == cause
    assert not stage.floor.calls


def test_call_that_was_certainly_never_placed_is_released(stage):
    stage.say(EventKind.CALL_RESERVED, 1, call=100)
    stage.end(100, 9, "failed", never_placed=True)

    assert stage.result(100) == "released"


def test_refused_call_leaves_the_floor_with_its_reason(stage):
    stage.say(EventKind.CALL_RESERVED, 1, call=100)
    stage.say(EventKind.CALL_REFUSED, 2, call=100, rule="do_not_call", reason="listed")

    assert stage.fact("call.refused").data == {"rule": "do_not_call", "reason": "listed", "result": "refused"}
    assert not stage.floor.calls


def test_talk_time_ends_when_the_agent_hangs_up(stage):
    stage.agent_ready(1)
    stage.talk(100, 1, at=2.0)
    assert HangUp(100) in stage.say(EventKind.AGENT_HANG_UP, 62.0, agent=1)
    assert stage.state_of(1) == "wrap_up"
    stage.end(100, 62.5, "hung_up")

    assert stage.fact("call.ended").data["talk_seconds"] == 60.0
    assert stage.result(100) == "talked"


def test_late_events_about_an_ended_call_change_nothing(stage):
    stage.agent_ready(1)
    stage.ring(100)
    stage.end(100, 9, "busy")
    facts = len(stage.facts)

    assert stage.answer(100, 9.1) == []
    assert stage.end(100, 9.2) == []
    assert len(stage.facts) == facts


def test_event_of_an_unknown_call_takes_it_in(stage):
    stage.agent_ready(1)

    assert stage.answer(555, 3.0) == [Connect(555, 1)]


def test_person_who_answers_while_we_hang_up_counts_as_abandoned(stage):
    stage.ring(100)
    stage.say(EventKind.CAMPAIGN_FINISHED, 5)
    stage.answer(100, 5.01)
    stage.end(100, 5.1, "hung_up")

    assert stage.tally() == (1, 1)
    assert stage.result(100) == "abandoned"


def test_finished_campaign_ends_what_nobody_answered_and_keeps_conversations(stage):
    stage.agent_ready(1)
    stage.talk(100, 1)
    stage.ring(101)
    stage.say(EventKind.CALL_RESERVED, 4, call=102)

    assert stage.say(EventKind.CAMPAIGN_FINISHED, 5) == [HangUp(101), Withdraw(102)]
    assert stage.state_of(1) == "on_call"


def test_job_that_does_not_come_is_queued_again_and_then_looked_for(stage):
    stage.say(EventKind.CALL_RESERVED, 1, call=100)

    assert stage.wait(3.1) == [Requeue(100)]
    assert stage.wait(5.2) == [Reconcile(100, "reserved")]


def test_call_that_was_found_is_looked_for_and_not_dialed(stage):
    stage.say(EventKind.CALL_RESERVED, 1, call=100, found=True)

    assert stage.wait(3.1) == [Reconcile(100, "reserved")]


@pytest.mark.parametrize("state", ["originating", "ringing", "answered", "connected"])
def test_call_that_was_found_after_the_carrier_was_asked_may_have_rung(stage, state):
    """Redis lost its memory: that the carrier knows of no call is no proof that nobody was rung."""
    stage.say(EventKind.CALL_RESERVED, 1, call=100, found=True, state=state)

    assert [stage.wait(at) for at in (5.9, 6.1)] == [[], [Reconcile(100, "ringing")]]
    assert stage.facts == []


def test_silent_carrier_is_asked_and_the_call_never_dialed_again(stage):
    stage.say(EventKind.CALL_RESERVED, 1, call=100)
    stage.say(EventKind.CALL_PLACED, 1, call=100)

    asked = [stage.wait(at) for at in (5.9, 6.1, 11.2)]
    assert asked == [[], [Reconcile(100, "originating")], [Reconcile(100, "originating")]]


def test_bridge_is_repeated_and_given_up_in_the_end(stage):
    stage.agent_ready(1)
    stage.ring(100)
    stage.answer(100, 3.0)

    assert [stage.wait(at) for at in (4.1, 5.2, 6.3, 7.4)] == [[Connect(100, 1)]] * 4
    assert stage.wait(8.5) == [PlayMessage(100)]
    assert stage.state_of(1) == "ready"
    assert stage.tally() == (1, 1)


def test_hang_up_is_repeated_until_the_carrier_says_that_it_is_over(stage):
    stage.ring(100)
    stage.answer(100, 3.0, "machine")

    assert [stage.wait(at) for at in (4.1, 5.2)] == [[HangUp(100)]] * 2
    assert stage.wait(6.3) == [HangUp(100), Reconcile(100, "ending")]


def test_long_conversation_is_checked_with_the_carrier(stage):
    stage.agent_ready(1)
    stage.talk(100, 1, at=2.0)

    assert stage.wait(11.9) == []
    assert stage.wait(12.1) == [Reconcile(100, "connected")]
    assert stage.wait(13.0) == []


def test_new_leader_repeats_what_the_carrier_may_not_have_heard(stage):
    stage.agent_ready(1)
    for call in (100, 101, 102):
        stage.ring(call)
    stage.answer(100, 3.0)
    stage.answer(101, 3.0, "machine")

    assert stage.floor.resume() == [Connect(100, 1), HangUp(101)]


def test_ended_calls_are_forgotten_after_a_minute(stage):
    stage.ring(100)
    stage.end(100, 9, "busy")

    stage.wait(70)

    assert not stage.floor.ended
    assert stage.floor.next_due() is None


def test_agent_whose_call_is_gone_before_the_bridge_has_the_person_who_waits(stage):
    stage.agent_ready(1)
    stage.ring(100)
    stage.ring(101)
    stage.answer(100, 2.0)
    stage.answer(101, 2.1)

    assert stage.end(100, 2.2) == [Connect(101, 1)]

    stage.say(EventKind.CALL_CONNECTED, 2.4, call=101)
    assert (stage.state_of(1), stage.floor.agents[1].attempt_id) == ("on_call", 101)


def test_what_detection_came_to_is_kept_with_the_answer(stage):
    heard = {"verdict": "human", "cause": "HUMAN-600-600", "seconds": 1.8}
    stage.ring(100)
    stage.say(EventKind.CALL_ANSWERED, 3.0, call=100, answer="human", detection=heard)

    assert stage.fact("call.answered").data["detection"] == heard
