"""What the parts of one node's service share: the socket, the books, and tasks that nobody waits for."""

import asyncio
import logging
from collections.abc import Coroutine, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from redis.asyncio import Redis

from dialer.carriers.asterisk.agents_book import AgentBook
from dialer.carriers.asterisk.ari import AriClient, AriLostError, AriRefusedError
from dialer.carriers.asterisk.book import AWAY, CallBook
from dialer.carriers.asterisk.settings import APPLICATION, Node, Telephony, Trunk
from dialer.carriers.talks import TalkBook

log = logging.getLogger(__name__)
NOT_FOUND = 404
CONFLICT = 409


@dataclass(frozen=True, slots=True)
class Sound:
    """Something that the node can be asked to play."""

    name: str
    media: str  # as ARI wants it
    fingerprint: str = ""  # of an uploaded one; empty: a file of the operator


class Switch:
    """One node as the parts of its service see it."""

    def __init__(self, client: Redis, telephony: Telephony, node: Node, token: str) -> None:
        self.client, self.telephony, self.node, self.token = client, telephony, node, token
        self.book, self.agents = CallBook(client), AgentBook(client, telephony)
        self.talks = TalkBook(client)
        self.ari: AriClient | None = None
        self.uploaded: Mapping[str, str] = {}  # name of a message → fingerprint; see `uploaded`
        self.kept_sounds: set[str] = set()  # fingerprints that the node has for certain
        self.sounds_url = ""  # where the node fetches them; empty: it cannot
        self._tasks: set[asyncio.Task[None]] = set()

    def trunk(self, name: str) -> Trunk:
        """A trunk by its name."""
        return next(trunk for trunk in self.telephony.trunks if trunk.name == name)

    def sounds_of(self, names: Iterable[str]) -> list[Sound]:
        """What can be tried for names of messages, the best first: of each the uploaded one, then the operator's file."""
        found = []
        for name in names:
            fingerprint = self.uploaded.get(name, "")
            if fingerprint and self.sounds_url:
                found.append(Sound(name, f"sound:{self.sounds_url}/{fingerprint}.wav", fingerprint))
            if self.node.sounds_folder:
                found.append(Sound(name, f"sound:{self.node.sounds_folder}/{name}"))
        return found

    async def ask(self, method: str, path: str, body: Any = None, **query: object) -> Any:
        """Ask the node for something."""
        if self.ari is None:
            raise AriLostError(sent=False)
        return await self.ari.ask(method, path, body, **query)

    async def try_to(self, method: str, path: str, body: Any = None, **query: object) -> bool:
        """Ask for something that may be done already, or whose object may be gone."""
        try:
            await self.ask(method, path, body, **query)
        except AriRefusedError as error:
            log.debug("%s %s on %s: %s", method, path, self.node.name, error)
            return False
        return True

    async def originate(self, channel: str, endpoint: str, *, kind: str, **query: object) -> None:
        """Ask for a channel of ours. AriRefusedError: it certainly does not exist."""
        body = query.pop("body", None)
        try:
            await self.ask(
                "POST",
                f"channels/{channel}",
                body,
                endpoint=endpoint,
                app=APPLICATION,
                appArgs=kind,
                **query,
            )
        except AriRefusedError as error:
            # Asterisk 22 says "conflict" now and then for an endpoint that does not exist.
            if error.status != CONFLICT or not await self.find(f"channels/{channel}"):
                raise

    async def find(self, path: str) -> Any:
        """Return what the node knows under this path; None when there is no such thing."""
        try:
            return await self.ask("GET", path)
        except AriRefusedError as error:
            if error.status == NOT_FOUND:
                return None
            raise

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Do something beside everything else. A lost socket is no error: what is there is looked at afterwards."""
        task = asyncio.create_task(self._guard(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        task.add_done_callback(lambda _: work.close())  # one that was ended before it began

    async def _guard(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except AriLostError:
            log.info("%s did not answer", self.node.name)
        except AriRefusedError as error:
            log.warning("%s refused: %s", self.node.name, error)
        except AWAY as error:
            log.warning("redis is away: %s", error)
            if self.ari is not None:
                self.ari.closed.set()  # what was missed is found by looking again
        except Exception:
            log.exception("node %s: something failed", self.node.name)

    async def finish(self) -> None:
        """End what is under way."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
