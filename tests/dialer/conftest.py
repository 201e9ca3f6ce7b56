"""Carriers under test."""

import itertools
from collections.abc import Callable, Iterator

import pytest
import redis

from tests.dialer.carrier_harness import HARNESSES, CarrierHarness


@pytest.fixture
def next_attempt() -> Callable[[], int]:
    return itertools.count(1).__next__


@pytest.fixture(params=HARNESSES)
def carrier(
    request: pytest.FixtureRequest, redis_url: str, redis_server: redis.Redis
) -> Iterator[CarrierHarness]:
    """A running carrier that has dialed nothing."""
    harness = HARNESSES[request.param](redis_url)
    harness.start()
    yield harness
    harness.stop()
