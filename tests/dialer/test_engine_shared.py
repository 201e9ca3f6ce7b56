"""Campaigns that share agents, on a real Redis: one leader, agents lent, groups that change, engines that die."""

import asyncio
from collections.abc import Iterator

import pytest
import redis
import redis.asyncio

from dialer.core.floor.state import Changes
from dialer.engine.inbox import READ_COUNT, Inbox
from dialer.engine.lease import LeaseLostError, Leases
from dialer.engine.store import FloorStore, Step
from dialer.events import Event, EventKind
from dialer.live import ON_FLOOR_KEY, fence_key, floor_key, lease_key, post_event
from tests.dialer.shared_harness import BOTH, HIGH, LOW, SharedScene


@pytest.fixture
def scene(redis_url: str, redis_server: redis.Redis) -> Iterator[SharedScene]:
    scene = SharedScene(redis_url)
    yield scene
    scene.close()


def lend(scene: SharedScene) -> None:
    """Agent 1 signed on to HIGH and has call 100 of LOW."""
    scene.sit(1)
    scene.ring(100, LOW)
    scene.pick_up(100, LOW)
    scene.wait_until(lambda: scene.place_of(1) == (LOW, "reserved"))
    scene.on(LOW, EventKind.CALL_CONNECTED, call=100, agent=1)
    scene.wait_until(lambda: scene.place_of(1) == (LOW, "on_call"))


def test_agent_of_one_campaign_gets_a_call_of_the_other(scene):
    scene.start_engine()

    lend(scene)

    assert ("connect", 100) in scene.commands()
    assert scene.on_floor(1) == LOW
    assert [fact["campaign"] for fact in scene.facts("call.connected")] == [LOW]


def test_agent_is_back_with_the_next_call_of_the_first_campaign(scene):
    scene.start_engine()
    lend(scene)
    scene.on(HIGH, EventKind.AGENT_HANG_UP, agent=1, call=100)
    scene.on(LOW, EventKind.AGENT_WRAPPED_UP, agent=1, call=100)
    scene.wait_until(lambda: scene.place_of(1) == (LOW, "ready"))
    scene.ring(101, HIGH)

    scene.pick_up(101, HIGH)

    scene.wait_until(lambda: scene.place_of(1) == (HIGH, "reserved"))
    assert scene.on_floor(1) == HIGH


def test_agent_who_signs_off_while_lent_is_on_no_floor(scene):
    scene.start_engine()
    lend(scene)

    scene.redis.hdel(ON_FLOOR_KEY, "1")
    scene.on(HIGH, EventKind.AGENT_SIGNED_OFF, agent=1)

    scene.wait_until(lambda: scene.place_of(1) is None)
    assert scene.on_floor(1) is None
    scene.wait_until(lambda: ("hang_up", 100) in scene.commands())


def test_agent_signs_off_and_on_again_at_the_other_campaign(scene):
    scene.start_engine()
    lend(scene)

    scene.redis.hset(ON_FLOOR_KEY, "1", HIGH)
    scene.on(LOW, EventKind.AGENT_SIGNED_OFF, agent=1)
    scene.on(HIGH, EventKind.AGENT_SIGNED_ON, agent=1, serves=BOTH)

    scene.wait_until(lambda: scene.place_of(1) == (HIGH, "paused"))
    assert scene.on_floor(1) == HIGH


def test_working_agents_count_for_every_campaign_that_they_serve(scene):
    scene.start_engine()
    scene.sit(2, serves=[HIGH])
    lend(scene)

    scene.wait_until(lambda: scene.stored(LOW, "working") == 1)
    assert scene.stored(HIGH, "working") == 2


def test_higher_priority_is_dialed_first_and_the_other_one_when_its_leads_are_gone(scene):
    scene.shared.leads_of = {HIGH: 1, LOW: 5}
    scene.start_engine()
    scene.sit(1)
    scene.wait_until(lambda: scene.shared.campaign_of)
    assert scene.shared.campaign_of == {1: HIGH}

    scene.on(HIGH, EventKind.CALL_ENDED, call=1, cause="no_answer")

    scene.wait_until(lambda: len(scene.shared.campaign_of) > 1)
    assert scene.shared.campaign_of[2] == LOW


def test_what_is_placed_for_one_campaign_is_seen_by_the_other(scene):
    scene.shared.leads_of = {HIGH: 9, LOW: 9}
    scene.start_engine()
    scene.sit(1)
    scene.wait_until(lambda: scene.stored(HIGH, "call:1"))
    scene.on(HIGH, EventKind.CALL_RINGING, call=1)
    scene.wait_until(lambda: scene.stored(HIGH, "call:1")["state"] == "ringing")
    shown = scene.wait_until(lambda: scene.stored(LOW, "snapshot"))["as_of"]

    scene.wait_until(lambda: scene.stored(LOW, "snapshot")["as_of"] > shown)

    assert scene.shared.campaign_of == {1: HIGH}


def test_another_engine_goes_on_with_lent_agents(scene):
    scene.start_engine()
    lend(scene)
    first = scene.leaders()
    scene.engines[0].freeze()
    scene.on(HIGH, EventKind.AGENT_PAUSED, agent=1, reason="lunch")
    scene.start_engine()
    scene.wait_until(lambda: None not in scene.leaders() and scene.leaders() != first)

    scene.on(LOW, EventKind.CALL_ENDED, call=100, cause="callee_hung_up")
    scene.on(LOW, EventKind.AGENT_WRAPPED_UP, agent=1, call=100)

    scene.wait_until(lambda: scene.place_of(1) == (LOW, "paused"))
    assert len(set(scene.leaders())) == 1


