"""Whatever is said in whatever order, floors that share agents stay sound."""

from hypothesis import given, settings
from hypothesis import strategies as st

from dialer.core.floor.agent import AgentState
from dialer.core.floor.call import CallState
from dialer.core.floor.effects import Connect
from dialer.core.floor.floor import Floor
from dialer.core.floor.shared import SharedFloor
from dialer.events import Event, EventKind
from tests.unit.dialer.stage import NOON
from tests.unit.dialer.test_floor_properties import PLACES, assert_sound

CAMPAIGNS = (1, 2, 3)
CALLS = {100 * campaign + number: campaign for campaign in CAMPAIGNS for number in range(3)}
SERVES = {1: (1, 2), 2: (1, 2, 3), 3: (), 4: (2, 3)}
HOMES = {1: 1, 2: 3, 3: 2, 4: 2}


@st.composite
def events(draw: st.DrawFn) -> list[Event]:
    """Any events of four agents and nine calls of three campaigns; agents speak on any campaign's stream."""
    kinds = st.sampled_from(list(EventKind))
    said: list[Event] = []
    at = NOON
    for agent in draw(st.lists(st.sampled_from(sorted(HOMES)), max_size=6)):
        said += [_sign_on(agent, at), Event(EventKind.AGENT_READY, at, HOMES[agent], agent_id=agent)]
    for _ in range(draw(st.integers(1, 60))):
        at += draw(st.sampled_from([0.0, 0.1, 0.7, 2.5, 12.0]))
        said.append(draw(_events(draw(kinds), at)))
    return said


def _sign_on(agent: int, at: float) -> Event:
    data = {"serves": list(SERVES[agent])}
    return Event(EventKind.AGENT_SIGNED_ON, at, HOMES[agent], agent_id=agent, data=data)


@st.composite
def _events(draw: st.DrawFn, kind: EventKind, at: float) -> Event:
    agent = draw(st.sampled_from(sorted(HOMES)))
    if kind is EventKind.AGENT_SIGNED_ON:
        return _sign_on(agent, at)
    about_agent = kind.startswith("agent") or (kind is EventKind.CALL_RESERVED and draw(st.booleans()))
    attempt = draw(st.sampled_from(sorted(CALLS))) if kind.startswith("call") else None
    campaign = CALLS[attempt] if attempt else draw(st.sampled_from(CAMPAIGNS))
    data = draw(st.fixed_dictionaries(PLACES))
    return Event(kind, at, campaign, attempt_id=attempt, agent_id=agent if about_agent else None, data=data)


def new_floors() -> SharedFloor:
    return SharedFloor(Floor(campaign) for campaign in CAMPAIGNS)


def is_served(campaign: int, agent: int) -> bool:
    return campaign in (SERVES[agent] or (HOMES[agent],))


@settings(max_examples=100, deadline=None)
@given(events())
def test_nobody_is_on_two_floors_nor_serves_what_is_not_theirs(said):
    shared = new_floors()
    for event in said:
        for campaign, effect in shared.apply(event):
            assert not isinstance(effect, Connect) or is_served(campaign, effect.agent_id)
        seated = [agent for floor in shared.floors.values() for agent in floor.agents]
        assert len(seated) == len(set(seated))
        held = [
            call.agent_id
            for floor in shared.floors.values()
            for call in floor.calls.values()
            if call.agent_id is not None and call.state in (CallState.ANSWERED, CallState.CONNECTED)
        ]
        assert len(held) == len(set(held))


@settings(max_examples=100, deadline=None)
@given(events())
def test_every_floor_stays_sound_and_nobody_waits_for_an_agent_who_is_ready(said):
    shared = new_floors()
    for event in said:
        shared.apply(event)
        for campaign, floor in shared.floors.items():
            ready = list(floor.ready_agents())
            assert not (ready and floor.longest_waiting())
            best = min(ready, key=lambda agent: (agent.since, agent.agent_id), default=None)
            assert floor.longest_ready() is best
            assert_owned(floor, event.at)
            assert all(is_served(campaign, agent.agent_id) for agent in ready)


def assert_owned(floor: Floor, at: float) -> None:
    """What holds on a floor of its own holds here too, but for who is next."""
    for agent in floor.agents.values():
        if agent.state in (AgentState.RESERVED, AgentState.ON_CALL):
            assert agent.attempt_id is not None
            assert floor.calls[agent.attempt_id].agent_id == agent.agent_id
    for call in floor.calls.values():
        if call.state == "connected":
            assert call.agent_id is not None
            assert floor.agents[call.agent_id].attempt_id == call.attempt_id


@settings(max_examples=100, deadline=None)
@given(events(), st.integers(0, 40))
def test_stored_floors_go_on_like_those_in_memory(said, handover):
    shared, straight = new_floors(), new_floors()
    entries: dict[int, dict[str, str]] = {campaign: {} for campaign in CAMPAIGNS}
    for number, event in enumerate(said):
        if number == handover:
            shared = SharedFloor(Floor.load(campaign, entries[campaign]) for campaign in CAMPAIGNS)
        shared.apply(event)
        straight.apply(event)
        for campaign, floor in shared.floors.items():
            changes = floor.take_changes()
            entries[campaign].update(changes.written)
            for name in changes.deleted:
                entries[campaign].pop(name, None)

    for campaign in CAMPAIGNS:
        assert shared.floors[campaign].agents == straight.floors[campaign].agents
        assert shared.floors[campaign].calls == straight.floors[campaign].calls


@settings(max_examples=100, deadline=None)
@given(events())
def test_one_campaign_of_a_group_is_like_one_alone(said):
    alone, led = Floor(1), SharedFloor([Floor(1)])
    for event in (event for event in said if event.campaign_id == 1):
        assert [(1, effect) for effect in alone.apply(event)] == led.apply(event)
        assert [(1, effect) for effect in alone.due(event.at)] == led.due(event.at)
        assert_sound(alone, event.at)
    assert alone.take_changes() == led.floors[1].take_changes()
