import os
import sys
import time
from pathlib import Path

import pytest

import telesales.processes.supervisor as module
from telesales.processes.supervisor import Program, Supervisor

FOREVER = (sys.executable, "-c", "import time; print('up', flush=True); time.sleep(1000)")


def wait_for(condition, seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_program_that_is_killed_is_started_again(tmp_path: Path) -> None:
    supervisor = Supervisor(tmp_path, {})
    child = supervisor.start(Program("worker", FOREVER))
    first = child.process.pid
    os.kill(first, 9)
    said: list[str] = []

    def restarted() -> bool:
        said.extend(supervisor.look_after())
        return child.process.pid != first

    wait_for(restarted)
    assert "worker ended (signal 9), started again" in said[0]
    supervisor.stop()


def test_program_that_dies_at_once_is_not_started_in_a_hot_loop(tmp_path: Path) -> None:
    supervisor = Supervisor(tmp_path, {})
    child = supervisor.start(Program("broken", (sys.executable, "-c", "raise SystemExit(3)")))

    wait_for(lambda: bool(supervisor.look_after()) and child.deaths >= 3)

    assert child.restart_at is not None
    assert child.restart_at - child.started >= 2.0  # after the third death, however late it was seen
    supervisor.stop()


def test_stop_leaves_no_process_behind_not_even_a_stubborn_grandchild(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "STOP_SECONDS", 0.2)
    code = (
        "import signal, subprocess, sys; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
        "child = subprocess.Popen([sys.executable, '-c', 'import signal, time; signal.signal(15, signal.SIG_IGN); time.sleep(1000)']);"
        "print(child.pid, flush=True); child.wait()"
    )
    supervisor = Supervisor(tmp_path, {})
    child = supervisor.start(Program("stubborn", (sys.executable, "-c", code)))
    log = tmp_path / "stubborn.log"
    wait_for(lambda: log.exists() and log.read_text().strip())
    pids = (child.process.pid, int(log.read_text()))

    supervisor.stop()

    wait_for(lambda: not any(map(is_alive, pids)))
