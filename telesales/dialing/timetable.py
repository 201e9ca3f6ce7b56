"""The clock: one leader among the processes that are started puts jobs into their queues; it does nothing else."""

import logging
import threading
from collections.abc import Iterable
from dataclasses import dataclass

import redis
from apscheduler.schedulers.background import BackgroundScheduler
from flask import Flask
from rq import Queue
from rq.exceptions import DuplicateJobError

from dialer.queues import QUEUES
from telesales.dialing.lease import Lease

log = logging.getLogger(__name__)
LEASE_KEY = "ts:clock:lease"
RENEW_SECONDS = 1.0
POLICIES = {policy.name: policy for policy in QUEUES}


@dataclass(frozen=True, slots=True)
class Every:
    """A function without arguments, by name, and the queue that it is put into every so many seconds."""

    function: str
    queue: str
    seconds: int


class Timetable:
    """Keeps the scheduler running while this process is the leader."""

    def __init__(self, app: Flask, entries: Iterable[Every]) -> None:
        self._entries = list(entries)
        self._jobs = redis.Redis.from_url(app.config["TELESALES"].redis_url or "redis://127.0.0.1:6379/0")
        self._lease = Lease(app.extensions["redis"], LEASE_KEY)
        self._scheduler: BackgroundScheduler | None = None

    def run(self, stopping: threading.Event) -> None:
        """Lead whenever nobody else does, until told to stop."""
        while not stopping.is_set():
            self._set_leading(self._is_leader())
            stopping.wait(RENEW_SECONDS)
        self._set_leading(False)
        if self._is_leader():
            self._lease.leave()

    def _is_leader(self) -> bool:
        try:
            return self._lease.take()
        except redis.RedisError as error:
            log.warning("the clock waits: %s", error)
            return False

    def _set_leading(self, leading: bool) -> None:
        if leading and self._scheduler is None:
            logging.getLogger("apscheduler").setLevel(logging.WARNING)
            self._scheduler = BackgroundScheduler(timezone="UTC")
            for entry in self._entries:
                self._scheduler.add_job(
                    self.put, "interval", (entry,), seconds=entry.seconds, coalesce=True, max_instances=1
                )
            self._scheduler.start()
            log.info("the clock leads with %s entries", len(self._entries))
        elif not leading and self._scheduler is not None:
            self._scheduler.shutdown(wait=False)
            self._scheduler = None

    def put(self, entry: Every) -> None:
        """Put a job into its queue unless the last one is still there."""
        policy = POLICIES[entry.queue]
        try:
            Queue(entry.queue, connection=self._jobs).enqueue(
                entry.function,
                job_id="clock-" + entry.function.replace(".", "-"),
                unique=True,
                job_timeout=policy.timeout,
                result_ttl=0,  # a record that stayed would keep the name taken
                failure_ttl=0,
                ttl=max(60, 2 * entry.seconds),
            )
        except DuplicateJobError:
            log.debug("%s is still queued", entry.function)
        except redis.RedisError as error:
            log.warning("%s could not be queued: %s", entry.function, error)
