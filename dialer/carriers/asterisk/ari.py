"""ARI on one WebSocket: requests go out and events come in on the same socket (Asterisk 20.15, 22.5 or newer)."""

import asyncio
import contextlib
import itertools
import json
import logging
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

import aiohttp

log = logging.getLogger(__name__)

CONNECT_SECONDS = 3.0
ANSWER_SECONDS = 5.0
HEARTBEAT_SECONDS = 4.0
MOST_BYTES = 2**23
FIRST_FAILURE = 400
PIECE_BYTES = 2**16
Event = Mapping[str, Any]


class AriRefusedError(Exception):
    """The node answered that it did not do it."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(f"{status} {reason}")
        self.status = status


class AriLostError(Exception):
    """The socket is gone or silent. `sent`: nobody knows whether the node did what was asked."""

    def __init__(self, *, sent: bool) -> None:
        super().__init__("no answer" if sent else "not connected")
        self.sent = sent


class AriClient:
    """One connection to one node. It is used once: after a loss comes a new one, and then a look at what is there."""

    def __init__(
        self, url: str, user: str, password: str, *, app: str, hear: Callable[[Event], None]
    ) -> None:
        self._url, self._app = url, app
        self._headers = {"Authorization": aiohttp.encode_basic_auth(user, password)}
        self._hear = hear
        self._session: aiohttp.ClientSession | None = None
        self._socket: aiohttp.ClientWebSocketResponse | None = None
        self._numbers = itertools.count(1)
        self._asked: dict[str, asyncio.Future[Mapping[str, Any]]] = {}
        self._reader: asyncio.Task[None] | None = None
        self.closed = asyncio.Event()

    async def open(self) -> None:
        """Connect and begin to hear events. Raises AriLostError when the node is not there."""
        self._session = aiohttp.ClientSession(headers=self._headers)
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                self._socket = await self._session.ws_connect(
                    f"{self._url}/events?app={quote(self._app)}",
                    heartbeat=HEARTBEAT_SECONDS,
                    max_msg_size=MOST_BYTES,
                )
        except (OSError, aiohttp.ClientError, TimeoutError) as error:
            log.debug("no connection to %s: %s", self._url, error)
            await self.close()
            raise AriLostError(sent=False) from error
        self._reader = asyncio.create_task(self._read())

    async def close(self) -> None:
        """Let go of the socket; channels stay as they are."""
        self._lose()
        if self._reader is not None and self._reader is not asyncio.current_task():
            self._reader.cancel()
            await asyncio.gather(self._reader, return_exceptions=True)
        if self._socket is not None:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(1):
                    await self._socket.close()
        if self._session is not None:
            await self._session.close()

    async def ask(self, method: str, path: str, body: Any = None, **query: object) -> Any:
        """Send one request and return the answer's JSON. Parts of `path` that others chose must be quoted."""
        number = str(next(self._numbers))
        request: dict[str, Any] = {
            "type": "RESTRequest",
            "transaction_id": number,
            "request_id": number,
            "method": method,
            "uri": path,
            "query_strings": [
                {"name": name, "value": str(value)} for name, value in query.items() if value is not None
            ],
        }
        if body is not None:
            request |= {"content_type": "application/json", "message_body": json.dumps(body)}
        return _read_answer(await self._exchange(number, json.dumps(request)))

    async def download(self, path: str, target: Path) -> None:
        """Fetch a file by plain HTTP, piece by piece. An OSError is of this machine's disk."""
        if self._session is None:
            raise AriLostError(sent=False)
        try:
            async with self._session.get(f"{self._url}/{path}") as answer:
                if answer.status >= FIRST_FAILURE:
                    raise AriRefusedError(answer.status, answer.reason or "")
                with open(target, "wb", opener=_open_private) as file:
                    async for piece in answer.content.iter_chunked(PIECE_BYTES):
                        file.write(piece)
        except (ConnectionError, aiohttp.ClientError, TimeoutError) as error:
            raise AriLostError(sent=True) from error

    async def read_page(self, url: str) -> str:
        """Fetch a page of the node that is no part of ARI, with the same password."""
        if self._session is None:
            raise AriLostError(sent=False)
        try:
            async with asyncio.timeout(ANSWER_SECONDS), self._session.get(url) as answer:
                if answer.status >= FIRST_FAILURE:
                    raise AriRefusedError(answer.status, answer.reason or "")
                return await answer.text()
        except (OSError, aiohttp.ClientError, TimeoutError) as error:
            raise AriLostError(sent=True) from error

    async def _exchange(self, number: str, text: str) -> Mapping[str, Any]:
        if self._socket is None or self.closed.is_set():
            raise AriLostError(sent=False)
        answer = self._asked[number] = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                await self._socket.send_str(text)
                found: Mapping[str, Any] = await answer
                return found
        except (OSError, aiohttp.ClientError, TimeoutError) as error:
            raise AriLostError(sent=True) from error
        finally:
            self._asked.pop(number, None)

    async def _read(self) -> None:
        socket = self._socket
        assert socket is not None  # noqa: S101
        try:
            async for message in socket:
                if message.type is aiohttp.WSMsgType.TEXT:
                    self._take(json.loads(message.data))
        except (OSError, aiohttp.ClientError, ValueError) as error:
            log.warning("the socket to %s broke: %s", self._url, error)
        finally:
            self._lose()

    def _take(self, message: dict[str, Any]) -> None:
        if message.get("type") == "RESTResponse":
            future = self._asked.get(message.get("request_id", ""))
            if future is not None and not future.done():
                future.set_result(message)
            return
        try:
            self._hear(message)
        except Exception:
            log.exception("an event could not be taken in: %s", message.get("type"))

    def _lose(self) -> None:
        self.closed.set()
        for future in self._asked.values():
            if not future.done():
                future.set_exception(AriLostError(sent=True))


def _open_private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _read_answer(answer: Mapping[str, Any]) -> Any:
    text = answer.get("message_body") or ""
    status = int(answer["status_code"])
    if status >= FIRST_FAILURE:
        raise AriRefusedError(status, text or str(answer.get("reason_phrase", "")))
    return json.loads(text) if text else None
