"""A whole floor as a person starts it: `python -m telesales.processes.run` in a folder of its own."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

import psutil
import pytest

from tests.servers import free_port

ROOT = Path(__file__).parents[2]


@dataclass
class Floor:
    """A running floor and its terminal."""

    data_dir: Path
    environment: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen | None = None
    port: int = 0

    def start(self) -> "Floor":
        self.port = self.port or free_port()
        environment = {
            **os.environ,
            "DATA_DIR": str(self.data_dir),
            "PORT": str(self.port),
            "PUSH_PORT": str(free_port()),
            **self.environment,
        }
        self.log = (self.data_dir.parent / f"{self.data_dir.name}.txt").open("a")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "telesales.processes.run"],
            cwd=ROOT,
            env=environment,
            stdout=self.log,
            stderr=subprocess.STDOUT,
        )
        return self

    @property
    def terminal(self) -> str:
        return Path(self.log.name).read_text()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def health(self) -> dict:
        try:
            with urlopen(f"{self.url}/healthz", timeout=20) as answer:
                return json.load(answer)
        except HTTPError as error:
            with error:
                return json.load(error)
        except (URLError, OSError):
            return {"ready": False, "parts": {}}

    def wait_until_ready(self, seconds: float = 90) -> None:
        wait_for(lambda: self.health()["ready"], seconds, lambda: f"{self.health()}\n{self.terminal}")

    def links(self) -> dict[str, str]:
        return {
            label.strip(): link
            for label, link in re.findall(r"^  (\S.*?)\s{2,}(http\S+)$", self.terminal, re.MULTILINE)
        }

    def processes(self) -> list[psutil.Process]:
        assert self.process is not None
        return psutil.Process(self.process.pid).children(recursive=True)

    def find(self, *words: str) -> list[psutil.Process]:
        """Processes whose command line holds all words."""
        return [
            process
            for process in self.processes()
            if all(word in " ".join(process.cmdline()) for word in words)
        ]

    def stop(self) -> int:
        assert self.process is not None
        self.process.send_signal(signal.SIGINT)
        status = self.process.wait(60)
        self.log.close()
        return status


def redis_of(floor: Floor) -> str:
    """Address of the Redis that a floor brought along."""
    text = (floor.data_dir / "redis" / "redis.conf").read_text()
    (port,) = re.findall(r"^port (\d+)$", text, re.MULTILINE)
    (password,) = re.findall(r"^requirepass (\S+)$", text, re.MULTILINE)
    return f"redis://:{password}@127.0.0.1:{port}/0"


WAIT_SECONDS = 60.0  # for what is certain to come, however slow the machine: no test claims a time with it


def wait_for(condition: Callable[[], object], seconds: float, say: Callable[[], str] = lambda: "") -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, say()
        time.sleep(0.05)


@pytest.fixture
def floor(tmp_path: Path) -> Iterator[Floor]:
    """An empty floor, not started; whatever is left of it is killed at the end."""
    floor = Floor(tmp_path / "data", {"DEMO": "0"})
    yield floor
    if floor.process is not None and floor.process.poll() is None:
        for process in [*floor.processes(), psutil.Process(floor.process.pid)]:
            process.kill()
        floor.process.wait()
        floor.log.close()
