"""Hands uploaded messages to nodes, by HTTP, on the address from which this machine reaches them: loopback for most.

A node asks for each sound once and keeps it. Whoever knows the fingerprint of a sound may hear it; strangers hear it anyway.
"""

import base64
import io
import logging
import wave
from collections import Counter

from aiohttp import web
from redis.asyncio import Redis

from dialer.carriers.asterisk.message_book import sound_key

log = logging.getLogger(__name__)

PORT = 8087  # another one when it is taken: nodes are told the whole address
PROBE = "0" * 64  # in place of a fingerprint: silence that nobody keeps, to see whether a node reaches us
PROBE_SECONDS = 1.0
KEEP = "max-age=31536000"  # a sound never changes under its fingerprint
RATE = 8000


def silence() -> bytes:
    """A wav file in which nothing is heard."""
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(2)
        writer.setframerate(RATE)
        writer.writeframes(bytes(round(2 * RATE * PROBE_SECONDS)))
    return file.getvalue()


class SoundServer:
    """One for all nodes of a gateway; listens as soon as somebody needs it."""

    def __init__(self, client: Redis) -> None:
        self._client = client
        self._runners: dict[str, web.AppRunner] = {}
        self._asked: Counter[tuple[str, str]] = Counter()

    def count(self, node: str, fingerprint: str) -> int:
        """How often a node was given a sound."""
        return self._asked[node, fingerprint]

    async def open(self, ip: str) -> str:
        """Listen on an address of this machine; return the beginning of the URLs."""
        if ip not in self._runners:
            self._runners[ip] = await self._listen(ip)
        port = self._runners[ip].addresses[0][1]
        host = f"[{ip}]" if ":" in ip else ip
        return f"http://{host}:{port}/messages"

    async def _listen(self, ip: str) -> web.AppRunner:
        app = web.Application()
        app.router.add_get("/messages/{node}/{fingerprint:[0-9a-f]{64}}.wav", self._hand_out)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        try:
            await web.TCPSite(runner, ip, PORT).start()
        except OSError:
            await web.TCPSite(runner, ip, 0).start()
        return runner

    async def _hand_out(self, request: web.Request) -> web.Response:
        fingerprint = request.match_info["fingerprint"]
        is_probe = fingerprint == PROBE
        found = silence() if is_probe else await self._find(fingerprint)
        if found is None:
            raise web.HTTPNotFound
        self._asked[request.match_info["node"], fingerprint] += 1
        headers = {"Cache-Control": "no-cache" if is_probe else KEEP, "ETag": f'"{fingerprint}"'}
        return web.Response(body=found, content_type="audio/x-wav", headers=headers)

    async def _find(self, fingerprint: str) -> bytes | None:
        found = await self._client.get(sound_key(fingerprint))
        return None if found is None else base64.b64decode(found)

    async def close(self) -> None:
        """Listen no more."""
        for runner in self._runners.values():
            await runner.cleanup()
        self._runners.clear()
