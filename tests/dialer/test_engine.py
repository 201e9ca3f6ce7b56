"""The engine on a real Redis: events in, commands, facts and messages out."""

from collections.abc import Iterator
from zoneinfo import ZoneInfo

import pytest
import redis
from rq import Queue

from dialer import clock
from dialer.core.abandonment import PACKS, Counts, Measure
from dialer.core.floor.tally import slot_of
from dialer.engine import leader, pacer
from dialer.events import EventKind
from dialer.live import ON_FLOOR_KEY, PRESENCE_KEY, PUSH_STREAM, alive_key, floor_key
from dialer.ports import DialingMode
from dialer.queues import DIAL
from telesales.push.messages import STREAM
from tests.dialer.engine_harness import CAMPAIGN, FloorScene

NEVER = 3_600.0  # as far as a test is concerned


@pytest.fixture
def scene(redis_url: str, redis_server: redis.Redis) -> Iterator[FloorScene]:
    scene = FloorScene(redis_url)
    yield scene
    scene.close()


def test_answered_person_is_bridged_and_the_desk_is_told(scene):
    scene.start_engine()
    scene.seat(1)
    scene.say(EventKind.CALL_RESERVED, call=100, lead_id=5)
    scene.wait_until(lambda: scene.agent_state(1) == "ready")

    scene.answer(100)

    scene.wait_until(lambda: ("connect", 100) in scene.commands())
    assert scene.pushed("desk:1", "pop") == [{"attempt_id": 100, "lead_id": 5, "manual": False}]
    assert scene.pushed("desk:1", "state")[-1]["state"] == "reserved"


def test_person_without_an_agent_hears_the_message_in_two_seconds(scene):
    scene.start_engine()
    scene.say(EventKind.CALL_RESERVED, call=100)
    scene.answer(100)

    scene.wait_until(lambda: ("play_message", 100) in scene.commands())

    (abandoned,) = scene.facts("call.abandoned")
    assert 1.9 <= abandoned["data"]["waited"] < 8.0  # that the timer ends before two seconds, unit tests say


def test_events_from_before_the_engine_started_count(scene):
    scene.seat(1, 2)
    scene.say(EventKind.AGENT_PAUSED, agent=1, reason="lunch")
    scene.say(EventKind.AGENT_SIGNED_OFF, agent=2)

    scene.start_engine()

    scene.wait_until(lambda: scene.agent_state(1) == "paused")
    assert scene.agent_state(2) == "offline"


def test_one_call_per_ready_agent_is_reserved_announced_and_queued(scene):
    scene.campaigns.leads = 9
    scene.start_engine()
    scene.seat(1, 2)

    scene.wait_until(lambda: scene.entry("call:2"))

    queued = Queue(DIAL.name, connection=redis.Redis.from_url(scene.url)).jobs
    assert sorted(job.args[0] for job in queued) == [1, 2]
    assert scene.entry("call:1")["lead_id"] == 10
    assert scene.campaigns.decisions[0]["reason"] == "enough"


def test_no_more_calls_are_reserved_in_a_second_than_the_campaign_allows(scene):
    scene.campaigns.leads = 9
    scene.campaigns.change(calls_per_second=2)
    scene.start_engine()
    scene.seat(1, 2, 3, 4, 5)

    scene.wait_until(lambda: scene.entry("call:5"))

    reserved = sorted(scene.entry(f"call:{attempt}")["reserved_at"] for attempt in range(1, 6))
    assert all(third - first > 0.9 for first, third in zip(reserved, reserved[2:], strict=False))
    assert scene.campaigns.decisions[0]["reason"] == "calls_per_second"


def test_calls_that_ring_for_agents_who_left_are_hung_up_after_the_legal_time(scene, monkeypatch):
    monkeypatch.setattr("dialer.core.floor.letting_go.MIN_RING_SECONDS", 0.5)
    monkeypatch.setattr("dialer.core.pacing.view.MIN_RING_SECONDS", 0.5)
    scene.start_engine()
    scene.seat(1)
    for call in (100, 101):
        scene.say(EventKind.CALL_RESERVED, call=call)
        scene.say(EventKind.CALL_RINGING, call=call)
    scene.answer(100)
    scene.wait_until(lambda: ("connect", 100) in scene.commands())
    scene.say(EventKind.AGENT_PAUSED, agent=1, reason="lunch")

    scene.wait_until(lambda: ("hang_up", 101) in scene.commands())

    (fact,) = scene.facts("call.let_go")
    assert (fact["attempt"], fact["data"]["rang"] >= 0.5) == (101, True)
    assert ("hang_up", 100) not in scene.commands()


