"""What only the simulated carrier promises: restarts of itself and of Redis, and one process at a time."""

import signal
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import redis

from dialer import clock, live
from dialer.carriers import make_control, make_placer
from dialer.carriers import simulated_keys as keys
from dialer.carriers.simulated_network import STALE_SECONDS
from dialer.events import CallCause, EventKind
from tests import servers
from tests.dialer.carrier_harness import WAIT_SECONDS, SimulatedHarness

ALIVE = live.alive_key("carrier", "simulated")


@pytest.fixture
def simulated(redis_url: str, redis_server: redis.Redis) -> Iterator[SimulatedHarness]:
    harness = SimulatedHarness(redis_url)
    harness.start()
    yield harness
    harness.stop()


@pytest.fixture
def own_redis(tmp_path: Path) -> Iterator["OwnRedis"]:
    server = OwnRedis(tmp_path)
    yield server
    server.kill()


class OwnRedis:
    """A Redis that a test may kill."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, servers.free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.process: subprocess.Popen = servers.start_redis(folder, self.port)

    def start(self) -> None:
        self.process = servers.start_redis(self.folder, self.port)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


def test_an_unknown_carrier_has_no_client(redis_server):
    with pytest.raises(KeyError):
        make_placer("tin cans", redis_server)
    with pytest.raises(KeyError):
        make_control("tin cans", redis_server)


def test_a_profile_that_makes_no_sense_is_refused_before_anything_is_dialed(simulated):
    order = replace(simulated.order(1, "human"), profile={"human": 2})

    with pytest.raises(ValueError, match="human must be between 0 and 1"):
        simulated.place(order)

    assert not simulated.redis.exists(keys.call_key(1))


def test_an_answer_tells_what_the_callee_is_like(simulated):
    simulated.place(simulated.order(1, "human"))

    callee = simulated.wait_for(1, EventKind.CALL_ANSWERED).data["callee"]

    assert callee["mood"]
    assert 0 <= callee["interest"] <= 1


def test_a_callee_may_hang_up_in_the_middle_of_the_message(simulated):
    order = simulated.order(1, "human")
    simulated.place(replace(order, profile={**order.profile, "message_hang_up": 1.0}))
    simulated.wait_for(1, EventKind.CALL_ANSWERED)
    simulated.command(lambda control: control.play_message(1, "We are sorry."))

    ended = simulated.wait_for(1, EventKind.CALL_ENDED)

    assert ended.data["cause"] == CallCause.CALLEE_HUNG_UP
    assert EventKind.CALL_MESSAGE_PLAYED not in [event.kind for event in simulated.events(1)]


def test_every_dialed_number_is_written_down(simulated):
    simulated.place(simulated.order(5, "busy"))
    simulated.wait_for(5, EventKind.CALL_ENDED)

    ((_, fields),) = simulated.redis.xrange(keys.DIALED_STREAM)

    assert (fields["attempt"], fields["number"]) == ("5", "+12025550005")
    assert abs(clock.now() - float(fields["at"])) < 60


def test_a_kill_in_the_middle_of_many_calls_dials_none_twice_and_ends_all(simulated):
    fates = ["busy", "no_answer", "congestion", "silent", "invalid"]
    attempts = range(1, 101)
    for attempt in attempts:
        simulated.place(simulated.order(attempt, fates[attempt % 5]))
        if attempt in (30, 60):
            simulated.kill()
            simulated.start()

    for attempt in attempts:
        simulated.wait_for(attempt, EventKind.CALL_ENDED)

    dialed = [fields["attempt"] for _, fields in simulated.redis.xrange(keys.DIALED_STREAM)]
    assert sorted(map(int, dialed)) == list(attempts)
    for attempt in attempts:
        kinds = [event.kind for event in simulated.events(attempt)]
        assert len(kinds) == len(set(kinds))
    assert simulated.redis.smembers(keys.LIVE_SET) == set()


def test_calls_go_on_after_redis_was_killed(own_redis):
    harness = SimulatedHarness(own_redis.url)
    harness.start()
    try:
        harness.place(harness.order(1, "human"))
        harness.wait_for(1, EventKind.CALL_ANSWERED)
        wait_until_written(harness.redis)
        own_redis.kill()
        own_redis.start()

        harness.command(lambda control: control.connect(1, 3))
        harness.wait_for(1, EventKind.CALL_CONNECTED)
        harness.wait_until_alive()
        harness.place(harness.order(2, "busy"))

        assert harness.wait_for(2, EventKind.CALL_ENDED).data["cause"] == CallCause.BUSY
        assert harness.process.poll() is None
    finally:
        harness.stop()


def wait_until_written(client: redis.Redis) -> None:
    client.execute_command("WAITAOF", 1, 0, 5000)


def test_a_process_that_starts_takes_over_from_the_one_before(simulated):
    first = simulated.process
    simulated.start()

    first.wait(WAIT_SECONDS)

    simulated.place(simulated.order(1, "busy"))
    assert simulated.wait_for(1, EventKind.CALL_ENDED)
    assert simulated.redis.exists(ALIVE)


def test_sigterm_ends_the_process_cleanly_and_at_once(simulated):
    simulated.place(simulated.order(1, "human"))
    simulated.wait_for(1, EventKind.CALL_RINGING)

    simulated.process.send_signal(signal.SIGTERM)

    assert simulated.process.wait(WAIT_SECONDS) == 0
    assert not simulated.redis.exists(ALIVE)


def test_a_call_asked_for_too_long_ago_is_not_dialed(simulated):
    simulated.kill()
    simulated.place(simulated.order(1, "human"))
    asked = float(simulated.redis.hget(keys.call_key(1), "since"))
    simulated.redis.hset(keys.call_key(1), "since", asked - STALE_SECONDS - 1)
    simulated.start()

    ended = simulated.wait_for(1, EventKind.CALL_ENDED)

    assert ended.data["cause"] == CallCause.FAILED
    assert simulated.count_dialed(1) == 0


def test_records_of_calls_that_are_over_do_not_stay_for_ever(simulated):
    simulated.place(simulated.order(1, "busy"))
    simulated.wait_for(1, EventKind.CALL_ENDED)
    simulated.command(lambda control: control.forbid(2))

    assert 0 < simulated.redis.ttl(keys.call_key(1)) <= keys.KEEP_SECONDS
    assert 0 < simulated.redis.ttl(keys.call_key(2)) <= keys.KEEP_SECONDS
