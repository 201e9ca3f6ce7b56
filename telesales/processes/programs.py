"""The processes of a floor, in one table."""

import sys

from dialer.queues import QUEUES
from telesales.config import Settings
from telesales.processes.supervisor import Program

REDIS_ORDER = 9  # everything else needs it while stopping


def programs(settings: Settings) -> list[Program]:
    """Return what a floor on this machine consists of, Redis apart."""
    found = [
        Program("web", _web(settings)),
        Program("push", _module("telesales.push.server")),
        Program("carrier", _module("dialer.carriers.simulated"), stop_order=1),
        Program("recorder", _child("recorder"), stop_order=2),
        Program("clock", _child("clock")),
        Program("demo", _child("demo")),  # rests while there are no simulated agents
    ]
    if settings.telephony_file:
        found.append(Program("asterisk", _module("dialer.carriers.asterisk.gateway"), stop_order=1))
    found += [Program(f"engine-{n}", _child("engine"), stop_order=1) for n in range(1, settings.engines + 1)]
    for queue in QUEUES:
        count = settings.dial_workers if queue.name == "dial" else 1
        found += [
            Program(f"worker-{queue.name}-{n}", _child("worker", queue.name)) for n in range(1, count + 1)
        ]
    return found


def _web(settings: Settings) -> tuple[str, ...]:
    return (
        *_module("gunicorn"), "wsgi:app", "--bind", f"{settings.host}:{settings.port}", "--worker-class", "gthread",
        "--workers", "2", "--threads", str(settings.web_threads), "--timeout", "60", "--graceful-timeout", "5",
        "--worker-tmp-dir", "/dev/shm" if sys.platform == "linux" else "/tmp",  # noqa: S108
        "--no-control-socket",
    )  # fmt: skip


def _module(name: str) -> tuple[str, ...]:
    return (sys.executable, "-m", name)


def _child(*words: str) -> tuple[str, ...]:
    return (*_module("telesales.processes.child"), *words)
