"""Carriers under test."""

import itertools
from collections.abc import Callable, Iterator

import pytest
import redis

from tests.dialer.carrier_harness import HARNESSES, CarrierHarness
from tests.telephony.asterisk_server import find_asterisk

REAL = [
    pytest.mark.telephony,
    pytest.mark.skipif(find_asterisk() is None, reason="Asterisk is not here: run `make test-deps`"),
]


@pytest.fixture
def next_attempt() -> Callable[[], int]:
    return itertools.count(1).__next__


@pytest.fixture(params=[pytest.param(name, marks=REAL if name == "asterisk" else []) for name in HARNESSES])
def carrier(
    request: pytest.FixtureRequest, redis_url: str, redis_server: redis.Redis
) -> Iterator[CarrierHarness]:
    """A running carrier that has dialed nothing."""
    harness = HARNESSES[request.param](redis_url)
    harness.start()
    yield harness
    harness.stop()
