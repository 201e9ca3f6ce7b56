"""Campaigns that share agents: who gets whose call, and where an agent is."""

import json

from dialer.core.abandonment import Measure
from dialer.core.floor.agent import Agent, AgentState
from dialer.core.floor.effects import Connect, HangUp, PlayMessage, Withdraw
from dialer.core.floor.floor import Floor
from dialer.core.floor.shared import SharedFloor
from dialer.core.floor.snapshot import show_floor, view_floor
from dialer.events import EventKind
from tests.unit.dialer.shared_stage import FIRST, SECOND, THIRD, SharedStage
from tests.unit.dialer.stage import NOON

BOTH = (FIRST, SECOND)


def test_agent_gets_a_call_of_another_campaign_and_is_on_its_floor():
    stage = SharedStage()
    stage.seat(1, serves=BOTH)
    stage.ring(100, on=SECOND)

    assert stage.answer(100, 2.0, on=SECOND) == [(SECOND, Connect(100, 1))]

    assert (stage.where(1), stage.state_of(1)) == (SECOND, "reserved")
    changes = {key: floor.take_changes() for key, floor in stage.shared.floors.items()}
    assert changes[FIRST].deleted == ["agent:1"]
    assert json.loads(changes[SECOND].written["agent:1"])["home"] == FIRST


def test_agent_ready_longest_is_next_whichever_floor_that_is():
    stage = SharedStage()
    stage.seat(1, 0.5, on=SECOND, serves=BOTH)
    stage.seat(2, 0.0, on=FIRST, serves=BOTH)
    stage.ring(100, on=SECOND)

    assert stage.answer(100, 2.0, on=SECOND) == [(SECOND, Connect(100, 2))]


def test_nobody_gets_a_call_of_a_campaign_not_served():
    stage = SharedStage()
    stage.seat(1)
    stage.seat(2, on=SECOND, serves=(SECOND,))
    stage.ring(100, on=SECOND)
    stage.ring(101, on=FIRST)
    stage.ring(102, on=SECOND)

    assert stage.answer(100, 2.0, on=SECOND) == [(SECOND, Connect(100, 2))]
    assert stage.answer(101, 2.1, on=FIRST) == [(FIRST, Connect(101, 1))]
    assert stage.answer(102, 2.2, on=SECOND) == []


def test_freed_agent_takes_who_waits_longest_and_of_two_the_campaign_that_goes_first():
    stage = SharedStage(FIRST, SECOND, THIRD)
    stage.seat(1, on=THIRD, serves=(FIRST, SECOND, THIRD))
    stage.talk(100, 1.0, on=THIRD)
    for call, campaign in ((200, SECOND), (201, FIRST), (202, THIRD)):
        stage.ring(call, 5.0, on=campaign)
    stage.answer(202, 9.5, on=THIRD)
    stage.answer(200, 9.6, on=SECOND)
    stage.answer(201, 9.6, on=FIRST)
    stage.say(EventKind.CALL_ENDED, 10.0, on=THIRD, call=100, cause="callee_hung_up")

    asked = stage.say(EventKind.AGENT_WRAPPED_UP, 10.1, on=THIRD, agent=1, call=100)
    assert asked == [(THIRD, Connect(202, 1))]

    stage.seat(2, 10.2, on=THIRD, serves=(FIRST, SECOND, THIRD))
    assert (stage.where(2), stage.state_of(2)) == (FIRST, "reserved")


def test_time_is_counted_for_the_campaign_where_it_was_spent():
    stage = SharedStage()
    stage.seat(1, 0.0, serves=BOTH)
    stage.ring(100, 1.0, on=SECOND)
    stage.answer(100, 5.0, on=SECOND)
    stage.say(EventKind.CALL_CONNECTED, 6.0, on=SECOND, call=100)
    stage.say(EventKind.CALL_ENDED, 16.0, on=SECOND, call=100, cause="callee_hung_up")
    stage.say(EventKind.AGENT_WRAPPED_UP, 19.0, on=SECOND, agent=1, call=100)

    assert (FIRST, "ready", 5.0) in stage.spent()
    assert (SECOND, "on_call", 10.0) in stage.spent()
    assert (SECOND, "wrap_up", 3.0) in stage.spent()
    assert stage.where(1) == SECOND


