"""Whatever is said in whatever order, the floor stays sound."""

import itertools
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from dialer.core.abandonment import CONNECT_SECONDS
from dialer.core.floor.agent import AgentState
from dialer.core.floor.call import MEMORY_SECONDS, CallState
from dialer.core.floor.effects import Effect, Fact
from dialer.core.floor.floor import Floor
from dialer.events import Event, EventKind
from tests.unit.dialer.stage import CAMPAIGN, NOON

WITH_ATTEMPT = frozenset({AgentState.RESERVED, AgentState.ON_CALL, AgentState.WRAP_UP})
PLACES = {
    "answer": st.sampled_from(["human", "human", "machine"]),
    "cause": st.sampled_from(["busy", "callee_hung_up", "hung_up", "no_answer"]),
    "reason": st.sampled_from(["lunch", "coffee"]),
    "step": st.integers(0, 3),
    "wait": st.sampled_from([4.0, 120.0]),
}


@st.composite
def events(draw: st.DrawFn) -> list[Event]:
    """Any events of three agents and five calls, some of them twice."""
    kinds = st.sampled_from(list(EventKind))
    said: list[Event] = []
    at = NOON
    for _ in range(draw(st.integers(1, 60))):
        at += draw(st.sampled_from([0.0, 0.1, 0.7, 2.5, 12.0]))
        kind = draw(kinds)
        data = draw(st.fixed_dictionaries(PLACES))
        about_agent = kind.startswith("agent") or (kind is EventKind.CALL_RESERVED and draw(st.booleans()))
        agent = draw(st.integers(1, 3)) if about_agent else None
        attempt = draw(st.integers(100, 104)) if kind.startswith("call") else None
        said.append(Event(kind, at, CAMPAIGN, attempt_id=attempt, agent_id=agent, data=data))
        if draw(st.integers(0, 4)) == 0:
            said.append(said[-1])
    return said


def assert_sound(floor: Floor, at: float) -> None:
    owners = [agent.attempt_id for agent in floor.agents.values() if agent.state in WITH_ATTEMPT]
    assert len(owners) == len(set(owners))
    for agent in floor.agents.values():
        assert (agent.attempt_id is not None) == (agent.state in WITH_ATTEMPT)
        if agent.state in (AgentState.RESERVED, AgentState.ON_CALL):
            assert agent.attempt_id is not None
            assert floor.calls[agent.attempt_id].agent_id == agent.agent_id
    for call in floor.calls.values():
        if call.is_waiting:
            assert at - (call.since if call.inbound else call.answered_at or 0) < (
                call.wait or CONNECT_SECONDS
            )
        assert not (call.inbound and (call.human or call.abandoned or call.answered_at))
        if call.state is CallState.CONNECTED:
            assert call.agent_id is not None
            assert floor.agents[call.agent_id].attempt_id == call.attempt_id
    ready = [agent for agent in floor.agents.values() if agent.state is AgentState.READY]
    assert not (ready and floor.longest_waiting())
    assert floor.longest_ready() is (min(ready, key=lambda a: (a.since, a.agent_id)) if ready else None)


@settings(max_examples=100, deadline=None)
@given(events())
def test_floor_stays_sound_in_any_order(said):
    floor = Floor(CAMPAIGN)
    effects: list[Effect] = []
    for event in said:
        effects += floor.apply(event)
        effects += floor.due(event.at)
        assert_sound(floor, event.at)

    facts = [effect for effect in effects if isinstance(effect, Fact)]
    if said[-1].at - NOON < MEMORY_SECONDS:  # later a repeated event may be taken for a new call
        calls = [fact.source for fact in facts if fact.source.startswith("call:")]
        assert len(calls) == len(set(calls))
    counts = floor.tallies.since(NOON)
    people = [f for f in facts if f.kind == "call.answered" and f.data["answer"] == "human"]
    assert counts.people == len(people)
    assert counts.machines == len([f for f in facts if f.kind == "call.answered"]) - len(people)
    assert 0 <= counts.abandoned + counts.connected <= counts.people


@settings(max_examples=60, deadline=None)
@given(events())
def test_no_agent_is_ever_given_two_calls(said):
    floor = Floor(CAMPAIGN)
    for event in said:
        floor.apply(event)
        held = [
            call.agent_id
            for call in floor.calls.values()
            if call.agent_id is not None and call.state in (CallState.ANSWERED, CallState.CONNECTED)
        ]
        assert len(held) == len(set(held))


@settings(max_examples=60, deadline=None)
@given(events())
def test_event_that_was_taken_in_changes_nothing_the_second_time(said):
    floor = Floor(CAMPAIGN)
    for number, event in enumerate(said, start=1):
        numbered = replace(event, id=f"{number}-0")
        floor.apply(numbered)
        floor.take_changes()

        assert floor.apply(numbered) == []
        assert floor.take_changes().written == {}


@settings(max_examples=60, deadline=None)
@given(events(), st.integers(0, 40))
def test_stored_floor_goes_on_like_the_one_in_memory(said, handover):
    floor = Floor(CAMPAIGN)
    entries: dict[str, str] = {}
    for number, event in enumerate(said):
        if number == handover:
            floor = Floor.load(CAMPAIGN, entries)
        floor.apply(event)
        changes = floor.take_changes()
        entries.update(changes.written)
        for name in changes.deleted:
            entries.pop(name, None)

    straight = Floor(CAMPAIGN)
    for event in said:
        straight.apply(event)
    assert straight.take_changes().written.items() <= entries.items()
    assert floor.agents == straight.agents
    assert floor.calls == straight.calls


@settings(max_examples=40, deadline=None)
@given(events())
def test_floor_empties_when_everything_ends(said):
    floor = Floor(CAMPAIGN)
    for event in said:
        floor.apply(event)
    at = itertools.count(said[-1].at + 3)
    for attempt in list(floor.calls):
        floor.apply(Event(EventKind.CALL_ENDED, next(at), CAMPAIGN, attempt_id=attempt))
    for agent in list(floor.agents):
        floor.apply(Event(EventKind.AGENT_SIGNED_OFF, next(at), CAMPAIGN, agent_id=agent))
    floor.due(next(at) + 100)

    assert (floor.agents, floor.calls, floor.ended, floor.next_due()) == ({}, {}, {}, None)
