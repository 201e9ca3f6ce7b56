"""People who ring us: behind those whom we rang, longer than two seconds, and in no figure of the law."""

import pytest

from dialer.core.abandonment import Measure
from dialer.core.floor.call import PROMISED_SECONDS, RISKED_SECONDS
from dialer.core.floor.effects import Connect, Effect, HangUp, PlayMessage, Reconcile
from dialer.core.floor.floor import Floor
from dialer.core.floor.inbound import show_inbound
from dialer.core.floor.snapshot import show_floor, view_floor
from dialer.events import EventKind
from tests.unit.dialer.stage import CAMPAIGN, NOON, Stage

WAIT = 120.0


class InboundStage(Stage):
    """Long talks are checked with the carrier now and then: that is not what these tests are about."""

    def _sort(self, effects: list[Effect]) -> list[Effect]:
        return [effect for effect in super()._sort(effects) if not isinstance(effect, Reconcile)]


@pytest.fixture
def stage() -> Stage:
    return InboundStage()


def ring_in(stage: Stage, call: int, at: float, wait: float = WAIT):
    return stage.say(EventKind.CALL_CAME_IN, at, call=call, lead_id=call * 10, wait=wait)


def busy_agent(stage: Stage, agent: int = 1, call: int = 100) -> None:
    stage.agent_ready(agent)
    stage.talk(call, agent)


def free(stage: Stage, agent: int, call: int, at: float):
    stage.end(call, at)
    return stage.say(EventKind.AGENT_WRAPPED_UP, at, agent=agent, call=call)


def test_who_rings_us_goes_to_the_agent_who_has_been_ready_longest(stage):
    stage.agent_ready(1, 0.0)
    stage.agent_ready(2, 0.5)

    assert ring_in(stage, 7, 1.0) == [Connect(7, 1)]
    (pop,) = [push for push in stage.pushed if push.event == "pop"]
    assert pop.data == {"attempt_id": 7, "lead_id": 70, "manual": False, "inbound": True}


def test_who_rings_us_waits_longer_than_two_seconds_for_an_agent(stage):
    busy_agent(stage)
    ring_in(stage, 7, 3.0)

    assert stage.wait(60.0) == []
    assert free(stage, 1, 100, 61.0) == [Connect(7, 1)]


def test_of_several_who_ring_us_the_one_waiting_longest_goes_first(stage):
    busy_agent(stage)
    ring_in(stage, 9, 3.0)
    ring_in(stage, 7, 4.0)

    assert free(stage, 1, 100, 20.0) == [Connect(9, 1)]


def test_somebody_whom_we_rang_goes_before_somebody_who_rang_us(stage):
    busy_agent(stage)
    ring_in(stage, 7, 3.0)
    stage.ring(101, 4.0)
    stage.answer(101, 10.0)

    assert free(stage, 1, 100, 11.0) == [Connect(101, 1)]


def test_ready_agents_are_left_to_calls_that_ring_already(stage):
    stage.agent_ready(1)
    stage.ring(100, 1.0)

    assert ring_in(stage, 7, 2.0) == []
    assert stage.answer(100, 5.0) == [Connect(100, 1)]


def test_an_agent_to_spare_is_given_at_once(stage):
    stage.agent_ready(1)
    stage.agent_ready(2)
    stage.ring(100, 1.0)

    assert ring_in(stage, 7, 2.0) == [Connect(7, 1)]


def test_the_agent_is_free_for_them_when_the_call_that_rang_came_to_nothing(stage):
    stage.agent_ready(1)
    stage.ring(100, 1.0)
    ring_in(stage, 7, 2.0)

    assert stage.end(100, 9.0, cause="busy") == [Connect(7, 1)]


def test_nobody_yields_longer_than_calls_have_to_ring(stage):
    stage.agent_ready(1)
    stage.ring(100, 1.0)
    ring_in(stage, 7, 2.0)

    assert stage.wait(2.0 + PROMISED_SECONDS - 0.1) == []
    assert stage.wait(2.0 + PROMISED_SECONDS) == [Connect(7, 1)]


def test_they_yield_for_a_moment_when_more_calls_ring_than_agents_are_ready(stage):
    stage.agent_ready(1)
    stage.ring(100, 1.0)
    stage.ring(101, 1.0)
    ring_in(stage, 7, 2.0)

    assert stage.wait(2.0 + RISKED_SECONDS - 0.1) == []
    assert stage.wait(2.0 + RISKED_SECONDS) == [Connect(7, 1)]


def test_who_waits_in_vain_hears_the_message_and_was_missed_not_abandoned(stage):
    busy_agent(stage)
    before = stage.tally()
    ring_in(stage, 7, 3.0)

    assert stage.wait(3.0 + WAIT) == [PlayMessage(7, inbound=True)]
    stage.say(EventKind.CALL_MESSAGE_PLAYED, 130.0, call=7, seconds=6)
    stage.end(7, 131.0, cause="hung_up")

    assert stage.result(7) == "missed_inbound"
    assert stage.fact("call.missed").data["waited"] == WAIT
    assert stage.tally() == before


def test_who_hangs_up_while_waiting_did_not_wait(stage):
    busy_agent(stage)
    ring_in(stage, 7, 3.0)
    stage.end(7, 33.0)

    assert stage.result(7) == "hung_up_waiting"
    assert free(stage, 1, 100, 40.0) == []


