"""Asks one node by plain HTTP, so that every refusal can be told apart."""

from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any

import aiohttp

from dialer.carriers.asterisk.settings import Node

SECONDS = 5.0
OK = 200


@dataclass(frozen=True, slots=True)
class Answer:
    """What the node answered; status 0: it did not."""

    status: int
    body: Any = None  # of JSON
    text: str = ""  # of anything else
    clock: float = 0.0  # seconds since 1970, as the node sees it
    error: str = ""

    @property
    def is_ok(self) -> bool:
        """It did what it was asked."""
        return OK <= self.status < OK + 100


class Caller:
    """A session with one node. A context manager."""

    def __init__(self, node: Node, password: str) -> None:
        self.node = node
        self.password = password
        self._headers = {"Authorization": aiohttp.encode_basic_auth(node.ari_user, password)}
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> "Caller":
        timeout = aiohttp.ClientTimeout(total=SECONDS)
        self._session = aiohttp.ClientSession(headers=self._headers, timeout=timeout)
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._session is not None:
            await self._session.close()

    async def ask(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Answer:
        """One request to ARI; never raises for a node that is away."""
        return await self.ask_at(method, f"{self.node.ari_url}/{path}", body)

    async def ask_at(self, method: str, url: str, body: Mapping[str, Any] | None = None) -> Answer:
        """One request to any page of the node."""
        assert self._session is not None  # noqa: S101
        try:
            async with self._session.request(method, url, json=body) as answer:
                seen = answer.headers.get("Date", "")
                text = await answer.text()
                is_json = answer.content_type == "application/json" and text
                return Answer(
                    answer.status,
                    await answer.json() if is_json else None,
                    "" if is_json else text,
                    parsedate_to_datetime(seen).timestamp() if seen else 0.0,
                )
        except (aiohttp.ClientError, OSError, TimeoutError, ValueError) as error:
            return Answer(0, error=str(error) or type(error).__name__)
