"""The processes of dialing as functions. Each ends cleanly on SIGTERM and says that it is alive."""

import asyncio
import contextlib
import logging
import os
import signal
import socket
import threading
from collections.abc import Iterable, Iterator

import redis
from flask import Flask

from dialer.engine.engine import run_until_told
from dialer.engine.outside import Outside
from dialer.live import alive_key
from telesales import clock
from telesales.dialing.ports import DatabaseCallLog, DatabaseCampaigns
from telesales.dialing.recorder import Recorder
from telesales.dialing.timetable import Every, Timetable
from telesales.dialing.workers import POLICIES, make_worker, prepare

log = logging.getLogger(__name__)
ALIVE_SECONDS = 10
PULSE_SECONDS = 2.0


def run_engine(app: Flask) -> None:
    """Lead campaigns."""
    url = app.config["TELESALES"].redis_url or "redis://127.0.0.1:6379/0"
    asyncio.run(run_until_told(Outside(DatabaseCampaigns(app), DatabaseCallLog(app), url)))


def run_recorder(app: Flask) -> None:
    """Write facts down."""
    with pulse(app, "recorder"):
        Recorder(app).run(stop_on_signal())


def run_clock(app: Flask, timetable: Iterable[Every]) -> None:
    """Put jobs into their queues by the clock."""
    with pulse(app, "clock"):
        Timetable(app, timetable).run(stop_on_signal())


def run_worker(app: Flask, queue: str) -> None:
    """Work one queue."""
    prepare(app)
    with pulse(app, f"worker-{queue}"):
        make_worker(app, POLICIES[queue]).work(logging_level=None)


def stop_on_signal() -> threading.Event:
    """Return an event that SIGTERM or SIGINT sets."""
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    return stopping


@contextlib.contextmanager
def pulse(app: Flask, part: str) -> Iterator[None]:
    """Say every two seconds that this process lives."""
    done = threading.Event()
    thread = threading.Thread(target=_beat, args=(app.extensions["redis"], part, done), daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()


def _beat(client: redis.Redis, part: str, done: threading.Event) -> None:
    key = alive_key(part, f"{socket.gethostname()}:{os.getpid()}")
    while True:
        with contextlib.suppress(redis.RedisError):
            client.set(key, repr(clock.now().timestamp()), ex=ALIVE_SECONDS)
        if done.wait(PULSE_SECONDS):
            break
    with contextlib.suppress(redis.RedisError):
        client.delete(key)
