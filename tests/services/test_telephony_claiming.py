"""The last step before a node is asked to dial: a call is dialed once, by its own gateway, and not hours later."""

import asyncio
from typing import Any

import pytest
import redis.asyncio

from dialer import clock
from dialer.carriers.asterisk import keys
from dialer.carriers.asterisk.book import CallBook

ATTEMPT, NODE, TOKEN = 7, "one", "gateway-1"


def claim(redis_server, redis_url: str, *tokens: str, age: float = 0.0, **record: Any) -> list[bool]:
    """Assign a call a while ago; then gateways claim it, one after the other."""
    redis_server.set(keys.node_lease(NODE), TOKEN)
    usual = {
        "state": keys.ASSIGNED,
        "campaign": 1,
        "number": "+12025550123",
        "caller_id": "+12025550100",
        "ring_seconds": 20,
        "profile": "{}",
        "since": repr(clock.now() - age),
        "node": NODE,
        "trunk": "main",
    }
    redis_server.hset(keys.call_key(ATTEMPT), mapping=usual | record)

    async def run() -> list[bool]:
        client = redis.asyncio.Redis.from_url(redis_url, decode_responses=True)
        book = CallBook(client)
        try:
            call = await book.find(ATTEMPT)
            assert call is not None
            return [await book.claim(call, token) for token in tokens]
        finally:
            await client.aclose()

    return asyncio.run(run())


def test_a_call_is_claimed_once(redis_server, redis_url):
    assert claim(redis_server, redis_url, TOKEN, TOKEN) == [True, False]


def test_only_the_gateway_that_serves_the_node_claims(redis_server, redis_url):
    assert claim(redis_server, redis_url, "gateway-2") == [False]


@pytest.mark.parametrize(("age", "claimed"), [(20.0, True), (40.0, False), (9 * 3600.0, False)])
def test_a_call_that_lay_through_an_outage_is_not_dialed_at_another_hour(
    redis_server, redis_url, age, claimed
):
    assert claim(redis_server, redis_url, TOKEN, age=age) == [claimed]

    state = redis_server.hget(keys.call_key(ATTEMPT), "state")
    assert state == (keys.DIALING if claimed else keys.ASSIGNED)
    assert redis_server.xlen(keys.DIALED_STREAM) == claimed
