"""What the person at the terminal sees: progress, links, a clean end."""

import socket

import psutil
import pytest

from tests.floor.conftest import WAIT_SECONDS, Floor, wait_for

pytestmark = [pytest.mark.floor, pytest.mark.xdist_group("floor")]


def test_floor_comes_up_prints_links_and_leaves_nothing_behind(floor: Floor) -> None:
    floor.start().wait_until_ready()
    wait_for(lambda: "Start page" in floor.terminal, WAIT_SECONDS, lambda: floor.terminal)
    started = floor.processes()

    status = floor.stop()

    assert status == 0
    assert not psutil.wait_procs(started, timeout=WAIT_SECONDS)[1]
    assert "First administrator" in floor.links()


def test_second_run_goes_on_where_the_first_was(floor: Floor) -> None:
    floor.start().wait_until_ready()
    wait_for(lambda: "Start page" in floor.terminal, WAIT_SECONDS, lambda: floor.terminal)
    floor.stop()
    first = floor.links()["First administrator"]

    floor.start().wait_until_ready()
    wait_for(lambda: floor.terminal.count("Start page") == 2, WAIT_SECONDS, lambda: floor.terminal)

    assert floor.links()["First administrator"] != first
    floor.stop()


def test_port_in_use_is_told_in_a_sentence(floor: Floor) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        floor.port = taken.getsockname()[1]
        floor.start()

        assert floor.process.wait(WAIT_SECONDS) == 1

    assert f"Port {floor.port} on 127.0.0.1 is in use: choose another with PORT=…" in floor.terminal
    floor.log.close()


def test_processes_end_when_the_supervisor_is_killed(floor: Floor) -> None:
    floor.start().wait_until_ready()
    started = floor.processes()

    floor.process.kill()
    floor.process.wait()
    floor.log.close()

    assert not psutil.wait_procs(started, timeout=WAIT_SECONDS)[1]


def test_web_server_that_is_killed_is_back(floor: Floor) -> None:
    floor.start().wait_until_ready()
    (web,) = [
        process for process in floor.find("gunicorn", "wsgi:app") if process.ppid() == floor.process.pid
    ]

    web.kill()

    wait_for(lambda: not web.is_running(), WAIT_SECONDS)
    wait_for(lambda: floor.health()["ready"], WAIT_SECONDS, lambda: floor.terminal)
    floor.stop()
