"""The live floor beside the simulation, in time that is skipped."""

import asyncio
import time

import pytest

from bench.agreement import Figures, compare, count_facts, play_live
from bench.skipping import SkippingLoop
from dialer.simulation import Shift


@pytest.fixture
def skipping():
    with asyncio.Runner(loop_factory=SkippingLoop) as runner:
        yield runner


def test_time_in_which_nothing_happens_is_skipped(skipping):
    async def wait():
        await asyncio.sleep(7200)
        return asyncio.get_running_loop().time()

    before = time.monotonic()
    told = skipping.run(wait())

    assert told - before > 7200
    assert time.monotonic() - before < 600


def test_a_thread_is_waited_for(skipping):
    go_on = asyncio.Event()

    async def race():
        loop = asyncio.get_running_loop()
        began = loop.time()
        work = asyncio.create_task(asyncio.to_thread(sum, range(3_000_000)))
        late = loop.call_later(600, go_on.set)
        await work
        late.cancel()
        return loop.time() - began

    assert skipping.run(race()) < 600
    assert not go_on.is_set()


def test_the_whole_live_floor_works_in_skipped_time(redis_url):
    shift = Shift(agents=3, hours=0.1, warm_up=0.0, arrival_seconds=5.0)

    live = play_live(shift, redis_url)

    assert live.dialed > 3
    assert live.answered > 0
    assert 0.2 < live.occupancy <= 1.0


def fact(kind, at, agent=None, **data):
    return {"kind": kind, "at": at, "agent": agent, "data": data}


def test_occupancy_and_abandonment_are_counted_from_facts():
    facts = [
        fact("agent.state", 50.0, 1, state="on_call", previous="ready", since=0.0),
        fact("agent.state", 150.0, 1, state="wrap_up", previous="on_call", since=50.0),
        fact("agent.state", 160.0, 1, state="ready", previous="wrap_up", since=150.0),
        fact("agent.state", 180.0, 1, state="paused", previous="ready", since=160.0),
        fact("call.answered", 99.0, answer="human"),
        fact("call.answered", 120.0, answer="human"),
        fact("call.answered", 130.0, answer="machine"),
        fact("call.answered", 140.0, answer="human"),
        fact("call.ended", 145.0, abandoned=True),
        fact("call.ended", 150.0, abandoned=False),
    ]

    figures = count_facts(facts, since=100.0, until=200.0)

    assert figures.occupancy == pytest.approx(60 / 80)
    assert (figures.answered, figures.abandoned, figures.abandonment) == (2, 1, 0.5)


@pytest.mark.parametrize(
    ("occupancy", "abandonment", "agrees"),
    [(0.88, 0.02, True), (0.91, 0.02, False), (0.88, 0.035, False), (0.865, 0.012, True)],
)
def test_two_points_of_occupancy_and_one_of_abandonment_may_lie_between(occupancy, abandonment, agrees):
    live = Figures(occupancy, abandonment, 1000, 20, 4000)

    assert compare(live, [Figures(0.88, 0.02, 1000, 20, 4000)])["agrees"] is agrees
