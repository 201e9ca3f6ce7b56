"""Looks at everything, in the order in which an operator would mend it."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence

import redis

from dialer import clock
from dialer.carriers.asterisk.settings import FILE_VARIABLE, Node, Telephony, TelephonySettingsError
from dialer.carriers.asterisk.settings_file import load_telephony
from telesales.telephony.doctor.ari import Caller
from telesales.telephony.doctor.browser import examine_browser_way
from telesales.telephony.doctor.clocks import examine_clock, kernel_state
from telesales.telephony.doctor.findings import Finding, Verdict, bad, good
from telesales.telephony.doctor.messages import Dialed, examine_messages
from telesales.telephony.doctor.node import examine_node
from telesales.telephony.doctor.relays import examine_stun, examine_turn
from telesales.telephony.doctor.sound import examine_ports, examine_sound
from telesales.telephony.doctor.surroundings import (
    examine_gateway,
    examine_network,
    examine_recordings,
    examine_secrets,
)
from telesales.telephony.doctor.trunk import examine_trunk


async def examine(
    environ: Mapping[str, str],
    client: redis.Redis,
    now: Callable[[], float] = clock.now,
    campaigns: Sequence[Dialed] = (),
) -> AsyncIterator[Finding]:
    """Everything that was found, as it is found."""
    try:
        telephony = load_telephony(environ)
    except TelephonySettingsError as error:
        for mistake in error.mistakes:
            yield bad("file", mistake, f"edit {environ[FILE_VARIABLE]}")
        return
    if telephony is None:
        yield good("file", f"{FILE_VARIABLE} is empty: there is no telephone, calls are simulated")
        return
    yield good("file", f"{len(telephony.nodes)} nodes, {len(telephony.trunks)} trunks")
    for finding in (
        *examine_clock(kernel_state()),
        *examine_secrets(telephony, environ),
        *examine_messages(telephony, client, campaigns),
    ):
        yield finding
    for node in telephony.nodes:
        async for finding in _examine_one(telephony, node, environ.get(node.ari_password_env, ""), now):
            yield finding
    async for finding in examine_turn(telephony, environ, now()):
        yield finding
    yield examine_gateway(client)
    for finding in examine_recordings(client, now()):
        yield finding


async def _examine_one(
    telephony: Telephony, node: Node, password: str, now: Callable[[], float]
) -> AsyncIterator[Finding]:
    trunks = telephony.trunks_of(node.name)
    if password:
        async with Caller(node, password) as caller:
            is_open = False
            async for finding in examine_node(node, caller, now):
                is_open = is_open or finding.verdict is Verdict.GOOD
                yield finding
            for trunk in trunks if is_open else ():
                async for finding in examine_trunk(trunk, caller):
                    yield finding
            if is_open:
                async for finding in examine_sound(node, trunks, caller):
                    yield finding
    for finding in examine_ports(node, telephony.nodes):
        yield finding
    yield examine_network(node, trunks)
    for finding in await examine_browser_way(node):
        yield finding
    async for finding in examine_stun(node):
        yield finding
