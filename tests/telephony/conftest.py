"""Fixtures of tests against a real Asterisk. Without it they are skipped, with the remedy."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import redis

from dialer import live
from tests.telephony.asterisk_server import AsteriskServer, find_asterisk, run_asterisk, run_asterisks
from tests.telephony.audio import write_tone
from tests.telephony.gateway import GatewayProcess, run_gateway
from tests.telephony.patient import Patient

MISSING = "Asterisk is not here: run `make test-deps`"
NEED_ASTERISK = {"asterisk_server", "make_asterisks"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder has the mark; what needs a server is skipped without one."""
    missing = find_asterisk() is None
    for item in items:
        if "tests/telephony/" not in item.path.as_posix():
            continue
        item.add_marker(pytest.mark.telephony)
        if missing and NEED_ASTERISK & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.skip(reason=MISSING))


@pytest.fixture(scope="session")
def asterisk_server() -> Iterator[AsteriskServer]:
    """One node for the whole session; ask for `asterisk` to find it empty."""
    # Carriers come and go between tests: a node that asks how they are would hold one for dead.
    with run_asterisk(trunk="check_seconds = 0") as server:
        yield server


@pytest.fixture
def asterisk(asterisk_server: AsteriskServer) -> Iterator[AsteriskServer]:
    """The node of the session; calls that a test leaves are ended after it."""
    yield asterisk_server
    asterisk_server.hang_up_all()


@pytest.fixture
def make_asterisks() -> Callable:
    """`with make_asterisks(("one", "two")) as servers`: nodes of one test, to be killed or cut off."""
    return run_asterisks


@pytest.fixture
def gateway(asterisk: AsteriskServer, redis_url: str, redis_server: redis.Redis) -> Iterator[GatewayProcess]:
    """The gateway in its own process, serving the node of the session."""
    with run_gateway([asterisk], redis_url) as process:
        yield process


@pytest.fixture
def sounds(tmp_path: Path) -> Path:
    """A folder of the operator with the one message that there has to be."""
    folder = tmp_path / "sounds"
    folder.mkdir()
    write_tone(folder / "abandoned.wav", 700, 1.0)
    return folder


@pytest.fixture
def patient(asterisk: AsteriskServer, sounds: Path, redis_server: redis.Redis) -> Patient:
    """The node of the session, for the doctor to look at, with a gateway that seems to live."""
    redis_server.set(live.alive_key("carrier", "asterisk"), "1")
    return Patient(asterisk, sounds, redis_server)
