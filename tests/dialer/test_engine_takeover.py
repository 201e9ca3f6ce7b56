"""One leader at a time: takeover, leaders of yesterday, and a Redis that goes away."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
import redis.asyncio
from rq import Queue

from dialer import clock
from dialer.core.floor.effects import Fact
from dialer.core.floor.state import Changes
from dialer.engine.lease import LeaseLostError, Leases
from dialer.engine.reserving import Reserver
from dialer.engine.store import FloorStore, Step
from dialer.events import EventKind
from dialer.live import FACTS_STREAM, events_stream, fence_key, floor_key, lease_key
from dialer.queues import DIAL
from tests import servers
from tests.dialer.engine_harness import CAMPAIGN, FloorScene, MemoryCampaigns


@pytest.fixture
def scene(redis_url: str, redis_server: redis.Redis) -> Iterator[FloorScene]:
    scene = FloorScene(redis_url)
    yield scene
    scene.close()


def test_second_engine_leads_when_the_first_hangs(scene):
    scene.start_engine()
    first = scene.wait_until(scene.leader)
    scene.seat(1)
    scene.say(EventKind.CALL_RESERVED, call=100)
    scene.wait_until(lambda: scene.entry("call:100"))
    scene.start_engine()

    scene.engines[0].freeze()
    assert scene.redis.pttl(lease_key(CAMPAIGN)) <= 3_000  # nobody waits for it longer
    scene.answer(100)

    scene.wait_until(lambda: ("connect", 100) in scene.commands())
    assert scene.leader() != first


def sources_but_decisions(scene) -> list[str]:
    """The leader of today goes on deciding at any moment."""
    return [fact["source"] for fact in scene.facts() if not fact["source"].startswith("decision:")]


def test_leader_of_yesterday_changes_nothing(scene):
    scene.campaigns.leads = 100
    scene.start_engine()
    first = scene.wait_until(scene.leader)
    scene.engines[0].freeze()
    scene.start_engine()
    scene.wait_until(lambda: scene.leader() not in (None, first))
    scene.seat(1, 2)
    scene.wait_until(lambda: scene.entry("call:2"))
    before = sources_but_decisions(scene)

    scene.engines[0].thaw()
    scene.wait_until(lambda: not scene.engines[0].engine.leads())

    sources = [fact["source"] for fact in scene.facts()]
    assert len(sources) == len(set(sources))
    assert sources_but_decisions(scene) == before
    assert scene.entry("call:3") is None
    assert scene.leader() != first


def test_new_leader_repeats_a_command_that_was_not_confirmed(scene):
    scene.start_engine()
    scene.seat(1)
    scene.say(EventKind.CALL_RESERVED, call=100)
    scene.answer(100)
    scene.wait_until(lambda: ("connect", 100) in scene.commands())
    scene.engines[0].stop()
    before = scene.commands().count(("connect", 100))

    scene.start_engine()

    scene.wait_until(lambda: scene.commands().count(("connect", 100)) > before)
    assert len(scene.facts("call.answered")) == 1


def test_old_number_writes_neither_state_nor_facts(redis_url, redis_server):
    redis_server.set(fence_key(CAMPAIGN), 5)

    async def commit(fence: int) -> None:
        client = redis.asyncio.Redis.from_url(redis_url, decode_responses=True)
        store = FloorStore(client, {CAMPAIGN: fence})
        fact = Fact("call.ended", 1.0, f"call:1:ended:{fence}", 1)
        try:
            step = Step(Changes({"call:1": "{}"}, ["call:2"]), "1-0")
            await store.commit({CAMPAIGN: step}, [(CAMPAIGN, fact)])
        finally:
            await client.aclose()

    with pytest.raises(LeaseLostError):
        asyncio.run(commit(4))
    assert redis_server.hgetall(floor_key(CAMPAIGN)) == {}
    assert redis_server.xlen(FACTS_STREAM) == 0

    asyncio.run(commit(5))
    assert redis_server.hget(floor_key(CAMPAIGN), "checkpoint") == "1-0"
    assert redis_server.xlen(FACTS_STREAM) == 1


def test_old_number_cannot_announce_what_it_reserved(redis_url, redis_server):
    redis_server.set(fence_key(CAMPAIGN), 5)
    jobs = redis.Redis.from_url(redis_url)
    campaigns = MemoryCampaigns(leads=3)

    Reserver(campaigns, jobs, campaign_id=CAMPAIGN, fence=4).reserve(2, {})

    assert redis_server.xlen(events_stream(CAMPAIGN)) == 0
    assert Queue(DIAL.name, connection=jobs).count == 0


def test_lease_that_ran_out_is_kept_unless_somebody_else_leads(redis_url, redis_server):
    async def run() -> None:
        client = redis.asyncio.Redis.from_url(redis_url, decode_responses=True)
        mine, other = Leases(client, "mine"), Leases(client, "other")
        fences = await mine.acquire([CAMPAIGN])
        assert fences is not None
        assert await other.acquire([CAMPAIGN]) is None
        await client.delete(f"ts:{{c{CAMPAIGN}}}:lease")
        await mine.renew(fences)
        await client.delete(f"ts:{{c{CAMPAIGN}}}:lease")
        assert await other.acquire([CAMPAIGN]) == {CAMPAIGN: fences[CAMPAIGN] + 1}
        with pytest.raises(LeaseLostError):
            await mine.renew(fences)
        await client.aclose()

    asyncio.run(run())


def test_after_redis_lost_its_memory_one_engine_leads(redis_url, redis_server):
    """The counter of leaders is lost too: the next one must not have the number of the one before."""

    async def run() -> None:
        client = redis.asyncio.Redis.from_url(redis_url, decode_responses=True)
        mine, other = Leases(client, "mine"), Leases(client, "other")
        before = await mine.acquire([CAMPAIGN])
        await client.flushall()
        after = await other.acquire([CAMPAIGN])
        assert before is not None
        assert after is not None
        with pytest.raises(LeaseLostError):
            await mine.renew(before)
        await other.renew(after)
        assert await client.get(lease_key(CAMPAIGN)) == "other"
        await client.aclose()

    asyncio.run(run())


def test_call_that_redis_has_forgotten_is_not_released_to_be_dialed_again(scene):
    """The carrier was asked; then Redis lost its memory, and with it what the carrier knew."""
    scene.campaigns.states[55] = "originating"
    scene.call_log.extra = [(55, "originating", clock.now() - 60)]
    scene.start_engine()

    (ended,) = scene.wait_until(lambda: scene.facts("call.ended"))

    assert (ended["attempt"], ended["data"]["result"]) == (55, "failed")
    assert scene.campaigns.states[55] == "originating"


def test_floor_goes_on_after_redis_was_killed(tmp_path: Path):
    port = servers.free_port()
    server = servers.start_redis(tmp_path, port)
    scene = FloorScene(f"redis://127.0.0.1:{port}/0")
    try:
        scene.start_engine()
        scene.seat(1)
        scene.say(EventKind.CALL_RESERVED, call=100)
        scene.wait_until(lambda: scene.entry("call:100"))
        server.kill()
        server.wait()
        server = servers.start_redis(tmp_path, port)
        scene.answer(100)

        scene.wait_until(lambda: ("connect", 100) in scene.commands())

        assert scene.agent_state(1) == "reserved"
    finally:
        scene.close()
        server.kill()
        server.wait()
