"""Brings uploaded messages to one node before a person needs them.

The node fetches a sound when it first plays it, and keeps it (Asterisk's media cache); so each is played once where nobody hears it.
A new sound takes the place of an old one when the node has it. Until a node can fetch, people hear the operator's files.
"""

import asyncio
import logging
import socket
from collections.abc import Mapping
from typing import Any, cast
from urllib.parse import urlsplit

from dialer.carriers.asterisk import message_book
from dialer.carriers.asterisk.sound_server import PROBE, SoundServer
from dialer.carriers.asterisk.switch import Switch

log = logging.getLogger(__name__)

BRIDGE = "bringing"  # nobody is ever in it
LOOK_SECONDS = 0.02
ASKED_WITHIN = 0.5  # a sound that was not asked for by then is on the node
FAILED_WITHIN = 0.15  # after the node got an answer; a sound that is played longer is whole
SHORTEST_SECONDS = 0.4  # of a sound that was played to its end
BROUGHT_WITHIN = 5.0
AGAIN_SECONDS = 5.0


class Uploaded:
    """Uploaded messages of one node."""

    def __init__(self, switch: Switch, server: SoundServer) -> None:
        self._switch, self._server, self._name = switch, server, switch.node.name
        self._told: Mapping[str, str] = {}
        self._is_bringing, self._again_at = False, 0.0

    async def adopt(self) -> None:
        """After a connection: the node may have lost what it had, and fetches it when it is needed."""
        self._switch.kept_sounds, self._told, self._again_at = set(), {}, 0.0
        await self._switch.client.delete(message_book.node_messages(self._name))
        self._switch.uploaded = await self._wanted()
        if self._switch.uploaded:
            await self._open()

    async def beat(self) -> None:
        """Look for what was uploaded, replaced or removed."""
        wanted = await self._wanted()
        await self._use(wanted)
        missing = set(wanted.values()) - self._switch.kept_sounds
        if missing and not self._is_bringing and self._now() >= self._again_at:
            self._is_bringing = True
            self._switch.spawn(self._bring_all(sorted(missing)))

    async def _wanted(self) -> Mapping[str, str]:
        found = await self._switch.client.hgetall(message_book.INDEX)
        return cast("Mapping[str, str]", found)

    async def _use(self, wanted: Mapping[str, str]) -> None:
        """Play from now on what is wanted, and meanwhile what was; tell which of it is certain."""
        before = self._switch.uploaded
        self._switch.uploaded = {
            name: fingerprint if fingerprint in self._switch.kept_sounds else before.get(name, fingerprint)
            for name, fingerprint in wanted.items()
        }
        certain = {
            name: kept for name, kept in self._switch.uploaded.items() if kept in self._switch.kept_sounds
        }
        if certain != self._told:
            key = message_book.node_messages(self._name)
            async with self._switch.client.pipeline(transaction=True) as pipe:
                pipe.delete(key)
                if certain:
                    pipe.hset(key, mapping=cast("Any", certain))
                await pipe.execute()
            self._told = certain

    async def _open(self) -> None:
        """Let the node ask us; it reaches us where we reach it from."""
        address = await asyncio.to_thread(_own_address, self._switch.node.ari_url)
        self._switch.sounds_url = f"{await self._server.open(address)}/{self._name}"

    async def _bring_all(self, missing: list[str]) -> None:
        self._again_at = self._now() + AGAIN_SECONDS  # unless all goes well
        try:
            await self._open()
            if not await self._is_brought(PROBE):
                log.warning(
                    "node %s does not reach %s: its folder is heard", self._name, self._switch.sounds_url
                )
                self._switch.sounds_url = ""
                return
            for fingerprint in missing:
                if await self._is_brought(fingerprint):
                    self._switch.kept_sounds.add(fingerprint)
            if self._switch.kept_sounds.issuperset(missing):
                self._again_at = 0.0
            await self._use(await self._wanted())
        finally:
            self._is_bringing = False

    async def _is_brought(self, fingerprint: str) -> bool:
        """Play a sound to nobody, in a bridge of its own: one whose last sound is ending may refuse the next."""
        bridge = f"{BRIDGE}-{fingerprint[:16]}"
        await self._switch.try_to("DELETE", f"bridges/{bridge}")
        await self._switch.ask("POST", f"bridges/{bridge}", type="mixing")
        try:
            return await self._is_played(bridge, fingerprint)
        finally:
            await self._switch.try_to("DELETE", f"bridges/{bridge}")

    async def _is_played(self, bridge: str, fingerprint: str) -> bool:
        """A failed sound is over at once; while it is fetched it seems to be played."""
        playback, began = f"bringing-{fingerprint[:16]}", self._now()
        before, asked_at = self._server.count(self._name, fingerprint), 0.0
        media = f"sound:{self._switch.sounds_url}/{fingerprint}.wav"
        await self._switch.ask("POST", f"bridges/{bridge}/play/{playback}", media=media)
        while self._now() - began < BROUGHT_WITHIN:
            await asyncio.sleep(LOOK_SECONDS)
            if not asked_at and self._server.count(self._name, fingerprint) > before:
                asked_at = self._now()
            if fingerprint == PROBE and asked_at:
                return True
            if not await self._switch.find(f"playbacks/{playback}"):
                return fingerprint != PROBE and self._now() - began > SHORTEST_SECONDS
            if fingerprint == PROBE:
                continue
            if self._now() - (asked_at or began) > (FAILED_WITHIN if asked_at else ASKED_WITHIN):
                return True
        return False

    def _now(self) -> float:
        return asyncio.get_running_loop().time()


def _own_address(url: str) -> str:
    """The address from which this machine reaches another one; nothing is sent."""
    parts = urlsplit(url)
    found = socket.getaddrinfo(parts.hostname, parts.port or 80, type=socket.SOCK_DGRAM)
    family, kind, *_, address = found[0]
    with socket.socket(family, kind) as probe:
        probe.connect(address)
        return str(probe.getsockname()[0])