def test_what_an_agent_says_counts_wherever_it_was_posted():
    stage = SharedStage()
    stage.seat(1, serves=BOTH)
    stage.talk(100, 1.0, on=SECOND)
    stage.say(EventKind.AGENT_PAUSED, 2.0, on=FIRST, agent=1, reason="lunch")

    assert stage.say(EventKind.AGENT_HANG_UP, 3.0, on=FIRST, agent=1, call=100) == [(SECOND, HangUp(100))]
    stage.say(EventKind.AGENT_WRAPPED_UP, 4.0, on=FIRST, agent=1, call=100)

    assert stage.state_of(1) == "paused"


def test_lent_agent_who_is_lost_leaves_nobody_alone_on_the_line():
    stage = SharedStage()
    stage.seat(1, serves=BOTH)
    stage.ring(100, on=SECOND)
    stage.answer(100, 2.0, on=SECOND)

    assert stage.say(EventKind.AGENT_LOST, 2.5, on=FIRST, agent=1) == [(SECOND, PlayMessage(100))]
    assert stage.where(1) is None


def test_call_that_did_not_come_about_frees_its_agent_for_the_other_campaign():
    stage = SharedStage()
    stage.seat(1, serves=BOTH)
    stage.ring(100, on=SECOND)
    stage.answer(100, 2.0, on=SECOND)
    stage.ring(101, on=FIRST)
    stage.answer(101, 2.1, on=FIRST)

    asked = stage.say(EventKind.CALL_ENDED, 2.2, on=SECOND, call=100, cause="callee_hung_up")

    assert asked == [(FIRST, Connect(101, 1))]
    assert stage.where(1) == FIRST


def test_manual_call_stays_with_its_agent_who_comes_over_for_it():
    stage = SharedStage()
    stage.seat(1, serves=BOTH)
    stage.talk(100, 1.0, on=SECOND)
    stage.say(EventKind.CALL_ENDED, 2.0, on=SECOND, call=100, cause="callee_hung_up")
    stage.say(EventKind.AGENT_WRAPPED_UP, 3.0, on=SECOND, agent=1, call=100)
    stage.seat(2, 0.5, serves=BOTH)

    stage.ring(200, 4.0, on=FIRST, agent=1)

    assert stage.where(1) == FIRST
    assert stage.answer(200, 5.0, on=FIRST) == [(FIRST, Connect(200, 1))]


def test_manual_call_of_a_campaign_not_served_is_withdrawn():
    stage = SharedStage()
    stage.seat(1, serves=(FIRST,))

    assert stage.say(EventKind.CALL_RESERVED, 2.0, on=SECOND, call=200, agent=1) == [(SECOND, Withdraw(200))]
    assert stage.state_of(1) == "ready"


def test_who_waits_too_long_hears_the_message_of_their_own_campaign():
    stage = SharedStage()
    stage.ring(100, on=SECOND)
    stage.answer(100, 2.0, on=SECOND)

    asked = stage.say(EventKind.AGENT_SIGNED_ON, 4.0, on=FIRST, agent=1, serves=list(BOTH))

    assert asked == [(SECOND, PlayMessage(100))]


def test_signing_on_again_changes_what_is_served_and_nothing_else():
    stage = SharedStage()
    stage.seat(1)
    stage.talk(100, 1.0)
    stage.say(EventKind.AGENT_SIGNED_ON, 2.0, agent=1, serves=list(BOTH))

    floor = stage.shared.floors[FIRST]
    assert (floor.agents[1].state, floor.agents[1].serves) == (AgentState.ON_CALL, BOTH)
    assert floor.agents[1].attempt_id == 100


def test_each_campaign_sees_the_ready_agents_who_serve_it_and_counts_those_who_work():
    stage = SharedStage()
    stage.seat(1, serves=BOTH)
    stage.seat(2)
    stage.seat(3, on=SECOND, serves=BOTH)
    stage.talk(100, 1.0, on=SECOND)  # agent 1 is lent
    stage.say(EventKind.AGENT_PAUSED, 2.0, agent=3, reason="lunch")
    stage.say(EventKind.AGENT_READY, 3.0, agent=3)
    views = {
        key: view_floor(floor, Measure(), at=NOON + 4, lines=9, limit=0.03, is_open=True, has_leads=True)
        for key, floor in stage.shared.floors.items()
    }

    assert [len(views[key].idle) for key in BOTH] == [2, 1]
    assert [len(views[key].talking) for key in BOTH] == [0, 1]
    assert [floor.count_working() for floor in stage.shared.floors.values()] == [3, 2]


