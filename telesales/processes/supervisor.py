"""Starts processes, restarts those that die, and leaves none behind."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

PR_SET_PDEATHSIG = 1
STOP_SECONDS = 8.0
MAX_DELAY_SECONDS = 5.0
STABLE_SECONDS = 20.0
MAX_LOG_BYTES = 10 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Program:
    """One process to keep alive. Lower `stop_order` is stopped first."""

    name: str
    command: Sequence[str]
    stop_order: int = 0
    environment: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Child:
    """A program and its running process."""

    program: Program
    process: subprocess.Popen[bytes]
    started: float
    deaths: int = 0
    restart_at: float | None = None


class Supervisor:
    """Keeps programs running until it is told to stop."""

    def __init__(self, log_dir: Path, environment: Mapping[str, str]) -> None:
        self.log_dir, self.environment = log_dir, dict(environment)
        self.children: list[Child] = []
        log_dir.mkdir(parents=True, exist_ok=True)

    def start(self, program: Program) -> Child:
        """Start a program and keep it alive from now on."""
        child = Child(program, self._spawn(program), time.monotonic())
        self.children.append(child)
        return child

    def _spawn(self, program: Program) -> subprocess.Popen[bytes]:
        path = self.log_dir / f"{program.name}.log"
        if path.exists() and path.stat().st_size > MAX_LOG_BYTES:
            path.replace(path.with_suffix(".log.1"))
        with path.open("ab") as log:
            return subprocess.Popen(  # noqa: S603
                program.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env={**os.environ, **self.environment, **program.environment},
                start_new_session=True,  # Ctrl-C reaches the supervisor alone, which stops them in order
                preexec_fn=_die_with_parent if sys.platform == "linux" else None,
            )

    def look_after(self) -> list[str]:
        """Restart what died; returns a sentence for each death."""
        return [sentence for child in self.children if (sentence := self._look_after(child))]

    def _look_after(self, child: Child) -> str | None:
        now = time.monotonic()
        if child.restart_at is not None:
            if now >= child.restart_at:
                child.process, child.started, child.restart_at = self._spawn(child.program), now, None
            return None
        status = child.process.poll()
        if status is None:
            return None
        child.deaths = 1 if now - child.started > STABLE_SECONDS else child.deaths + 1
        delay = 0.0 if child.deaths == 1 else min(MAX_DELAY_SECONDS, 0.25 * 2**child.deaths)
        child.restart_at = now + delay
        return f"{child.program.name} ended ({_how(status)}), started again; see {self.log_dir / child.program.name}.log"

    def stop(self) -> None:
        """Stop all in their order: ask, wait, then kill; whole process groups, so that no grandchild stays."""
        for order in sorted({child.program.stop_order for child in self.children}):
            group = [child for child in self.children if child.program.stop_order == order]
            for child in group:
                _signal_group(child.process, signal.SIGTERM)
            deadline = time.monotonic() + STOP_SECONDS
            for child in group:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    child.process.wait(max(0.1, deadline - time.monotonic()))
                _signal_group(child.process, signal.SIGKILL)
                child.process.wait()
        self.children.clear()


def _signal_group(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    try:
        os.killpg(process.pid, number)
    except (ProcessLookupError, PermissionError):
        return


def _die_with_parent() -> None:
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _how(status: int) -> str:
    return f"signal {-status}" if status < 0 else f"exit {status}"
