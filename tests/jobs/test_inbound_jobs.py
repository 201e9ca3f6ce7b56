"""The job of somebody who rings us, on a real RQ worker with the simulated carrier's Redis."""

import json
from collections.abc import Iterator

import pytest
import redis
from flask import Flask
from rq import Queue
from sqlalchemy import func, select

from dialer import clock as dialer_clock
from dialer.carriers import simulated_keys as keys
from dialer.carriers.announcing import announce, job_id
from dialer.events import Event, EventKind
from dialer.live import events_stream
from dialer.ports import RingingIn
from dialer.queues import DIAL
from telesales.calls.models import CallAttempt
from telesales.config import Settings
from telesales.dialing.ports import DatabaseInbound
from telesales.dialing.workers import make_worker, prepare
from telesales.extensions import db
from telesales.tenancy.scope import every_client
from tests.factories_dialing import make_dialing_campaign

OURS, STRANGER = "+12025550100", "+12125550177"


@pytest.fixture(autouse=True)
def everything(app: Flask) -> Iterator[None]:
    with every_client():
        yield


@pytest.fixture
def jobs(settings: Settings) -> Iterator[redis.Redis]:
    connection = redis.Redis.from_url(settings.redis_url)
    yield connection
    connection.close()


def ring(server: redis.Redis, call_id: str = "a", *, dialed: str = OURS) -> RingingIn:
    """What the carrier's process keeps of somebody who rings."""
    now = dialer_clock.now()
    record = {
        "state": "ringing",
        "number": STRANGER,
        "dialed": dialed,
        "profile": json.dumps({}),
        "since": repr(now),
    }
    server.hset(keys.inbound_key(call_id), mapping=record)
    server.zadd(keys.INBOUND_SET, {call_id: now})
    return RingingIn("simulated", call_id, STRANGER, dialed, now)


def dialing(**columns) -> int:
    """A campaign; nobody holds the database afterwards."""
    campaign_id = make_dialing_campaign(**columns).id
    db.session.remove()
    return campaign_id


def work(app: Flask) -> None:
    prepare(app)
    make_worker(app, DIAL).work(burst=True, logging_level=None)


def events(server: redis.Redis, campaign_id: int) -> list[Event]:
    entries = server.xrange(events_stream(campaign_id))
    return [Event.from_fields(fields, stream_id) for stream_id, fields in entries]


def count_attempts() -> int:
    found = db.session.scalar(select(func.count(CallAttempt.id)))
    db.session.remove()
    return found


def test_the_job_writes_the_attempt_and_tells_the_floor(app, redis_server, jobs):
    campaign_id = dialing(inbound_wait_seconds=90)
    announce(jobs, ring(redis_server))

    work(app)

    (came_in,) = events(redis_server, campaign_id)
    db.session.rollback()
    attempt = db.session.get(CallAttempt, came_in.attempt_id)
    assert came_in.kind is EventKind.CALL_CAME_IN
    assert came_in.data == {"lead_id": attempt.lead_id, "wait": 90.0}
    assert redis_server.hget(keys.call_key(attempt.id), "state") == keys.ANSWERED
    assert redis_server.zcard(keys.INBOUND_SET) == 0


def test_announced_again_and_again_the_call_comes_in_once(app, redis_server, jobs):
    campaign_id = dialing()
    call = ring(redis_server)
    for _time in range(3):
        announce(jobs, call)
        work(app)

    assert len(events(redis_server, campaign_id)) == 1
    assert count_attempts() == 1


def test_a_call_whose_job_waits_is_queued_once(redis_server, jobs):
    call = ring(redis_server)

    announce(jobs, call)
    announce(jobs, call)

    assert Queue(DIAL.name, connection=jobs).job_ids == [job_id("simulated", "a")]


def test_a_job_that_died_after_the_database_is_finished_by_the_next_one(app, redis_server, jobs):
    campaign_id = dialing()
    call = ring(redis_server)
    first = DatabaseInbound(app).take(call)  # and then the worker was killed
    announce(jobs, call)

    work(app)

    (came_in,) = events(redis_server, campaign_id)
    assert came_in.attempt_id == first.attempt_id
    assert count_attempts() == 1


def test_a_number_that_nobody_shows_is_refused_by_the_carrier(app, redis_server, jobs):
    dialing()
    announce(jobs, ring(redis_server, dialed="+12025550199"))

    work(app)

    assert redis_server.hget(keys.inbound_key("a"), "state") == keys.GONE
    assert redis_server.zcard(keys.INBOUND_SET) == 0
    assert count_attempts() == 0


def test_who_has_hung_up_meanwhile_is_written_down_and_over(app, redis_server, jobs):
    campaign_id = dialing()
    call = ring(redis_server)
    redis_server.hset(keys.inbound_key("a"), "state", keys.GONE)
    announce(jobs, call)

    work(app)

    assert [event.kind for event in events(redis_server, campaign_id)] == [
        EventKind.CALL_CAME_IN,
        EventKind.CALL_ENDED,
    ]