def test_picture_says_who_serves_the_campaign_from_elsewhere():
    stage = SharedStage()
    stage.seat(1, serves=BOTH)
    stage.seat(2)
    stage.talk(100, 1.0, on=SECOND)

    picture = show_floor(stage.shared.floors[FIRST], Measure(), limit=0.03, at=NOON + 2)

    assert [agent["id"] for agent in picture["agents"]] == [2]
    (elsewhere,) = picture["elsewhere"]
    assert elsewhere == {"id": 1, "state": "on_call", "since": NOON + 1, "campaign_id": SECOND}


def test_stored_floors_that_both_know_an_agent_are_led_with_one():
    floors = [Floor(FIRST), Floor(SECOND)]
    for floor, state, since in zip(
        floors, (AgentState.WRAP_UP, AgentState.READY), (NOON, NOON + 5), strict=True
    ):
        agent = Agent(1, AgentState.OFFLINE, NOON, serves=BOTH)
        floor.add_agent(agent)
        floor.move_agent(agent, state, since, attempt_id=7 if state is AgentState.WRAP_UP else None)
    stored = {floor.campaign_id: floor.take_changes().written for floor in floors}

    shared = SharedFloor(Floor.load(key, entries) for key, entries in stored.items())

    assert [1 in shared.floors[key].agents for key in BOTH] == [False, True]
    assert shared.floors[FIRST].take_changes().deleted == ["agent:1"]


def test_order_of_priority_can_change():
    stage = SharedStage()
    stage.shared.put_in_order([SECOND, FIRST])
    for call, campaign in ((100, FIRST), (101, SECOND)):
        stage.ring(call, on=campaign)
        stage.answer(call, 2.0, on=campaign)

    stage.seat(1, 2.5, serves=BOTH)

    assert stage.where(1) == SECOND


def test_who_waits_when_floors_are_joined_gets_the_agent_of_the_other_one():
    apart = [SharedStage(FIRST), SharedStage(SECOND)]
    apart[0].seat(1, serves=BOTH)
    for call, at in ((100, 2.5), (101, 2.0)):
        apart[1].ring(call, on=SECOND)
        apart[1].answer(call, at, on=SECOND)
    floors = [stage.shared.floors[key] for stage, key in zip(apart, BOTH, strict=True)]

    asked = SharedFloor(floors).resume(NOON + 3.0)

    assert (SECOND, Connect(101, 1)) in asked
    assert floors[1].calls[100].is_waiting


def test_who_rings_one_campaign_is_answered_by_an_agent_of_another():
    stage = SharedStage()
    stage.seat(1, on=FIRST, serves=BOTH)

    asked = stage.say(EventKind.CALL_CAME_IN, 1.0, on=SECOND, call=200, wait=120.0)

    assert asked == [(SECOND, Connect(200, 1))]
    assert stage.where(1) == SECOND


def test_callers_leave_ready_agents_to_calls_of_every_campaign_of_the_floor():
    stage = SharedStage()
    stage.seat(1, on=FIRST, serves=BOTH)
    stage.ring(100, 0.5, on=FIRST)

    assert stage.say(EventKind.CALL_CAME_IN, 1.0, on=SECOND, call=200, wait=120.0) == []
    assert stage.answer(100, 3.0, on=FIRST) == [(FIRST, Connect(100, 1))]


def test_of_callers_of_several_campaigns_the_one_waiting_longest_goes_first():
    stage = SharedStage()
    stage.seat(1, on=FIRST, serves=BOTH)
    stage.talk(100, 1.0, on=FIRST)
    stage.say(EventKind.CALL_CAME_IN, 2.0, on=SECOND, call=200, wait=120.0)
    stage.say(EventKind.CALL_CAME_IN, 3.0, on=FIRST, call=101, wait=120.0)
    stage.say(EventKind.CALL_ENDED, 5.0, on=FIRST, call=100, cause="callee_hung_up")

    asked = stage.say(EventKind.AGENT_WRAPPED_UP, 6.0, on=FIRST, agent=1, call=100)

    assert (SECOND, Connect(200, 1)) in asked
