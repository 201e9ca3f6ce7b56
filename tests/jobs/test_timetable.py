"""The clock: one leader, and no heap of the same job."""

import threading
from collections.abc import Callable

import pytest
import redis
from flask import Flask
from rq import Queue

from dialer.queues import REPORT
from telesales.dialing.timetable import LEASE_KEY, Every, Timetable
from telesales.dialing.workers import make_worker, prepare

ENTRY = Every("telesales.dialing.jobs.settle_forgotten_calls", REPORT.name, seconds=1)
WAIT_SECONDS = 30.0


@pytest.fixture
def queue(app: Flask) -> Queue:
    return Queue(REPORT.name, connection=redis.Redis.from_url(app.config["TELESALES"].redis_url))


def wait_until(condition: Callable[[], object]) -> None:
    pause = threading.Event()
    for _turn in range(int(WAIT_SECONDS / 0.02)):
        if condition():
            return
        pause.wait(0.02)
    raise AssertionError("it did not happen")


class Running:
    """A clock in a thread."""

    def __init__(self, app: Flask) -> None:
        self.clock = Timetable(app, [ENTRY])
        self.stopping = threading.Event()
        self.thread = threading.Thread(target=self.clock.run, args=(self.stopping,), daemon=True)
        self.thread.start()

    def stop(self) -> None:
        self.stopping.set()
        self.thread.join(WAIT_SECONDS)
        assert not self.thread.is_alive()


def test_job_that_is_still_queued_is_not_queued_again(app, queue):
    clock = Timetable(app, [ENTRY])

    clock.put(ENTRY)
    clock.put(ENTRY)

    assert queue.count == 1


def test_job_is_queued_again_after_it_ran_and_after_it_failed(app, queue):
    clock = Timetable(app, [ENTRY])
    failing = Every("telesales.dialing.jobs.no_such_function", REPORT.name, seconds=1)
    prepare(app)
    for entry in (ENTRY, failing):
        clock.put(entry)
        make_worker(app, REPORT).work(burst=True, logging_level=None)

        clock.put(entry)
        assert queue.count == 1
        queue.empty()


def test_one_of_two_clocks_leads_and_the_other_follows(app, queue, redis_server):
    first = Running(app)
    wait_until(lambda: queue.count == 1)
    second = Running(app)
    holder = redis_server.get(LEASE_KEY)
    queue.empty()
    wait_until(lambda: queue.count == 1)
    assert redis_server.get(LEASE_KEY) == holder

    first.stop()

    wait_until(lambda: redis_server.get(LEASE_KEY) not in (None, holder))
    queue.empty()
    wait_until(lambda: queue.count == 1)
    second.stop()
    assert redis_server.get(LEASE_KEY) is None


def test_clock_outlives_a_redis_that_does_not_answer(app):
    clock = Timetable(app, [ENTRY])
    clock._jobs = redis.Redis(port=1)

    clock.put(ENTRY)
