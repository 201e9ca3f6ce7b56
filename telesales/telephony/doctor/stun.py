"""As much of STUN and TURN (RFC 8489, RFC 8656) as the doctor needs: ask a server for our address, and for a relay."""

import asyncio
import contextlib
import hashlib
import hmac
import secrets
import socket
import ssl
import struct
from collections.abc import Mapping
from typing import NamedTuple

from dialer.carriers.asterisk.turn import TurnLogin

COOKIE = 0x2112A442
HEADER = 20
PROOF_BYTES = 24  # of MESSAGE-INTEGRITY, with its own head
RESEND_SECONDS = (0.5, 1.0, 1.5)
SECONDS = 3.0
BINDING, ALLOCATE, REFRESH = 0x001, 0x003, 0x004
SUCCESS, ERROR = 0x0100, 0x0110
USERNAME, INTEGRITY, ERROR_CODE, LIFETIME = 0x0006, 0x0008, 0x0009, 0x000D
REALM, NONCE, REQUESTED_TRANSPORT, XOR_MAPPED = 0x0014, 0x0015, 0x0019, 0x0020
UDP = b"\x11\0\0\0"


class StunServer(NamedTuple):
    """Where one is."""

    host: str
    port: int
    transport: str  # udp tcp tls

    @classmethod
    def of(cls, url: str) -> "StunServer":
        """Read stun:, turn: or turns: addresses."""
        scheme, _, rest = url.partition(":")
        place, _, query = rest.partition("?")
        host, _, port = place.partition(":")
        if scheme == "turns":
            return cls(host, int(port or 5349), "tls")
        return cls(host, int(port or 3478), "tcp" if query == "transport=tcp" else "udp")


class Reply(NamedTuple):
    """What the server answered."""

    kind: int
    told: Mapping[int, bytes]

    @property
    def is_success(self) -> bool:
        """It did what it was asked."""
        return self.kind & ERROR == SUCCESS

    @property
    def error(self) -> str:
        """Why it did not, as number and words."""
        found = self.told.get(ERROR_CODE, b"\0\0\0\0")
        return f"{100 * (found[2] & 7) + found[3]} {found[4:].decode('utf-8', 'replace')}".strip()

    @property
    def address(self) -> str:
        """From where we were seen (IPv4)."""
        found = self.told.get(XOR_MAPPED, b"")
        if len(found) != 8:
            return ""
        return socket.inet_ntoa(struct.pack(">I", struct.unpack(">I", found[4:])[0] ^ COOKIE))


class StunClient:
    """One way to one server. A context manager; OSError and TimeoutError: nobody answers there."""

    def __init__(self, server: StunServer) -> None:
        self._server = server
        self._answers: asyncio.Queue[bytes] = asyncio.Queue()
        self._datagrams: asyncio.DatagramTransport | None = None
        self._stream: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def __aenter__(self) -> "StunClient":
        host, port, transport = self._server
        async with asyncio.timeout(SECONDS):
            if transport == "udp":
                loop = asyncio.get_running_loop()
                self._datagrams, _ = await loop.create_datagram_endpoint(
                    lambda: _Datagrams(self._answers), remote_addr=(host, port)
                )
            else:
                context = ssl.create_default_context() if transport == "tls" else None
                self._stream = await asyncio.open_connection(host, port, ssl=context)
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._datagrams is not None:
            self._datagrams.close()
        if self._stream is not None:
            self._stream[1].close()
            with contextlib.suppress(OSError):
                await self._stream[1].wait_closed()

    async def bind(self) -> Reply:
        """Ask from where we are seen."""
        return await self._ask(BINDING, [])

    async def allocate(self, login: TurnLogin) -> Reply:
        """Ask for a relay with this login, and give it back at once."""
        asked = [(REQUESTED_TRANSPORT, UDP)]
        reply = await self._ask(ALLOCATE, asked)
        if REALM not in reply.told or NONCE not in reply.told:
            return reply
        realm = reply.told[REALM].decode("utf-8", "replace")
        key = hashlib.md5(f"{login.username}:{realm}:{login.credential}".encode()).digest()  # noqa: S324 - as TURN wants it
        proof = [(USERNAME, login.username.encode()), (REALM, reply.told[REALM]), (NONCE, reply.told[NONCE])]
        reply = await self._ask(ALLOCATE, asked + proof, key)
        if reply.is_success:
            await self._ask(REFRESH, [(LIFETIME, b"\0\0\0\0"), *proof], key)
        return reply

    async def _ask(self, method: int, told: list[tuple[int, bytes]], key: bytes = b"") -> Reply:
        number = secrets.token_bytes(12)
        request = _message(method, number, told, key)
        if self._stream is not None:
            async with asyncio.timeout(SECONDS):
                self._stream[1].write(request)
                return await self._read(number)
        assert self._datagrams is not None  # noqa: S101
        for pause in RESEND_SECONDS:
            self._datagrams.sendto(request)
            try:
                async with asyncio.timeout(pause):
                    return await self._read(number)
            except TimeoutError:
                continue
        raise TimeoutError("no answer")

    async def _read(self, number: bytes) -> Reply:
        while True:
            answer = await self._read_message()
            if len(answer) >= HEADER and answer[8:HEADER] == number:
                return _read_reply(answer)

    async def _read_message(self) -> bytes:
        if self._stream is None:
            return await self._answers.get()
        head = await self._stream[0].readexactly(HEADER)
        return head + await self._stream[0].readexactly(struct.unpack(">H", head[2:4])[0])


class _Datagrams(asyncio.DatagramProtocol):
    def __init__(self, answers: "asyncio.Queue[bytes]") -> None:
        self._answers = answers

    def datagram_received(self, data: bytes, _addr: object) -> None:
        self._answers.put_nowait(data)


def _message(method: int, number: bytes, told: list[tuple[int, bytes]], key: bytes) -> bytes:
    body = b"".join(_attribute(kind, value) for kind, value in told)
    if key:
        head = struct.pack(">HHI", method, len(body) + PROOF_BYTES, COOKIE) + number
        body += _attribute(INTEGRITY, hmac.new(key, head + body, hashlib.sha1).digest())
    return struct.pack(">HHI", method, len(body), COOKIE) + number + body


def _attribute(kind: int, value: bytes) -> bytes:
    return struct.pack(">HH", kind, len(value)) + value + b"\0" * (-len(value) % 4)


def _read_reply(message: bytes) -> Reply:
    told: dict[int, bytes] = {}
    at = HEADER
    while at + 4 <= len(message):
        kind, size = struct.unpack_from(">HH", message, at)
        told.setdefault(kind, message[at + 4 : at + 4 + size])
        at += 4 + size + (-size % 4)
    return Reply(struct.unpack(">H", message[:2])[0], told)
