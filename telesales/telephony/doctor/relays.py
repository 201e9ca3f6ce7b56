"""STUN and TURN servers for browsers behind difficult networks: do they answer, do they take our credentials?"""

import asyncio
import ssl
from collections.abc import AsyncIterator, Mapping

from dialer.carriers.asterisk.settings import Node, SecretMissingError, Telephony, Turn, secret_of
from dialer.carriers.asterisk.turn import turn_login
from telesales.telephony.doctor.findings import Finding, bad, doubt, good
from telesales.telephony.doctor.stun import Reply, StunClient, StunServer

LIFE_SECONDS = 60.0
UNREACHABLE = (OSError, TimeoutError, asyncio.IncompleteReadError)


async def examine_stun(node: Node) -> AsyncIterator[Finding]:
    """The STUN servers of one node."""
    for url in node.ice_servers:
        yield await _look_at_stun(f"browsers to {node.name}", url, node.network.public_address)


async def _look_at_stun(subject: str, url: str, public: str) -> Finding:
    try:
        async with StunClient(StunServer.of(url)) as client:
            reply = await client.bind()
    except UNREACHABLE as error:
        return doubt(
            subject,
            f"nobody answers at {url} ({str(error) or 'no answer'})",
            "correct ice_servers, or leave it out: browsers wait for a server that does not answer",
        )
    if public and reply.address and reply.address != public:
        return doubt(
            subject,
            f"{url} sees this machine at {reply.address}, and network.public_address is {public}",
            "if this machine and the node share a router, correct network.public_address",
        )
    return good(subject, f"{url} answers, and sees this machine at {reply.address or 'an address of IPv6'}")


async def examine_turn(
    telephony: Telephony, environ: Mapping[str, str], now: float
) -> AsyncIterator[Finding]:
    """Every address of the TURN server, with credentials as a browser gets them."""
    turn = telephony.turn
    if turn is None:
        return
    try:
        secret = secret_of(turn.secret_env, environ)
    except SecretMissingError:
        return  # told already
    for url in turn.urls:
        yield await _look_at_turn(turn, url, secret, now)


async def _look_at_turn(turn: Turn, url: str, secret: str, now: float) -> Finding:
    server = StunServer.of(url)
    ports = f"{'UDP' if server.transport == 'udp' else 'TCP'} {server.port}"
    try:
        async with StunClient(server) as client:
            await client.bind()
            reply = await client.allocate(turn_login(secret, "telesales-doctor", now + LIFE_SECONDS))
    except ssl.SSLCertVerificationError as error:
        return bad(
            "turn",
            f"browsers will not trust the certificate at {url}: {error.verify_message}",
            "get one from an authority that browsers know, for exactly this host name",
        )
    except UNREACHABLE as error:
        return bad(
            "turn",
            f"nobody answers at {url} ({str(error) or 'no answer'})",
            f"start the TURN server (systemctl status coturn), let the firewall pass {ports}, or correct urls under [turn]",
        )
    return (
        good("turn", f"{url} takes our credentials and gives a relay")
        if reply.is_success
        else _no(turn, url, reply)
    )


def _no(turn: Turn, url: str, reply: Reply) -> Finding:
    if reply.error.startswith("401"):
        return bad(
            "turn",
            f"{url} does not accept our credentials",
            f"set {turn.secret_env} to its static-auth-secret, switch use-auth-secret on, and let both machines keep time by NTP",
        )
    return bad("turn", f"{url} gives no relay ({reply.error})", "look at its log: journalctl -u coturn")