@pytest.fixture
def only_events(monkeypatch: pytest.MonkeyPatch) -> None:
    """Time alone brings no decision and no look at the database: what follows an event, the event has brought."""
    monkeypatch.setattr(pacer, "TICK_SECONDS", NEVER)
    monkeypatch.setattr(pacer, "NO_LEADS_SECONDS", NEVER)
    monkeypatch.setattr(leader, "SETTINGS_SECONDS", NEVER)


def test_decision_follows_a_ready_agent(scene, only_events):
    scene.campaigns.leads = 9
    scene.start_engine()
    scene.wait_until(lambda: (scene.entry("snapshot") or {}).get("decision"))
    scene.seat(1)

    assert scene.wait_until(lambda: scene.campaigns.decisions)


def test_new_leads_are_noticed_at_once(scene, only_events):
    scene.start_engine()
    scene.seat(1)
    scene.wait_until(lambda: scene.campaigns.decisions)

    scene.campaigns.leads = 1
    scene.say(EventKind.LEADS_ADDED)

    assert scene.wait_until(lambda: scene.entry("call:1"))


def test_paused_campaign_places_nothing_and_starts_when_it_is_told(scene, only_events):
    scene.campaigns.leads = 9
    scene.campaigns.change(running=False)
    scene.start_engine()
    scene.seat(1)
    scene.wait_until(lambda: (scene.entry("snapshot") or {}).get("decision", {}).get("reason") == "closed")
    assert scene.campaigns.decisions == []

    scene.campaigns.change(running=True)
    scene.say(EventKind.CAMPAIGN_STARTED)

    assert scene.wait_until(lambda: scene.campaigns.decisions)


def test_nothing_is_placed_outside_calling_hours_and_the_decision_says_so(scene):
    scene.campaigns.leads = 9
    scene.campaigns.change(in_hours=False)
    scene.start_engine()
    scene.seat(1)

    scene.wait_until(lambda: (scene.entry("snapshot") or {}).get("decision", {}).get("reason") == "closed")
    assert scene.campaigns.decisions == []


def test_manual_mode_places_nothing(scene):
    scene.campaigns.leads = 9
    scene.campaigns.change(mode=DialingMode.MANUAL)
    scene.start_engine()
    scene.seat(1)

    scene.wait_until(lambda: (scene.entry("snapshot") or {}).get("decision", {}).get("reason") == "manual")
    assert scene.campaigns.decisions == []


def test_job_that_never_comes_is_queued_again_and_its_lead_released(scene):
    scene.campaigns.leads = 1
    scene.start_engine()
    scene.seat(1)
    scene.wait_until(lambda: scene.entry("call:1"))
    connection = redis.Redis.from_url(scene.url)
    Queue(DIAL.name, connection=connection).empty()

    scene.wait_until(lambda: Queue(DIAL.name, connection=connection).count == 1)
    scene.wait_until(lambda: scene.campaigns.states[1] == "released")

    (ended,) = scene.wait_until(lambda: scene.facts("call.ended"))
    assert ended["data"]["result"] == "released"


def test_silent_desk_is_lost_and_its_callee_not_left_alone(scene, monkeypatch):
    monkeypatch.setattr("dialer.engine.watching.LOST_SECONDS", 0.5)
    scene.start_engine()
    scene.seat(1)
    scene.say(EventKind.CALL_RESERVED, call=100)
    scene.answer(100)
    scene.say(EventKind.CALL_CONNECTED, call=100, agent=1)

    scene.wait_until(lambda: ("hang_up", 100) in scene.commands())

    assert scene.agent_state(1) == "offline"
    assert scene.redis.hget(ON_FLOOR_KEY, "1") is None
    assert scene.facts("agent.lost")


def test_desk_that_is_heard_of_is_not_lost(scene, monkeypatch):
    monkeypatch.setattr("dialer.engine.watching.LOST_SECONDS", 0.5)
    scene.start_engine()
    scene.seat(1, 2)
    scene.redis.zadd(PRESENCE_KEY, {"1": clock.now() + 3600})
    scene.wait_until(lambda: scene.agent_state(2) == "ready")

    scene.wait_until(lambda: scene.agent_state(2) == "offline")

    assert scene.agent_state(1) == "ready"
    assert scene.redis.hget(ON_FLOOR_KEY, "1") == str(CAMPAIGN)


