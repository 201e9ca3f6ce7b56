"""RQ workers: one queue each, short timeouts, the application loaded once."""

import logging
import os
from typing import Any

import redis
from flask import Flask
from rq import Queue, SimpleWorker, Worker
from rq.job import Job
from sqlalchemy import text

from dialer.carriers import PLACERS, TAKERS, make_placer, make_taker
from dialer.jobs import Inbound, World, connect
from dialer.queues import QUEUES, QueuePolicy
from telesales.dialing.ports import DatabaseCampaigns, DatabaseInbound
from telesales.extensions import db, read_only

log = logging.getLogger(__name__)
POLICIES = {policy.name: policy for policy in QUEUES}
WORKER_SECONDS = 20
MAINTENANCE_SECONDS = 5
MONITORING_SECONDS = 2


class AppWorker(Worker):
    """Forks for each job; the child opens its own database connections."""

    max_connection_wait_time = 1.0
    app: Flask

    def perform_job(self, job: Job, queue: Queue, *rest: Any, **more: Any) -> Any:
        """Run a job inside the application."""
        os.nice(POLICIES[queue.name].nice)  # of the child alone: it ends with the job
        with self.app.app_context():
            db.engine.dispose(close=False)
            return super().perform_job(job, queue, *rest, **more)


class InProcessWorker(SimpleWorker):
    """Runs jobs in its own process: they start within milliseconds."""

    max_connection_wait_time = 1.0
    app: Flask

    def perform_job(self, job: Job, queue: Queue, *rest: Any, **more: Any) -> Any:
        """Run a job inside the application."""
        with self.app.app_context():
            return super().perform_job(job, queue, *rest, **more)


def make_worker(app: Flask, policy: QueuePolicy) -> AppWorker | InProcessWorker:
    """Return a worker of one queue."""
    connection = redis.Redis.from_url(app.config["TELESALES"].redis_url or "redis://127.0.0.1:6379/0")
    kind = InProcessWorker if policy.in_process else AppWorker
    worker = kind(
        [Queue(policy.name, connection=connection)],
        connection=connection,
        worker_ttl=WORKER_SECONDS,
        maintenance_interval=MAINTENANCE_SECONDS,
        job_monitoring_interval=MONITORING_SECONDS,
    )
    worker.app = app
    return worker


def prepare(app: Flask) -> None:
    """Connect the dialer's jobs with the application, and open what the first job would otherwise wait for."""
    logging.getLogger("rq").setLevel(logging.WARNING)  # it says three lines for each job
    client: redis.Redis = app.extensions["redis"]
    placers = {name: make_placer(name, client) for name in PLACERS}
    takers = {name: make_taker(name, client) for name in TAKERS}
    inbound = Inbound(DatabaseInbound(app), takers.__getitem__)
    connect(World(DatabaseCampaigns(app), placers.__getitem__, client, inbound))
    with app.app_context(), read_only():
        db.session.execute(text("select 1"))
