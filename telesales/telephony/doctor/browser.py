"""Can the browsers of agents reach the node: WebSocket, encryption, certificate."""

import asyncio
import ssl
from datetime import timedelta
from urllib.parse import urlsplit

import aiohttp

from dialer import clock
from dialer.carriers.asterisk.settings import Node
from telesales.telephony.doctor.findings import Finding, Verdict, bad, doubt, good

SECONDS = 5.0
SOON = timedelta(days=14)
LOOPBACK = ("127.0.0.1", "localhost", "::1")
SWITCHED = 101


async def examine_browser_way(node: Node) -> list[Finding]:
    """As a browser would: TLS with the certificate checked, then the WebSocket of SIP."""
    subject = f"browsers to {node.name}"
    parts = urlsplit(node.browser_url)
    host = parts.hostname or ""
    if parts.scheme == "wss":
        certificate = await _certificate(subject, host, parts.port or 443)
        if certificate.verdict is Verdict.BAD:
            return [certificate]
        return [certificate, await _websocket(subject, node)]
    if host in LOOPBACK:
        return [
            await _websocket(subject, node),
            doubt(
                subject,
                "without encryption only browsers on this machine can speak",
                "for other machines get a certificate, name it in network.certificate and network.private_key, and "
                "write a wss:// address into browser_url",
            ),
        ]
    return [
        bad(
            subject,
            f"{node.browser_url} is not encrypted: browsers give no microphone to such pages",
            "get a certificate (Let's Encrypt gives them away), name it in network.certificate and network.private_key, "
            "and write wss:// in browser_url",
        )
    ]


async def _websocket(subject: str, node: Node) -> Finding:
    timeout = aiohttp.ClientTimeout(total=SECONDS)
    try:
        async with (
            aiohttp.ClientSession(timeout=timeout) as session,
            session.ws_connect(
                node.browser_url, protocols=("sip",), ssl=ssl.create_default_context()
            ) as socket,
        ):
            if socket.protocol == "sip":
                return good(subject, f"{node.browser_url} takes telephones")
    except aiohttp.WSServerHandshakeError as error:
        what = f"{node.browser_url} answers with {error.status} and not as a WebSocket"
        return bad(
            subject,
            what,
            "correct browser_url: on Asterisk itself the path is /ws; a proxy must pass WebSockets on",
        )
    except (aiohttp.ClientError, OSError, TimeoutError) as error:
        return bad(
            subject,
            f"nobody answers at {node.browser_url} ({str(error) or 'no answer'})",
            "check host and port, and that the firewall lets agents reach them (network.browser_port)",
        )
    return bad(
        subject,
        f"{node.browser_url} does not speak SIP",
        "correct browser_url: on Asterisk itself the path is /ws",
    )


async def _certificate(subject: str, host: str, port: int) -> Finding:
    try:
        async with asyncio.timeout(SECONDS):
            _, writer = await asyncio.open_connection(host, port, ssl=ssl.create_default_context())
    except ssl.SSLCertVerificationError as error:
        return bad(
            subject,
            f"browsers will not trust the certificate of {host}: {error.verify_message}",
            "get one from an authority that browsers know, for exactly this host name, with its chain in the file",
        )
    except ssl.SSLError as error:
        return bad(
            subject,
            f"{host}:{port} does not speak TLS ({error.reason})",
            "name certificate and private key under network and write the configuration again, or correct browser_url",
        )
    except (OSError, TimeoutError) as error:
        return bad(
            subject,
            f"nobody answers at {host}:{port} ({str(error) or 'no answer'})",
            "check host and port, and that the firewall lets agents reach them (network.browser_port)",
        )
    certificate = writer.get_extra_info("peercert")
    writer.close()
    left = timedelta(seconds=ssl.cert_time_to_seconds(certificate["notAfter"]) - clock.now())
    if left < SOON:
        return doubt(
            subject,
            f"the certificate ends in {left.days} days",
            "renew it, and let Asterisk load it (asterisk -rx 'core reload'; certbot can do both)",
        )
    return good(subject, f"the certificate of {host} is good for {left.days} more days")
