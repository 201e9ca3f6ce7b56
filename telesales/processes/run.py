"""`make run`: everything of a floor on this machine, in one command and without a question."""

import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TypeVar
from urllib.error import URLError
from urllib.request import urlopen

from flask_migrate import upgrade

from telesales.app import create_app
from telesales.config import ConfigurationError, Settings, secret_key_of, settings_from
from telesales.processes import bundled_redis, first_start, preflight
from telesales.processes.programs import REDIS_ORDER, programs
from telesales.processes.supervisor import Program, Supervisor

T = TypeVar("T")
READY_SECONDS = 90
LOOK_SECONDS = 0.25


def main() -> int:
    """Bring the floor up, keep it up, take it down. Returns the exit status."""
    try:
        settings = settings_from()
        lock = preflight.check(settings)
    except (preflight.PreflightError, ConfigurationError) as error:
        say(f"\nTelesales cannot start: {error}\n")
        return 1
    stopping = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: stopping.set())
    supervisor = Supervisor(settings.data_dir / "log", {})
    try:
        return run(settings, supervisor, stopping)
    except preflight.PreflightError as error:
        say(f"\nTelesales cannot start: {error}\n")
        return 1
    finally:
        say("\nStopping …")
        supervisor.stop()
        lock.close()
        say("Stopped. Nothing is left running; the data is kept.")


def run(settings: Settings, supervisor: Supervisor, stopping: threading.Event) -> int:
    """Start the parts in order and look after them."""
    say(f"Telesales · data in {settings.data_dir.resolve()}")
    settings = step("Redis", lambda: start_redis(settings, supervisor))
    supervisor.environment.update(environment_of(settings))
    app = create_app(settings)
    logging.getLogger("alembic").setLevel(logging.WARNING)
    with app.app_context():
        step("Database", lambda: upgrade(directory=str(Path("migrations").resolve())))
        links = step("Scripts and people", lambda: first_start.prepare(settings))
    for program in programs(settings):
        supervisor.start(program)
    ready = step("Everything else", lambda: wait_until_ready(settings, supervisor, stopping))
    if not ready and not stopping.is_set():
        say(
            f"  Not all is ready after {READY_SECONDS} s: see {address(settings)}/healthz and {supervisor.log_dir}"
        )
    if not stopping.is_set():
        show_links(settings, links)
    while not stopping.wait(LOOK_SECONDS):
        for sentence in supervisor.look_after():
            say(f"  {sentence}")
    return 0


def start_redis(settings: Settings, supervisor: Supervisor) -> Settings:
    """Start the bundled server unless one is named."""
    if settings.redis_url:
        return settings
    bundled = bundled_redis.prepare(settings.data_dir)
    supervisor.start(Program("redis", bundled.command, stop_order=REDIS_ORDER))
    bundled_redis.wait_until_up(bundled.url)
    return replace(settings, redis_url=bundled.url)


def environment_of(settings: Settings) -> dict[str, str]:
    """Return what the processes are told; they read the rest from the environment themselves."""
    return {
        "REDIS_URL": settings.redis_url,
        "DATABASE_URL": settings.database,
        "DATA_DIR": str(settings.data_dir),
        "SECRET_KEY": secret_key_of(settings),
        "PYTHONUNBUFFERED": "1",
    }


def wait_until_ready(settings: Settings, supervisor: Supervisor, stopping: threading.Event) -> bool:
    """Wait for /healthz; tell what died meanwhile."""
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline and not stopping.wait(LOOK_SECONDS):
        for sentence in supervisor.look_after():
            say(f"  {sentence}")
        if is_ready(settings):
            return True
    return False


def is_ready(settings: Settings) -> bool:
    """Ask the web server whether every part is alive."""
    try:
        with urlopen(f"{address(settings)}/healthz", timeout=2) as answer:  # noqa: S310 - our own address
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False


def address(settings: Settings) -> str:
    """Return how a browser on this machine reaches the web server."""
    if settings.public_url:
        return settings.public_url.rstrip("/")
    host = "127.0.0.1" if settings.host in ("0.0.0.0", "::", "") else settings.host  # noqa: S104
    return f"http://{host}:{settings.port}"


def show_links(settings: Settings, links: list[first_start.Link]) -> None:
    """Print one link per person, and the whiteboard's."""
    say("\nReady. Each sign-in link works once, within the hour; Ctrl-C stops everything.\n")
    width = max((len(link.label) for link in links), default=0)
    for link in links:
        say(f"  {link.label.ljust(width)}  {address(settings)}{link.path}")
    say(f"\n  {'Start page'.ljust(width)}  {address(settings)}/\n")


def step(name: str, work: Callable[[], T]) -> T:
    """Do one part of the start and tell how long it took."""
    sys.stdout.write(f"  {name} … ")
    sys.stdout.flush()
    started = time.monotonic()
    result = work()
    say(f"{time.monotonic() - started:.1f} s")
    return result


def say(text: str) -> None:
    """Tell the person at the terminal."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    os.umask(0o077)
    sys.exit(main())
