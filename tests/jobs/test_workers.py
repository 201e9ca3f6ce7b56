"""Workers run jobs inside the application, forked or not."""

import os

import pytest
import redis
from flask import Flask, current_app
from rq import Queue

from dialer.jobs import connected_world
from dialer.queues import IMPORT, QUEUES, REPORT, SETTLE, QueuePolicy
from telesales.dialing.workers import AppWorker, InProcessWorker, make_worker, prepare
from telesales.extensions import db
from telesales.tenancy.scope import every_client
from tests.factories_agents import make_user
from tests.factories_calls import make_attempt

SETTLE_CALL = "telesales.dialing.jobs.settle_call"


@pytest.mark.parametrize("policy", [IMPORT, SETTLE], ids=lambda policy: policy.name)
def test_job_of_a_worker_reaches_the_database(app: Flask, policy: QueuePolicy) -> None:
    with every_client():
        attempt = make_attempt(make_user(), state="ended", result="busy", connected_at=None)
        db.session.commit()
        attempt_id = attempt.id
        db.session.remove()
        connection = redis.Redis.from_url(app.config["TELESALES"].redis_url)
        Queue(policy.name, connection=connection).enqueue(SETTLE_CALL, attempt_id, result_ttl=0)

        prepare(app)
        make_worker(app, policy).work(burst=True, logging_level=None)

        assert db.session.get(type(attempt), attempt_id).settled_at is not None


@pytest.mark.parametrize("policy", QUEUES, ids=lambda policy: policy.name)
def test_fast_queues_run_in_the_worker_and_long_ones_in_a_child(app: Flask, policy: QueuePolicy) -> None:
    kind = InProcessWorker if policy.in_process else AppWorker

    worker = make_worker(app, policy)

    assert type(worker) is kind
    assert [queue.name for queue in worker.queues] == [policy.name]
    assert worker.worker_ttl <= 30


def test_reports_step_back_behind_calls(app: Flask) -> None:
    connection = redis.Redis.from_url(app.config["TELESALES"].redis_url)
    before = os.nice(0)
    job = Queue(REPORT.name, connection=connection).enqueue("os.nice", 0, result_ttl=60)

    make_worker(app, REPORT).work(burst=True, logging_level=None)

    assert job.return_value(refresh=True) == min(19, before + REPORT.nice) > before
    assert os.nice(0) == before
    connection.close()


def test_dialer_is_connected_with_the_application(app: Flask) -> None:
    prepare(app)

    world = connected_world()

    assert world.redis is current_app.extensions["redis"]
    assert world.placer_for("simulated")
