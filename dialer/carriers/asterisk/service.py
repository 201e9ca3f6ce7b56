"""Serves one node: connects, looks at what is there, hears events and carries out commands, until it is told to stop."""

import asyncio
import logging
import time
from collections.abc import Mapping
from typing import Any

from redis.asyncio import Redis

from dialer.carriers.asterisk import keys
from dialer.carriers.asterisk.ari import AriClient, AriLostError, AriRefusedError
from dialer.carriers.asterisk.book import AWAY
from dialer.carriers.asterisk.bridging import Bridging
from dialer.carriers.asterisk.callers import Announce, Callers
from dialer.carriers.asterisk.calls import Calls
from dialer.carriers.asterisk.hearing import Hearing
from dialer.carriers.asterisk.legs import Legs
from dialer.carriers.asterisk.links import Links
from dialer.carriers.asterisk.messages import Messages
from dialer.carriers.asterisk.obeying import Obedience
from dialer.carriers.asterisk.recording import Recorder
from dialer.carriers.asterisk.registrations import RegistrationWatch
from dialer.carriers.asterisk.resync import Resync
from dialer.carriers.asterisk.settings import APPLICATION, Node, Telephony
from dialer.carriers.asterisk.sound_server import SoundServer
from dialer.carriers.asterisk.supervising import Supervising
from dialer.carriers.asterisk.switch import Switch
from dialer.carriers.asterisk.talking import Talking
from dialer.carriers.asterisk.third import Third
from dialer.carriers.asterisk.uploaded import Uploaded
from dialer.carriers.asterisk.voicemail import Voicemail

log = logging.getLogger(__name__)

AGAIN_SECONDS = 0.25
DEAD_SECONDS = 4.0  # without a connection: the node's calls are over
UP_MS = 3_000
BEAT_SECONDS = 1.0
BLOCK_MS = 500
BATCH = 200


