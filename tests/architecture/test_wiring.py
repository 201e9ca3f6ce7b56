"""What names something elsewhere by a string must name something that is there."""

import re
from importlib import import_module
from pathlib import Path

import pytest
from flask import Flask

from dialer.queues import QUEUES
from telesales.config import Settings
from telesales.navigation import menu
from telesales.processes.programs import programs
from telesales.processes.timetable import TIMETABLE

ROOT = Path(__file__).parents[2]
TEMPLATES = sorted((ROOT / "telesales").rglob("templates/**/*.html"))
_ENDPOINT = re.compile(r"url_for\(\s*['\"]([a-z_]+(?:\.[a-z_]+)?)['\"]")


def test_every_queue_has_a_worker() -> None:
    started = [program.command[-1] for program in programs(Settings()) if program.name.startswith("worker-")]

    assert set(started) == {queue.name for queue in QUEUES}


@pytest.mark.parametrize("entry", TIMETABLE, ids=lambda entry: entry.function)
def test_every_function_of_the_timetable_exists(entry) -> None:
    module, _, name = entry.function.rpartition(".")

    assert callable(getattr(import_module(module), name))
    assert entry.queue in {queue.name for queue in QUEUES}


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_of_a_template_leads_somewhere(path: Path, built_app: Flask) -> None:
    missing = {name for name in _ENDPOINT.findall(path.read_text()) if name not in built_app.view_functions}

    assert not missing


def test_every_entry_of_the_menu_leads_somewhere(built_app: Flask) -> None:
    with built_app.test_request_context():
        missing = [item.endpoint for item in menu() if item.endpoint not in built_app.view_functions]

    assert not missing
