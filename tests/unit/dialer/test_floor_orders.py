"""What a supervisor sends agents to do: it comes after the call, and the facts say who wanted it."""

import pytest

from dialer.core.floor.effects import HangUp
from dialer.core.floor.floor import Floor
from dialer.events import EventKind
from tests.unit.dialer.stage import Stage

SUPERVISOR, OTHER_CAMPAIGN = 90, 8


@pytest.fixture
def stage() -> Stage:
    stage = Stage()
    stage.agent_ready(1)
    return stage


def entered(stage: Stage, state: str) -> dict:
    return [f.data for f in stage.facts if f.kind == "agent.state" and f.data["state"] == state][-1]


def test_forced_pause_begins_at_once_for_a_ready_agent_and_names_who_wanted_it(stage):
    stage.say(EventKind.AGENT_PAUSED, 5, agent=1, reason="coaching", by=SUPERVISOR)

    assert stage.state_of(1) == "paused"
    assert entered(stage, "paused")["by"] == SUPERVISOR


def test_own_pause_names_nobody(stage):
    stage.say(EventKind.AGENT_PAUSED, 5, agent=1, reason="coaching", by=SUPERVISOR)
    stage.say(EventKind.AGENT_PAUSED, 6, agent=1, reason="lunch")

    assert "by" not in entered(stage, "paused")


def test_agent_does_not_take_a_forced_pause_back(stage):
    stage.talk(100, 1)
    stage.say(EventKind.AGENT_PAUSED, 10, agent=1, reason="coaching", by=SUPERVISOR)
    stage.say(EventKind.AGENT_READY, 11, agent=1)
    stage.say(EventKind.AGENT_PAUSED, 12, agent=1, reason="lunch")
    assert stage.state_of(1) == "on_call"
    stage.end(100, 30)

    stage.say(EventKind.AGENT_WRAPPED_UP, 40, agent=1, call=100)

    assert entered(stage, "paused") | {"since": 0} == {
        "state": "paused",
        "previous": "wrap_up",
        "since": 0,
        "reason": "coaching",
        "asked": True,
        "by": SUPERVISOR,
    }


def test_agent_comes_back_from_a_forced_pause(stage):
    stage.say(EventKind.AGENT_PAUSED, 5, agent=1, reason="coaching", by=SUPERVISOR)
    stage.say(EventKind.AGENT_READY, 6, agent=1)
    stage.say(EventKind.AGENT_PAUSED, 7, agent=1, reason="break")

    assert "by" not in entered(stage, "paused")


def test_supervisor_takes_an_order_back(stage):
    stage.talk(100, 1)
    stage.say(EventKind.AGENT_SIGNED_OFF, 10, agent=1, by=SUPERVISOR, after_call=True, to=OTHER_CAMPAIGN)
    stage.say(EventKind.AGENT_READY, 11, agent=1, by=SUPERVISOR)
    stage.end(100, 30)

    stage.say(EventKind.AGENT_WRAPPED_UP, 40, agent=1, call=100)

    assert stage.state_of(1) == "ready"


def test_supervisor_does_not_end_a_pause(stage):
    stage.say(EventKind.AGENT_PAUSED, 5, agent=1, reason="lunch")

    stage.say(EventKind.AGENT_READY, 6, agent=1, by=SUPERVISOR)

    assert stage.state_of(1) == "paused"


def test_agent_who_is_sent_off_finishes_the_call_and_its_outcome_first(stage):
    stage.talk(100, 1)

    assert stage.say(EventKind.AGENT_SIGNED_OFF, 10, agent=1, by=SUPERVISOR, after_call=True) == []
    assert stage.state_of(1) == "on_call"
    stage.end(100, 30)
    assert stage.state_of(1) == "wrap_up"
    stage.say(EventKind.AGENT_WRAPPED_UP, 40, agent=1, call=100)

    assert stage.state_of(1) == "offline"
    assert entered(stage, "offline")["by"] == SUPERVISOR


def test_agent_who_leaves_gets_nobody_who_waits(stage):
    stage.talk(100, 1)
    stage.say(EventKind.AGENT_SIGNED_OFF, 10, agent=1, by=SUPERVISOR, after_call=True)
    stage.end(100, 30)
    stage.ring(101, at=30)
    stage.answer(101, 39)

    assert stage.say(EventKind.AGENT_WRAPPED_UP, 40, agent=1, call=100) == []


def test_agent_without_a_call_is_sent_off_at_once(stage):
    stage.say(EventKind.AGENT_SIGNED_OFF, 10, agent=1, by=SUPERVISOR, after_call=True, to=OTHER_CAMPAIGN)

    assert stage.state_of(1) == "offline"
    assert entered(stage, "offline")["to"] == OTHER_CAMPAIGN


def test_sending_off_now_ends_the_call(stage):
    stage.talk(100, 1)

    assert stage.say(EventKind.AGENT_SIGNED_OFF, 10, agent=1, by=SUPERVISOR) == [HangUp(100)]
    assert stage.state_of(1) == "offline"


def test_newest_order_counts(stage):
    stage.talk(100, 1)
    stage.say(EventKind.AGENT_SIGNED_OFF, 10, agent=1, by=SUPERVISOR, after_call=True, to=OTHER_CAMPAIGN)
    stage.say(EventKind.AGENT_PAUSED, 12, agent=1, reason="coaching", by=SUPERVISOR)
    stage.end(100, 30)
    stage.say(EventKind.AGENT_WRAPPED_UP, 40, agent=1, call=100)
    assert stage.state_of(1) == "paused"

    assert "to" not in entered(stage, "paused")


def test_lost_agent_goes_nowhere(stage):
    stage.talk(100, 1)
    stage.say(EventKind.AGENT_SIGNED_OFF, 10, agent=1, by=SUPERVISOR, after_call=True, to=OTHER_CAMPAIGN)

    stage.say(EventKind.AGENT_LOST, 12, agent=1)

    assert "to" not in entered(stage, "offline")


def test_order_survives_another_engine(stage):
    stage.talk(100, 1)
    stage.say(EventKind.AGENT_SIGNED_OFF, 10, agent=1, by=SUPERVISOR, after_call=True, to=OTHER_CAMPAIGN)
    stage.floor = Floor.load(stage.floor.campaign_id, stage.floor.take_changes().written)
    stage.end(100, 30)

    stage.say(EventKind.AGENT_WRAPPED_UP, 40, agent=1, call=100)

    assert entered(stage, "offline") | {"since": 0} == {
        "state": "offline",
        "previous": "wrap_up",
        "since": 0,
        "by": SUPERVISOR,
        "to": OTHER_CAMPAIGN,
    }