class NodeService:
    """One node, as long as this gateway holds its lease."""

    def __init__(
        self,
        client: Redis,
        telephony: Telephony,
        node: Node,
        *,
        password: str,
        token: str,
        announce: Announce,
        sounds: SoundServer,
    ) -> None:
        self.node, self._password, self._client = node, password, client
        self.switch = Switch(client, telephony, node, token)
        self.calls = Calls(self.switch)
        self.resync = Resync(self.calls)
        self.legs = Legs(self.switch, self.calls.is_talking)
        self.messages, self.uploaded = Messages(self.calls), Uploaded(self.switch, sounds)
        self.third = Third(self.calls, self.messages)
        self.voicemail = Voicemail(self.calls, self.messages)
        self.supervising, self.recorder = Supervising(self.legs), Recorder(self.calls)
        self.registrations = RegistrationWatch(self.switch)
        self.links, self.callers = Links(self.calls, self.legs), Callers(self.calls, announce)
        bridging = Bridging(self.calls, self.legs, self.recorder, self.links)
        self.messages.on_left.append(self.recorder.stop)
        self.calls.on_over.append(self.links.call_is_over)
        self.calls.on_over.append(self.third.call_is_over)
        self.legs.on_came.append(self.supervising.leg_came)
        self.legs.on_went.append(self.supervising.leg_went)
        self._hearing, self._obedience = self._hear_with(bridging), self._obey_with(bridging)
        self._stopping = asyncio.Event()
        self._last = "0"
        self.is_up = False

    def _hear_with(self, bridging: Bridging) -> Hearing:
        return Hearing(
            self.calls,
            self.legs,
            messages=self.messages,
            third=self.third,
            voicemail=self.voicemail,
            supervising=self.supervising,
            recorder=self.recorder,
            bridging=bridging,
            links=self.links,
            callers=self.callers,
        )

    def _obey_with(self, bridging: Bridging) -> Obedience:
        return Obedience(
            self.legs,
            bridging,
            calls=self.calls,
            messages=self.messages,
            talking=Talking(self.calls, self.third, self.voicemail, self.recorder),
            supervising=self.supervising,
            callers=self.callers,
        )

    def stop(self) -> None:
        """Let go of the node; its calls go on."""
        self._stopping.set()
        if self.switch.ari is not None:
            self.switch.ari.closed.set()

    async def serve(self) -> None:
        """Work until told to stop. Every connection begins with a look at what is there."""
        lost_at, given_up = time.monotonic(), False
        while not self._stopping.is_set():
            connected = await self._connection()
            if connected:
                lost_at, given_up = time.monotonic(), False
            elif not given_up and time.monotonic() - lost_at > DEAD_SECONDS:
                given_up = await self._give_up()
            if not self._stopping.is_set():
                await asyncio.sleep(AGAIN_SECONDS if not connected else 0)
        await self.switch.finish()

    async def _connection(self) -> bool:
        """One connection from beginning to end; False when there was none."""
        ari = AriClient(
            self.node.ari_url, self.node.ari_user, self._password, app=APPLICATION, hear=self._hearing.hear
        )
        try:
            await self.resync.read()
            await ari.open()
            self.switch.ari = ari
            await self._look()
            await self._work(ari)
        except (AriLostError, *AWAY) as error:
            log.debug("node %s: %s", self.node.name, error)
            return self.is_up
        except AriRefusedError:
            log.exception("node %s cannot be served", self.node.name)
            return self.is_up
        finally:
            self.is_up = False
            self.switch.ari = None
            await ari.close()
            await self._say_down()
        return True

    async def _look(self) -> None:
        """Compare what is recorded with what is on the node: events of the time between were lost."""
        pong = await self.switch.ask("GET", "asterisk/ping")
        if not pong or "ping" not in pong:
            raise AriLostError(sent=False)
        channels = {channel["id"]: channel for channel in await self.switch.ask("GET", "channels")}
        await self.links.prepare()
        doubtful = await self.resync.adopt(channels)
        await self.legs.adopt()
        await self.links.adopt(channels)
        await self.callers.adopt(channels)
        await self.third.adopt(channels)
        await self.uploaded.adopt()
        await self.messages.adopt()
        await self.voicemail.adopt()
        await self.supervising.adopt()
        await self.recorder.adopt()
        await self._hearing.look_at_trunks()
        self.switch.spawn(self.resync.settle_doubts(doubtful))
        log.info("node %s is served, with %d calls", self.node.name, len(self.calls.known))

    async def _work(self, ari: AriClient) -> None:
        self.is_up = True
        self._last = "0"  # what was begun and not finished is done again
        work = [asyncio.create_task(part) for part in (self._obey(ari), self._beat(ari), ari.closed.wait())]
        try:
            done, _ = await asyncio.wait(work, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            ari.closed.set()  # loops look at it too: redis-py can swallow that a task was cancelled
            for task in work:
                task.cancel()
            await asyncio.gather(*work, return_exceptions=True)

    async def _beat(self, ari: AriClient) -> None:
        while not ari.closed.is_set():
            await self._client.set(keys.node_up(self.node.name), self.switch.token, px=UP_MS)
            await self.legs.close_expired()
            await self.legs.look_for_unheard()
            await self.callers.announce_due()
            await self.uploaded.beat()
            await self.registrations.beat()
            await asyncio.sleep(BEAT_SECONDS)

    async def _say_down(self) -> None:
        try:
            await self._client.delete(keys.node_up(self.node.name))
        except AWAY as error:
            log.debug("redis is away: %s", error)

    async def _obey(self, ari: AriClient) -> None:
        stream = keys.node_commands(self.node.name)
        while not ari.closed.is_set():
            answer: Any = await self._client.xread({stream: self._last}, count=BATCH, block=BLOCK_MS)
            for _, entries in answer or ():
                for entry, fields in entries:
                    self._last = entry
                    self.switch.spawn(self._carry_out(stream, entry, fields))

    async def _carry_out(self, stream: str, entry: str, fields: Mapping[str, str]) -> None:
        await self._obedience.obey(fields)
        await self._client.xdel(stream, entry)

    async def _give_up(self) -> bool:
        """Nothing on this node lives any more."""
        log.warning("node %s is dead: its calls are over", self.node.name)
        try:
            await self.resync.give_up()
            await self.callers.give_up()
            await self.legs.give_up()
        except AWAY as error:
            log.debug("redis is away: %s", error)
            return False
        return True