def test_with_nobody_at_work_they_are_told_at_once(stage):
    stage.say(EventKind.AGENT_SIGNED_ON, 0.0, agent=1)  # on a break

    assert ring_in(stage, 7, 1.0) == [PlayMessage(7, inbound=True)]


def test_a_talk_with_somebody_who_rang_us_is_in_no_figure_of_the_law(stage):
    stage.agent_ready(1)
    ring_in(stage, 7, 1.0)
    stage.say(EventKind.CALL_CONNECTED, 40.0, call=7, agent=1)
    stage.say(EventKind.AGENT_WRAPPED_UP, 50.0, agent=1, call=7, machine=True)
    stage.end(7, 60.0)

    assert stage.result(7) == "talked"
    connected = stage.fact("call.connected").data
    assert (connected["waited"], connected["late"]) == (39.0, False)
    assert stage.floor.tallies.slots == {}


def test_wrap_up_follows_as_after_any_call(stage):
    stage.agent_ready(1)
    ring_in(stage, 7, 1.0)
    stage.say(EventKind.CALL_CONNECTED, 2.0, call=7, agent=1)
    stage.end(7, 60.0)

    assert stage.state_of(1) == "wrap_up"
    stage.say(EventKind.AGENT_WRAPPED_UP, 70.0, agent=1, call=7)
    assert stage.state_of(1) == "ready"


def test_a_bridge_with_an_agent_who_is_gone_is_not_taken_for_the_next_ones(stage):
    stage.agent_ready(1)
    ring_in(stage, 7, 1.0)
    stage.say(EventKind.AGENT_LOST, 1.1, agent=1)
    assert stage.agent_ready(2, 1.2) == [Connect(7, 2)]

    stage.say(EventKind.CALL_CONNECTED, 1.3, call=7, agent=1)
    assert stage.state_of(2) == "reserved"
    stage.say(EventKind.CALL_CONNECTED, 1.4, call=7, agent=2)
    assert stage.state_of(2) == "on_call"


def test_when_the_agent_is_lost_before_the_bridge_they_keep_their_place(stage):
    busy_agent(stage)
    stage.agent_ready(2)
    ring_in(stage, 7, 3.0)
    ring_in(stage, 8, 4.0)
    stage.say(EventKind.AGENT_LOST, 5.0, agent=2)

    assert free(stage, 1, 100, 20.0) == [Connect(7, 1)]


def test_a_bridge_that_never_comes_ends_in_the_message(stage):
    stage.agent_ready(1)
    ring_in(stage, 7, 1.0)

    said = [effect for second in range(2, 12) for effect in stage.wait(float(second))]

    assert said[-1] == PlayMessage(7, inbound=True)
    assert stage.tally() == (0, 0)
    assert stage.state_of(1) == "ready"


def test_the_same_call_comes_in_once(stage):
    busy_agent(stage)
    ring_in(stage, 7, 3.0)
    ring_in(stage, 7, 9.0)
    stage.end(7, 10.0)
    ring_in(stage, 7, 11.0)

    assert len([fact for fact in stage.facts if fact.kind == "call.came_in"]) == 1
    assert stage.floor.calls.keys() == {100}


def test_a_new_leader_lets_them_wait_on(stage):
    busy_agent(stage)
    ring_in(stage, 9, 3.0)
    ring_in(stage, 7, 4.0)
    changes = stage.floor.take_changes()
    stage.floor = Floor.load(CAMPAIGN, changes.written)

    assert free(stage, 1, 100, 50.0) == [Connect(9, 1)]
    stage.say(EventKind.CALL_CONNECTED, 50.1, call=9, agent=1)
    assert stage.wait(4.0 + WAIT) == [PlayMessage(7, inbound=True)]


def test_a_new_leader_repeats_the_message_of_somebody_missed(stage):
    ring_in(stage, 7, 3.0)

    assert stage.floor.resume() == [PlayMessage(7, inbound=True)]


def test_the_agent_hangs_up_on_them_as_on_anybody(stage):
    stage.agent_ready(1)
    ring_in(stage, 7, 1.0)
    stage.say(EventKind.CALL_CONNECTED, 2.0, call=7, agent=1)

    assert stage.say(EventKind.AGENT_HANG_UP, 30.0, agent=1, call=7) == [HangUp(7)]


def test_pacing_sees_them_waiting_and_their_lines(stage):
    busy_agent(stage)
    ring_in(stage, 7, 3.0)
    ring_in(stage, 8, 3.0)

    view = view_floor(stage.floor, Measure(), at=NOON + 5, lines=10, limit=0.03, is_open=True, has_leads=True)

    assert (view.waiting, view.free_lines) == (2, 7)
    assert (view.day.answered, view.day.abandoned) == (1, 0)


def test_the_page_sees_who_waits_and_since_when(stage):
    busy_agent(stage)
    ring_in(stage, 7, 3.0)
    ring_in(stage, 8, 9.0)

    assert show_inbound(stage.floor) == {"waiting": 2, "since": NOON + 3.0, "talking": 0}
    assert show_floor(stage.floor, Measure(), limit=0.03, at=NOON + 10)["inbound"]["waiting"] == 2
