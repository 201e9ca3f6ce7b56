"""Telephone networks behind one port. A new one joins `PLACERS` and `CONTROLS` and passes the conformance tests."""

from collections.abc import Callable, Mapping

import redis
import redis.asyncio

from dialer.carriers import simulated_client
from dialer.carriers.asterisk import client as asterisk_client
from dialer.carriers.asterisk.agents_book import digests_of
from dialer.carriers.asterisk.taker import AsteriskTaker
from dialer.carriers.telephone import Digests, StreamTelephone
from dialer.ports import CallControl, CallPlacer, CallTaker, Telephone

PLACERS: Mapping[str, Callable[[redis.Redis], CallPlacer]] = {
    simulated_client.NAME: simulated_client.SimulatedPlacer,
    asterisk_client.NAME: asterisk_client.AsteriskPlacer,
}
TAKERS: Mapping[str, Callable[[redis.Redis], CallTaker]] = {
    simulated_client.NAME: simulated_client.SimulatedTaker,
    asterisk_client.NAME: AsteriskTaker,
}
CONTROLS: Mapping[str, Callable[["redis.asyncio.Redis"], CallControl]] = {
    simulated_client.NAME: simulated_client.SimulatedControl,
    asterisk_client.NAME: asterisk_client.AsteriskControl,
}
DIGESTS: Mapping[str, Digests] = {
    simulated_client.NAME: lambda _agent_id, _password: {},  # nobody registers
    asterisk_client.NAME: digests_of,
}


def make_placer(carrier: str, client: redis.Redis) -> CallPlacer:
    """Return the side of a carrier that the place-call job uses."""
    return PLACERS[carrier](client)


def make_taker(carrier: str, client: redis.Redis) -> CallTaker:
    """Return the side of a carrier to which people ring."""
    return TAKERS[carrier](client)


def make_control(carrier: str, client: "redis.asyncio.Redis") -> CallControl:
    """Return the side of a carrier that the engine uses."""
    return CONTROLS[carrier](client)


def make_telephone(carrier: str, client: redis.Redis) -> Telephone:
    """Return the side of a carrier that people use from a page."""
    return StreamTelephone(client, carrier, DIGESTS[carrier])