def test_picture_of_the_floor_is_pushed_and_kept(scene):
    scene.start_engine()
    scene.seat(1)

    picture = scene.wait_until(
        lambda: [p for p in scene.pushed(f"floor:{CAMPAIGN}", "floor") if p["agents"]]
    )[-1]

    assert (picture["agents"][0]["id"], picture["abandonment"]["limit"]) == (1, 0.03)
    assert scene.entry("snapshot")["agents"]


def shown_abandonment(scene: FloorScene) -> tuple[str, int, int]:
    picture = scene.wait_until(lambda: scene.entry("snapshot"))["abandonment"]
    return picture["pack"], picture["answered"], picture["abandoned"]


def test_past_days_are_recalled_when_redis_knows_nothing(scene):
    scene.call_log.slots = {slot_of(clock.now()): Counts(people=200, connected=190, abandoned=3)}
    scene.start_engine()

    assert shown_abandonment(scene) == ("us", 200, 3)


def test_another_engine_goes_on_with_what_was_counted(scene):
    scene.call_log.slots = {slot_of(clock.now()): Counts(people=200, connected=190, abandoned=3)}
    first = scene.start_engine()
    scene.wait_until(lambda: scene.entry("snapshot"))
    first.stop()
    scene.call_log.slots = {}
    scene.redis.hdel(floor_key(CAMPAIGN), "snapshot")

    scene.start_engine()

    assert shown_abandonment(scene) == ("us", 200, 3)


@pytest.mark.parametrize(("law", "reason"), [("us", "limit_reached"), ("uk", "warming_up")])
def test_the_limit_acts_on_the_window_of_the_law(scene, law, reason):
    """Two days ago too many were abandoned: 30 days remember it, 24 hours do not."""
    scene.call_log.slots = {
        slot_of(clock.now() - 2 * 86_400): Counts(people=200, connected=190, abandoned=10)
    }
    scene.campaigns.change(mode=DialingMode.PREDICTIVE, measure=Measure(PACKS[law]))
    scene.campaigns.leads = 50
    scene.start_engine()
    scene.seat(1, 2, 3)

    scene.wait_until(lambda: reason in {decision["reason"] for decision in scene.campaigns.decisions})


def test_the_picture_says_whose_window_it_is(scene):
    scene.campaigns.change(measure=Measure(PACKS["ca"], ZoneInfo("America/Toronto")))
    scene.start_engine()

    picture = scene.wait_until(lambda: scene.entry("snapshot"))["abandonment"]

    begins = Measure(PACKS["ca"], ZoneInfo("America/Toronto")).window_begins(clock.now())
    window = {"kind": "calendar_month", "length": 1, "since": begins, "zone": "America/Toronto"}
    assert (picture["pack"], picture["window"]) == ("ca", window)


def test_attempt_that_nobody_announced_is_found_and_released(scene):
    scene.call_log.extra = [(55, "reserved", clock.now() - 60)]
    scene.start_engine()

    scene.wait_until(lambda: scene.campaigns.states.get(55) == "released")


def test_stopped_engine_hands_over_at_once(scene):
    scene.start_engine()
    first = scene.wait_until(scene.leader)
    scene.start_engine()

    scene.engines[0].stop()

    assert scene.leader() != first  # its lease was given back, not left to expire
    scene.wait_until(scene.leader)


def test_event_that_cannot_be_read_is_passed_over(scene):
    scene.start_engine()
    scene.redis.xadd(f"ts:{{c{CAMPAIGN}}}:events", {"kind": "nonsense"})
    scene.seat(1)

    scene.wait_until(lambda: scene.agent_state(1) == "ready")


def test_engine_says_that_it_lives(scene):
    engine = scene.start_engine()

    scene.wait_until(lambda: scene.redis.exists(alive_key("engine", engine.engine.name)))


def test_messages_go_where_the_push_process_reads():
    assert PUSH_STREAM == STREAM


def test_floor_is_empty_when_nobody_came(scene):
    scene.start_engine()
    scene.wait_until(lambda: scene.entry("snapshot"))

    assert not [
        name for name in scene.redis.hkeys(floor_key(CAMPAIGN)) if name.startswith(("agent:", "call:"))
    ]