def test_floors_that_are_parted_lose_nothing(scene):
    scene.start_engine()
    lend(scene)
    scene.sit(2)
    scene.ring(101, HIGH)

    scene.regroup((HIGH,), (LOW,))
    scene.wait_until(lambda: scene.engines[0].engine._leading.keys() == {(HIGH,), (LOW,)})
    scene.pick_up(101, HIGH)
    scene.on(LOW, EventKind.CALL_ENDED, call=100, cause="callee_hung_up")
    scene.on(LOW, EventKind.AGENT_WRAPPED_UP, agent=1, call=100)

    scene.wait_until(lambda: scene.place_of(1) == (LOW, "ready"))
    scene.wait_until(lambda: scene.place_of(2) == (HIGH, "reserved"))


def test_floors_that_are_joined_share_their_agents_at_once(scene):
    scene.shared.floors = [(HIGH,), (LOW,)]
    scene.start_engine()
    scene.sit(1)
    scene.ring(100, LOW)
    scene.wait_until(lambda: scene.stored(LOW, "call:100") and scene.place_of(1) == (HIGH, "ready"))

    scene.regroup((LOW, HIGH))
    scene.pick_up(100, LOW)

    scene.wait_until(lambda: scene.place_of(1) == (LOW, "reserved"))


def test_campaigns_led_by_two_engines_come_together_under_one(scene):
    scene.shared.floors = [(HIGH,)]
    scene.start_engine()
    scene.wait_until(lambda: scene.leaders()[0])
    scene.engines[0].freeze()
    scene.shared.floors = [(LOW,)]
    scene.start_engine()
    scene.wait_until(lambda: scene.leaders()[1])
    scene.regroup((HIGH, LOW))
    scene.engines[0].thaw()

    scene.wait_until(lambda: None not in scene.leaders() and len(set(scene.leaders())) == 1)

    assert sorted(engine.engine.leads() for engine in scene.engines) == [[], BOTH]


def test_last_words_to_a_leader_that_goes_are_heard(scene):
    scene.start_engine()
    lend(scene)

    scene.shared.floors = [(HIGH,), (LOW,)]
    scene.engines[0].engine._leading[(HIGH, LOW)][0].stop()
    scene.on(HIGH, EventKind.AGENT_HANG_UP, agent=1, call=100)  # the agent is with LOW
    scene.tell_engines()

    scene.wait_until(lambda: scene.place_of(1) == (LOW, "wrap_up"))


def run(url: str, work) -> None:
    async def main() -> None:
        client = redis.asyncio.Redis.from_url(url, decode_responses=True)
        try:
            await work(client)
        finally:
            await client.aclose()

    asyncio.run(main())


def test_leases_are_had_together_or_not_at_all(redis_url, redis_server):
    async def work(client) -> None:
        mine, other = Leases(client, "mine"), Leases(client, "other")
        theirs = await other.acquire([LOW])
        assert await mine.acquire(BOTH) is None
        assert await client.get(lease_key(HIGH)) is None
        await other.release([LOW])
        fences = await mine.acquire(BOTH)
        assert (set(fences), fences[LOW]) == (set(BOTH), theirs[LOW] + 1)
        await client.delete(lease_key(HIGH))
        await other.acquire([HIGH])
        with pytest.raises(LeaseLostError):
            await mine.renew(fences)

    run(redis_url, work)


def test_one_old_number_keeps_all_campaigns_from_being_written(redis_url, redis_server):
    redis_server.set(fence_key(HIGH), 3)
    redis_server.set(fence_key(LOW), 5)

    async def work(client) -> None:
        store = FloorStore(client, {HIGH: 3, LOW: 4})
        steps = {campaign: Step(Changes({"agent:1": "{}"}, []), "1-0") for campaign in BOTH}
        with pytest.raises(LeaseLostError):
            await store.commit(steps, [])

    run(redis_url, work)
    assert redis_server.hgetall(floor_key(HIGH)) == {}


@pytest.mark.parametrize(("before", "after"), [(str(HIGH), str(LOW)), (None, str(LOW)), ("99", "99")])
def test_commit_takes_an_agent_along_unless_the_agent_went_elsewhere(redis_url, redis_server, before, after):
    redis_server.set(fence_key(HIGH), 1)
    redis_server.set(fence_key(LOW), 1)
    if before:
        redis_server.hset(ON_FLOOR_KEY, "1", before)

    async def work(client) -> None:
        steps = {
            HIGH: Step(Changes({}, ["agent:1"]), "1-0"),
            LOW: Step(Changes({"agent:1": "{}"}, []), "1-0"),
        }
        await FloorStore(client, {HIGH: 1, LOW: 1}).commit(steps, [])

    run(redis_url, work)
    assert redis_server.hget(ON_FLOOR_KEY, "1") == after


def test_events_of_all_campaigns_are_heard_in_the_order_in_which_they_were_posted(redis_url, redis_server):
    said = []
    for number in range(READ_COUNT + 50):
        said.append(number)
        campaign = HIGH if number % 11 else LOW
        post_event(redis_server, Event(EventKind.CALL_RINGING, float(number), campaign, attempt_id=number))

    async def work(client) -> None:
        inbox = Inbox(client, {HIGH: "0-0", LOW: "0-0"})
        heard = await inbox.read_rest({HIGH: "0-0", LOW: "0-0"})
        assert [event.attempt_id for event in heard] == said

    run(redis_url, work)
