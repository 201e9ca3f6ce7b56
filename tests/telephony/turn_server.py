"""A TURN server as small as can be: it relays nothing, but lets in only who could have come to coturn with use-auth-secret.

Checked against coturn 4.6: the doctor hears the same from both.
"""

import asyncio
import base64
import contextlib
import hashlib
import hmac
import struct
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

COOKIE = b"\x21\x12\xa4\x42"
REALM = b"example.com"


class TurnServer:
    """Answers on UDP and TCP of one port."""

    def __init__(self, secret: str, seen_at: str = "") -> None:
        self.secret, self.seen_at = secret, seen_at
        self.relays: list[str] = []  # users who were given one
        self.given_back = 0
        self.port = 0

    def url(self, transport: str = "udp") -> str:
        return f"turn:127.0.0.1:{self.port}?transport={transport}"

    def answer(self, data: bytes, address: tuple[str, int]) -> bytes:
        kind, told = struct.unpack(">H", data[:2])[0], attributes(data)
        if kind == 0x0001:
            return message(0x0101, data, [(0x0020, mapped(self.seen_at or address[0], address[1]))])
        if 0x0008 not in told or not self.admits(data, told):
            return message(
                kind | 0x0110,
                data,
                [(0x0009, b"\0\0\x04\x01Unauthorized"), (0x0014, REALM), (0x0015, b"nonce")],
            )
        if kind == 0x0004:
            self.given_back += told[0x000D] == b"\0\0\0\0"
            return message(0x0104, data, [])
        self.relays.append(told[0x0006].decode())
        return message(0x0103, data, [(0x0016, mapped("127.0.0.1", 50000))])

    def admits(self, data: bytes, told: dict[int, bytes]) -> bool:
        user = told[0x0006]
        if int(user.partition(b":")[0]) < time.time():
            return False
        password = base64.b64encode(hmac.digest(self.secret.encode(), user, "sha1"))
        key = hashlib.md5(b":".join((user, REALM, password))).digest()
        return hmac.digest(key, data[: data.rindex(told[0x0008]) - 4], "sha1") == told[0x0008]


def attributes(data: bytes) -> dict[int, bytes]:
    found, at = {}, 20
    while at < len(data):
        kind, size = struct.unpack_from(">HH", data, at)
        found[kind] = data[at + 4 : at + 4 + size]
        at += 4 + (size + 3) // 4 * 4
    return found


def mapped(address: str, port: int) -> bytes:
    plain = struct.pack(">H4B", port, *map(int, address.split(".")))
    return b"\0\x01" + bytes(one ^ other for one, other in zip(plain, COOKIE[:2] + COOKIE, strict=True))


def message(kind: int, asked: bytes, told: list[tuple[int, bytes]]) -> bytes:
    body = b"".join(
        struct.pack(">HH", name, len(value)) + value + bytes(-len(value) % 4) for name, value in told
    )
    return struct.pack(">HH", kind, len(body)) + asked[4:20] + body


class _Datagrams(asyncio.DatagramProtocol):
    def __init__(self, server: TurnServer) -> None:
        self.server = server

    def connection_made(self, transport) -> None:
        self.transport = transport

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        self.transport.sendto(self.server.answer(data, addr), addr)


@asynccontextmanager
async def run_turn(secret: str, seen_at: str = "") -> AsyncIterator[TurnServer]:
    server = TurnServer(secret, seen_at)
    visits = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        visits.append(asyncio.current_task())
        try:
            while True:
                head = await reader.readexactly(20)
                data = head + await reader.readexactly(struct.unpack(">H", head[2:4])[0])
                writer.write(server.answer(data, writer.get_extra_info("peername")))
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()
            with contextlib.suppress(ConnectionError):
                await writer.wait_closed()

    streams = await asyncio.start_server(serve, "127.0.0.1", 0)
    server.port = streams.sockets[0].getsockname()[1]
    datagrams, _ = await asyncio.get_running_loop().create_datagram_endpoint(
        lambda: _Datagrams(server), local_addr=("127.0.0.1", server.port)
    )
    try:
        yield server
    finally:
        datagrams.close()
        streams.close()
        await asyncio.gather(*visits)
