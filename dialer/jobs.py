"""The RQ job that places a call, and how it is queued. Safe to run twice and to die at any line."""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import redis
from rq import Queue
from rq.job import Job

from dialer import clock
from dialer.events import Event, EventKind
from dialer.live import post_event
from dialer.ports import (
    CallPlacer,
    CallTaker,
    Campaigns,
    CarrierUnavailableError,
    InboundCalls,
    PlaceOrder,
    Refusal,
    RingingIn,
)
from dialer.queues import DIAL

log = logging.getLogger(__name__)
ALLOWED_SECONDS = 10.0  # a machine that slept between the rules and the carrier wakes at another hour
QUEUED_SECONDS = 30  # a job that waited longer is of no use: the engine has given its call up


@dataclass(frozen=True, slots=True)
class World:
    """What the job needs from outside; composed once per worker process."""

    campaigns: Campaigns
    placer_for: Callable[[str], CallPlacer]
    redis: redis.Redis
    inbound: "Inbound | None" = None  # without it nobody who rings us is taken


@dataclass(frozen=True, slots=True)
class Inbound:
    """What the job of a call that rings in needs."""

    calls: InboundCalls
    taker_for: Callable[[str], CallTaker]


class NotConnectedError(Exception):
    """The worker was started without a world."""


_connected: list[World] = []


def connect(world: World) -> None:
    """Tell this process whom its jobs work for."""
    _connected[:] = [world]


def connected_world() -> World:
    """Return the world of this process."""
    if not _connected:
        raise NotConnectedError("dialer.jobs.connect was not called in this process")
    return _connected[0]


def place_call(attempt_id: int) -> None:
    """Claim the attempt, ask the carrier, tell the floor. Whoever finds it claimed leaves it alone."""
    world = connected_world()
    answer = world.campaigns.claim_attempt(attempt_id)
    if isinstance(answer, Refusal):
        data = {"rule": answer.rule, "reason": answer.reason}
        _tell(world, EventKind.CALL_REFUSED, answer.campaign_id, attempt_id, data)
    elif isinstance(answer, PlaceOrder):
        _ask_carrier(world, answer)


def _ask_carrier(world: World, order: PlaceOrder) -> None:
    if order.allowed_at is not None and clock.now() - order.allowed_at > ALLOWED_SECONDS:
        log.warning("call not placed: it was allowed too long ago", extra={"attempt": order.attempt_id})
        return  # the engine takes it back, as below
    try:
        world.placer_for(order.carrier).place_call(order)
    except CarrierUnavailableError as error:
        # The engine finds the call after seconds and releases it. Doing it here would dial and fail without end.
        log.warning("call not placed: %s", error, extra={"attempt": order.attempt_id})
        return
    _tell(world, EventKind.CALL_PLACED, order.campaign_id, order.attempt_id, {})


def _tell(world: World, kind: EventKind, campaign_id: int, attempt_id: int, data: dict[str, str]) -> None:
    post_event(world.redis, Event(kind, clock.now(), campaign_id, attempt_id=attempt_id, data=data))


def take_inbound_call(carrier: str, call_id: str, number: str, dialed: str, at: float) -> None:
    """Somebody rings us: find out who for, and tell the carrier. Queued by `dialer.carriers.announcing`."""
    inbound = connected_world().inbound
    if inbound is None:
        return
    order = inbound.calls.take(RingingIn(carrier, call_id, number, dialed, at))
    taker = inbound.taker_for(carrier)
    if order is None:
        log.info("nobody takes the call %s to %s", call_id, dialed)
        taker.refuse_call(call_id)
    else:
        taker.take_call(order)


def queue_calls(connection: redis.Redis, attempt_ids: Iterable[int]) -> None:
    """Queue one job per attempt. `connection` gives bytes, as RQ wants it. No retry: the floor looks after its calls."""
    jobs = [
        Queue.prepare_data(
            place_call,
            (attempt_id,),
            job_id=job_id(attempt_id),
            timeout=DIAL.timeout,
            result_ttl=0,
            ttl=QUEUED_SECONDS,
            failure_ttl=DIAL.failure_ttl,
            description=f"place_call({attempt_id})",
        )
        for attempt_id in attempt_ids
    ]
    if jobs:
        Queue(DIAL.name, connection=connection).enqueue_many(jobs)


def queue_again(connection: redis.Redis, attempt_id: int) -> None:
    """Queue a job whose attempt nobody came for, unless it is still on its way."""
    if not Job.exists(job_id(attempt_id), connection=connection):
        queue_calls(connection, [attempt_id])


def job_id(attempt_id: int) -> str:
    """Name of the job of an attempt."""
    return f"call-{attempt_id}"
