"""The place-call job on real RQ workers."""

import os
import random
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

import pytest
import redis
from flask import Flask
from rq import Queue
from rq.registry import FailedJobRegistry
from sqlalchemy import select

from dialer.events import Event, EventKind
from dialer.jobs import place_call, queue_again, queue_calls
from dialer.live import SIMULATED_COMMANDS, WORKING_ENTRY, alive_key, events_stream, floor_key
from dialer.queues import DIAL
from telesales import clock
from telesales.calls.models import CallAttempt
from telesales.compliance.models import DoNotCallScope
from telesales.compliance.service import add_entry
from telesales.config import Settings
from telesales.dialing.checks import CHECKS
from telesales.dialing.ports import DatabaseCampaigns
from telesales.dialing.workers import make_worker, prepare
from telesales.extensions import db, read_only
from telesales.leads.models import Lead
from telesales.tenancy.scope import every_client
from tests.factories_dialing import make_dialing_campaign, make_waiting_lead, put_agents_on_floor

WORKERS = 3
LEADS = 40


@pytest.fixture(autouse=True)
def everything(app: Flask) -> Iterator[None]:
    with every_client():
        yield


@pytest.fixture
def carrier(redis_server: redis.Redis) -> redis.Redis:
    """A carrier that is there and writes commands down."""
    redis_server.set(alive_key("carrier", "simulated"), "1")
    return redis_server


@pytest.fixture
def jobs(settings: Settings) -> Iterator[redis.Redis]:
    connection = redis.Redis.from_url(settings.redis_url)
    yield connection
    connection.close()


def asked(server: redis.Redis) -> list[int]:
    """Attempts that the carrier was asked to dial, in order."""
    entries = server.xrange(SIMULATED_COMMANDS)
    return [int(fields["attempt"]) for _id, fields in entries if fields["command"] == "place"]


def events(server: redis.Redis, campaign_id: int) -> list[Event]:
    entries = server.xrange(events_stream(campaign_id))
    return [Event.from_fields(fields, stream_id) for stream_id, fields in entries]


def reserve(app: Flask, server: redis.Redis, *, leads: int = 1) -> tuple[int, list[int]]:
    campaign = make_dialing_campaign(leads=leads)
    put_agents_on_floor(server, campaign)
    campaign_id = campaign.id
    found = DatabaseCampaigns(app).reserve_leads(campaign_id, leads, decision={})
    db.session.remove()
    return campaign_id, [reservation.attempt_id for reservation in found]


def queue_more(jobs: redis.Redis, attempt_id: int, times: int) -> None:
    """The same job several times, as after a sweep that was mistaken."""
    for _time in range(times):
        Queue(DIAL.name, connection=jobs).enqueue(place_call, attempt_id, result_ttl=0)


def work(app: Flask) -> None:
    prepare(app)
    make_worker(app, DIAL).work(burst=True, logging_level=None)


def test_job_asks_the_carrier_and_tells_the_floor(app, carrier, jobs):
    campaign_id, (attempt_id,) = reserve(app, carrier)
    queue_calls(jobs, [attempt_id])

    work(app)

    assert asked(carrier) == [attempt_id]
    (placed,) = events(carrier, campaign_id)
    assert (placed.kind, placed.attempt_id) == (EventKind.CALL_PLACED, attempt_id)


def test_job_that_runs_twice_dials_once(app, carrier, jobs):
    _campaign, (attempt_id,) = reserve(app, carrier)
    queue_more(jobs, attempt_id, 2)

    work(app)

    assert asked(carrier) == [attempt_id]


def test_refusal_is_told_with_its_rule(app, carrier, jobs):
    campaign_id, (attempt_id,) = reserve(app, carrier)
    carrier.hset(floor_key(campaign_id), WORKING_ENTRY, 0)
    queue_calls(jobs, [attempt_id])

    work(app)

    assert asked(carrier) == []
    (refused,) = events(carrier, campaign_id)
    assert (refused.kind, refused.data["rule"]) == (EventKind.CALL_REFUSED, "agent_there")


def test_carrier_that_is_away_leaves_the_call_for_the_engine(app, redis_server, jobs):
    campaign_id, (attempt_id,) = reserve(app, redis_server)
    queue_calls(jobs, [attempt_id])

    work(app)

    assert asked(redis_server) == []
    assert events(redis_server, campaign_id) == []
    assert db.session.get(CallAttempt, attempt_id).state == "originating"
    assert FailedJobRegistry(DIAL.name, connection=jobs).count == 0


def test_job_that_slept_since_the_rules_were_looked_at_does_not_dial(app, carrier, jobs):
    """A machine was suspended in the evening and woke in the night, between the claim and the carrier."""
    _campaign, (attempt_id,) = reserve(app, carrier)
    prepare(app)

    with clock.freeze(clock.now() - timedelta(hours=9)):  # of the rules; the carrier is asked now
        place_call(attempt_id)

    assert asked(carrier) == []
    assert db.session.get(CallAttempt, attempt_id).state == "originating"  # the engine takes it back


