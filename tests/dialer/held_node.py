"""A node of which a test decides when it answers: what Asterisk says on ARI's socket, and nothing behind it."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web

PATIENCE_SECONDS = 20


@dataclass
class HeldNode:
    """Requests as (method, path) in their order; those that contain a held word are answered when it is let go."""

    asked: list[tuple[str, str]] = field(default_factory=list)
    there: dict[str, Any] = field(default_factory=dict)  # answers of GET; 404 for anything else
    refused: set[str] = field(default_factory=set)  # words of requests that are answered with 409
    held: dict[str, asyncio.Event] = field(default_factory=dict)
    url: str = ""

    def __post_init__(self) -> None:
        self._news = asyncio.Condition()

    def hold(self, word: str) -> asyncio.Event:
        """Answer no request with this word in its path until the event is set."""
        return self.held.setdefault(word, asyncio.Event())

    def count(self, method: str, word: str) -> int:
        return sum(method == asked and word in path for asked, path in self.asked)

    async def until_asked(self, method: str, word: str, times: int = 1) -> None:
        async with asyncio.timeout(PATIENCE_SECONDS), self._news:
            await self._news.wait_for(lambda: self.count(method, word) >= times)

    async def _socket(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        async with asyncio.TaskGroup() as answers:
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    answers.create_task(self._answer(socket, json.loads(message.data)))
        return socket

    async def _answer(self, socket: web.WebSocketResponse, asked: dict[str, Any]) -> None:
        method, path = asked["method"], asked["uri"]
        async with self._news:
            self.asked.append((method, path))
            self._news.notify_all()
        for word, event in self.held.items():
            if word in path:
                await event.wait()
        status, body = 200, ""
        if any(word in path for word in self.refused):
            status = 409
        elif method == "GET" and path not in self.there:
            status = 404
        elif method == "GET":
            body = json.dumps(self.there[path])
        number = asked["request_id"]
        if not socket.closed:
            said = {"type": "RESTResponse", "request_id": number, "status_code": status, "message_body": body}
            await socket.send_json(said)


@asynccontextmanager
async def held_node() -> AsyncIterator[HeldNode]:
    """A node that listens."""
    node = HeldNode()
    app = web.Application()
    app.router.add_get("/ari/events", node._socket)
    runner = web.AppRunner(app, shutdown_timeout=0)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    node.url = f"http://127.0.0.1:{port}/ari"
    yield node
    for event in node.held.values():
        event.set()
    await runner.cleanup()
