"""The push process and a browser that listens to it, for tests."""

import contextlib
import http.client
import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from typing import NamedTuple

from telesales.push import signing
from tests.servers import free_port

KEY = "secret of the tests, nowhere else"
PATIENCE_S = 40  # beats come every ten seconds; nothing here claims a time


class Heard(NamedTuple):
    """One server-sent event."""

    event: str
    data: object
    id: str


class PushProcess:
    """A running push server."""

    def __init__(self, port: int, process: subprocess.Popen) -> None:
        self.port, self.process = port, process

    def health(self) -> int:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=2) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return 0

    def listen(self, *topics: str, last: str = "", token: str | None = None, **headers: str) -> "Ear":
        token = signing.sign(topics, KEY) if token is None else token
        return Ear(self.port, urllib.parse.urlencode({"token": token, "last": last}), headers)


class Ear:
    """One open stream."""

    def __init__(self, port: int, query: str, headers: dict[str, str]) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
        self.connection.request("GET", f"/events?{query}", headers=headers)
        self.answer = self.connection.getresponse()

    def next(self) -> Heard:
        """Wait for the next event."""
        fields: dict[str, str] = {}
        while True:
            line = self.answer.readline()
            if not line:
                raise EOFError("the stream has ended")
            name, _, value = line.decode().rstrip("\n").partition(": ")
            if name:
                fields[name] = value
            elif fields:
                return Heard(fields["event"], json.loads(fields["data"]), fields.get("id", ""))

    def next_named(self, event: str) -> Heard:
        while (heard := self.next()).event != event:
            pass
        return heard

    def close(self) -> None:
        self.answer.close()
        self.connection.close()


@contextlib.contextmanager
def run_push(redis_url: str, port: int | None = None, public_url: str = "") -> Iterator[PushProcess]:
    port = port or free_port()
    environ = os.environ | {
        "PUSH_PORT": str(port), "HOST": "127.0.0.1", "REDIS_URL": redis_url, "SECRET_KEY": KEY, "PUBLIC_URL": public_url,
    }  # fmt: skip
    process = subprocess.Popen([sys.executable, "-m", "telesales.push.server"], env=environ)
    push = PushProcess(port, process)
    try:
        wait_until(lambda: push.health() == 200)
        yield push
    finally:
        process.terminate()
        process.wait(PATIENCE_S)


def wait_until(is_so, seconds: float = PATIENCE_S) -> None:
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, "it did not come about"
        time.sleep(0.01)
