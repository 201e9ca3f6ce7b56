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
    """Requests as (method, path) in their order; those that contain a held word are answered when it is let go.

    A word may be a part of a path, or a method and a part: "POST channels/call-".
    """

    asked: list[tuple[str, str]] = field(default_factory=list)
    queries: list[dict[str, str]] = field(default_factory=list)  # of the same requests
    there: dict[str, Any] = field(default_factory=dict)  # answers of GET; 404 for anything else
    refused: set[str] = field(default_factory=set)  # words of requests that are answered with 409
    missing: set[str] = field(default_factory=set)  # the same with 404
    held: dict[str, asyncio.Event] = field(default_factory=dict)
    url: str = ""

    def __post_init__(self) -> None:
        self._news = asyncio.Condition()
        self._sockets: set[web.WebSocketResponse] = set()

    def hold(self, word: str) -> asyncio.Event:
        """Answer no request with this word until the event is set."""
        return self.held.setdefault(word, asyncio.Event())

    def count(self, method: str, word: str) -> int:
        return sum(method == asked and word in path for asked, path in self.asked)

    async def until_asked(self, method: str, word: str, times: int = 1) -> None:
        async with asyncio.timeout(PATIENCE_SECONDS), self._news:
            await self._news.wait_for(lambda: self.count(method, word) >= times)

    def query(self, method: str, word: str) -> dict[str, str]:
        """With what such a request came last."""
        found = [
            query
            for asked, query in zip(self.asked, self.queries, strict=True)
            if method == asked[0] and word in asked[1]
        ]
        return found[-1]

    async def tell(self, *events: dict[str, Any]) -> None:
        """Say what happened."""
        for socket in self._sockets:
            for event in events:
                await socket.send_json(event)

    async def cut(self) -> None:
        """Break the connection."""
        for socket in list(self._sockets):
            await socket.close()

    async def _socket(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self._sockets.add(socket)
        async with asyncio.TaskGroup() as answers:
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    answers.create_task(self._answer(socket, json.loads(message.data)))
            self._sockets.discard(socket)
        return socket

    async def _answer(self, socket: web.WebSocketResponse, asked: dict[str, Any]) -> None:
        method, path = asked["method"], asked["uri"]
        async with self._news:
            self.asked.append((method, path))
            self.queries.append({one["name"]: one["value"] for one in asked.get("query_strings", ())})
            self._news.notify_all()
        whole = f"{method} {path}"
        for word, event in list(self.held.items()):
            if word in whole:
                await event.wait()
        status, body = 200, ""
        if any(word in whole for word in self.refused):
            status = 409
        elif any(word in whole for word in self.missing) or (method == "GET" and path not in self.there):
            status = 404
        elif method == "GET":
            body = json.dumps(self.there[path])
        elif method == "DELETE":
            self.there.pop(path, None)
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
    try:
        yield node
    finally:
        for event in node.held.values():
            event.set()
        await runner.cleanup()
