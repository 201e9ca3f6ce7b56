"""How a carrier tells that somebody rings us: an RQ job, which the application answers by taking or refusing the call."""

import hashlib

import redis
from rq import Queue
from rq.job import Job

from dialer.ports import RingingIn
from dialer.queues import DIAL

TAKE_JOB = "dialer.jobs.take_inbound_call"
AGAIN_SECONDS = 2.0  # a call that is neither taken nor refused is announced again
QUEUED_SECONDS = 30


def announce(connection: redis.Redis, call: RingingIn) -> None:
    """Queue the job unless it waits already. `connection` gives bytes, as RQ wants it. Safe to repeat."""
    name = job_id(call.carrier, call.call_id)
    if Job.exists(name, connection=connection):
        return
    Queue(DIAL.name, connection=connection).enqueue(
        TAKE_JOB,
        call.carrier,
        call.call_id,
        call.number,
        call.dialed,
        call.at,
        job_id=name,
        job_timeout=DIAL.timeout,
        ttl=QUEUED_SECONDS,
        result_ttl=0,
        failure_ttl=0,  # a record that stayed would keep the name taken
        description=f"take_inbound_call({call.carrier} {call.call_id})",
    )


def job_id(carrier: str, call_id: str) -> str:
    """Name of the job of a call; a carrier may name calls with any characters."""
    return f"inbound-{carrier}-{hashlib.sha256(call_id.encode()).hexdigest()[:24]}"
