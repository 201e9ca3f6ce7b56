"""Processes that a test has killed with -9: `python -m tests.crashing_… SETTINGS …`."""

import json
import os
import signal
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

from flask import Flask

from telesales.app import create_app
from telesales.config import Settings


def see_die(module: str, settings: Settings, *words: object) -> None:
    """Start the module on the test's floor; it has to die before it comes to its end."""
    told = json.dumps({**asdict(settings), "data_dir": str(settings.data_dir)})
    killed = subprocess.run(
        [sys.executable, "-m", f"tests.{module}", told, *map(str, words)], timeout=60, check=False
    )
    assert killed.returncode == -signal.SIGKILL


def app_of(settings: str) -> Flask:
    """The application of the test that started this process."""
    told = json.loads(settings)
    return create_app(Settings(**{**told, "data_dir": Path(told["data_dir"])}))


def die() -> None:
    """Without a word, as at a power cut."""
    os.kill(os.getpid(), signal.SIGKILL)