def test_job_that_waited_too_long_does_not_dial(app, carrier, jobs):
    _campaign, (attempt_id,) = reserve(app, carrier)
    queue_calls(jobs, [attempt_id])
    (job,) = Queue(DIAL.name, connection=jobs).jobs
    jobs.delete(job.key)  # as its time to live does

    work(app)

    assert asked(carrier) == []


def test_workers_never_dial_what_is_forbidden(app, carrier, jobs, settings):
    """Lists, hours, agents and campaigns change while several workers dial: every call that was asked for was allowed."""
    rng = random.Random(7)
    campaign = make_dialing_campaign(leads=0, max_attempts=99)
    put_agents_on_floor(carrier, campaign)
    campaign_id, client_id = campaign.id, campaign.client_id
    lead_ids = [make_waiting_lead(campaign).id for _ in range(LEADS)]
    db.session.commit()
    ports = DatabaseCampaigns(app)
    found = ports.reserve_leads(campaign_id, LEADS, decision={})
    reserved = {reservation.lead_id: reservation for reservation in found}
    db.session.remove()
    forbidden: set[int] = set()
    workers = [start_worker(settings) for _ in range(WORKERS)]
    try:
        for turn, lead_id in enumerate(lead_ids):
            attempt_id = reserved[lead_id].attempt_id
            db.session.get_one(CallAttempt, attempt_id).reserved_at = clock.now()  # of its turn
            spoil(rng.choice(SPOILERS), lead_id, client_id, forbidden, attempt_id)
            agents = rng.random() > 0.1
            carrier.hset(floor_key(campaign_id), WORKING_ENTRY, int(agents))
            if not agents:
                forbidden.add(attempt_id)
            queue_more(jobs, attempt_id, rng.randint(1, 3))
            wait_until_decided(attempt_id, turn)
    finally:
        for worker in workers:
            worker.terminate()
            worker.wait()

    dialed = asked(carrier)
    assert not set(dialed) & forbidden
    assert sorted(dialed) == sorted({r.attempt_id for r in found} - forbidden)
    assert max(Counter(dialed).values()) == 1
    states = db.session.execute(select(CallAttempt.id, CallAttempt.state, CallAttempt.checks)).all()
    assert {attempt for attempt, state, _checks in states if state == "ended"} == forbidden
    assert all(len(checks) == len(CHECKS) for _attempt, _state, checks in states)


SPOILERS = ("nothing", "nothing", "list", "zone", "decided")


def spoil(how: str, lead_id: int, client_id: int, forbidden: set[int], attempt_id: int) -> None:
    lead = db.session.get(Lead, lead_id)
    if how == "list":
        add_entry(number=lead.number, scope=DoNotCallScope.CLIENT, client_id=client_id, source="test")
    elif how == "zone":
        lead.zone_key = ""
    elif how == "decided":
        lead.dial_state, lead.done_reason = "done", "sale"
    if how != "nothing":
        forbidden.add(attempt_id)
    db.session.commit()
    db.session.remove()


def wait_until_decided(attempt_id: int, turn: int) -> None:
    deadline = clock.now() + timedelta(seconds=60)
    pause = threading.Event()
    while True:
        with read_only():
            state = db.session.scalar(select(CallAttempt.state).where(CallAttempt.id == attempt_id))
            db.session.remove()
        if state != "reserved":
            return
        assert clock.now() < deadline, f"turn {turn}: nobody came for {attempt_id}"
        pause.wait(0.005)


def start_worker(settings: Settings) -> subprocess.Popen:
    environment = {
        "DATABASE_URL": settings.database_url,
        "REDIS_URL": settings.redis_url,
        "DATA_DIR": str(settings.data_dir),
        "SECRET_KEY": settings.secret_key,
        "LOG_LEVEL": "ERROR",
    }
    command = [sys.executable, "-m", "telesales.processes.child", "worker", DIAL.name]
    return subprocess.Popen(command, env={**os.environ, **environment})


def test_place_call_is_what_is_queued(jobs, redis_server):
    queue_calls(jobs, [5])

    (job,) = Queue(DIAL.name, connection=jobs).jobs
    assert (job.func_name, job.args) == (f"{place_call.__module__}.place_call", (5,))
    assert job.retries_left is None


def test_job_on_its_way_is_not_queued_again_but_a_lost_one_is(jobs, redis_server):
    queue_calls(jobs, [5])
    queue_again(jobs, 5)
    assert Queue(DIAL.name, connection=jobs).count == 1

    Queue(DIAL.name, connection=jobs).empty()
    queue_again(jobs, 5)
    assert Queue(DIAL.name, connection=jobs).count == 1
