"""One leg's media: a UDP socket that sends a frame every 20 ms and keeps what it hears, tones and keys."""

import asyncio
import random
import struct
from collections.abc import Callable, Iterator

from tests.telephony.audio import FRAME, FRAME_SECONDS, SILENCE, is_tone, linear, loudness, share

KEYS = "0123456789*#ABCD"
EVENT_TYPE = 101
PCMU = 0
LOOK = 10 * FRAME  # a fifth of a second is looked at to say which tone is heard
WAIT_SECONDS = 40.0  # for what is certain to come, however slow the machine: no test claims a time with it
MOST_HEARD = 8000 * 120
HEADER = 12


class Media(asyncio.DatagramProtocol):
    """Speaks and listens. It is silent, but it sends, until it is told what to say."""

    def __init__(self) -> None:
        self.heard = bytearray()
        self.keys = ""  # keys that the other side pressed (RFC 4733)
        self.received = self.sent = 0
        self.first_at: float | None = None  # loop time of the first packet
        self.last_at: float | None = None
        self.port = 0
        self.peer: tuple[str, int] | None = None
        self._source: Iterator[bytes] | None = None
        self._said = asyncio.Event()
        self._watchers: set[Callable[[], None]] = set()
        self._sequence = random.randrange(30_000)
        self._clock = random.randrange(2**31)
        self._stream = random.randrange(2**32)
        self._last_key = -1
        self._sender: asyncio.Task[None] | None = None
        self._to_press: list[str] = []
        self._is_suppressed = False
        self._transport: asyncio.DatagramTransport | None = None

    async def open(self, ip: str) -> None:
        loop = asyncio.get_running_loop()
        self._transport, _ = await loop.create_datagram_endpoint(lambda: self, local_addr=(ip, 0))
        self.port = self._transport.get_extra_info("sockname")[1]

    def send_to(self, peer: tuple[str, int]) -> None:
        """Begin to send, or send elsewhere."""
        self.peer = peer
        if self._sender is None:
            self._sender = asyncio.create_task(self._send())

    def close(self) -> None:
        if self._sender is not None:
            self._sender.cancel()
        if self._transport is not None:  # a call may end while its socket is being opened
            self._transport.close()
        self._look()

    # Speaking

    def say(self, source: Iterator[bytes]) -> None:
        """Send this from now on."""
        self._said.clear()
        self._source = source

    async def said(self) -> None:
        """Wait until what was to be said has been said."""
        await self._said.wait()

    def suppress(self, *, on: bool = True) -> None:
        """Send no packets, as carriers do that suppress silence, or send again."""
        self._is_suppressed = on

    def press(self, keys: str) -> None:
        """Press keys, one after the other."""
        self._to_press.extend(keys)

    async def _send(self) -> None:
        loop = asyncio.get_running_loop()
        begun, frames = loop.time(), 0
        while True:
            if self._to_press:
                key = self._to_press.pop(0)
                frames += await self._send_key(key, begun, frames)
                continue
            if not self._is_suppressed:
                self._packet(PCMU, self._next_frame(), mark=frames == 0)
            self._clock += FRAME
            frames += 1
            await asyncio.sleep(max(0.0, begun + frames * FRAME_SECONDS - loop.time()))

    def _next_frame(self) -> bytes:
        if self._source is not None:
            frame = next(self._source, None)
            if frame is not None:
                return frame
            self._source = None
            self._said.set()
        return SILENCE

    async def _send_key(self, key: str, begun: float, frames: int) -> int:
        """A hundred milliseconds of key, three times its end, and a pause as long as that."""
        loop = asyncio.get_running_loop()
        for number in range(1, 9):
            over = number > 5
            payload = struct.pack("!BBH", KEYS.index(key), 0x80 * over | 10, FRAME * min(number, 5))
            self._packet(EVENT_TYPE, payload, mark=number == 1)
            await asyncio.sleep(max(0.0, begun + (frames + number) * FRAME_SECONDS - loop.time()))
        self._clock += FRAME * 8
        for number in range(9, 14):
            self._packet(PCMU, SILENCE)
            self._clock += FRAME
            await asyncio.sleep(max(0.0, begun + (frames + number) * FRAME_SECONDS - loop.time()))
        return 13

    def _packet(self, kind: int, payload: bytes, *, mark: bool = False) -> None:
        assert self.peer is not None
        assert self._transport is not None
        head = struct.pack(
            "!BBHII",
            0x80,
            0x80 * mark | kind,
            self._sequence & 0xFFFF,
            self._clock & 0xFFFFFFFF,
            self._stream,
        )
        self._sequence += 1
        self.sent += 1
        self._transport.sendto(head + payload, self.peer)

    # Listening

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        if len(data) <= HEADER or data[0] >> 6 != 2:
            return
        self.received += 1
        self.last_at = asyncio.get_running_loop().time()
        if self.first_at is None:
            self.first_at = self.last_at
        kind, stamp = data[1] & 127, int.from_bytes(data[4:8])
        if kind == PCMU and len(self.heard) < MOST_HEARD:
            self.heard += data[HEADER:]
        elif kind == EVENT_TYPE and data[HEADER + 1] & 0x80 and stamp != self._last_key:
            self._last_key = stamp
            self.keys += KEYS[data[HEADER] & 15]
        if self.received % 2 == 0 or kind != PCMU:
            self._look()

    def _look(self) -> None:
        for watcher in list(self._watchers):
            watcher()

    async def _until(self, met: Callable[[], bool], seconds: float, what: str) -> None:
        if met():
            return
        done = asyncio.Event()

        def watch() -> None:
            if met():
                done.set()

        self._watchers.add(watch)
        try:
            async with asyncio.timeout(seconds):
                await done.wait()
        except TimeoutError:
            raise AssertionError(f"{what} was not heard within {seconds:g} s; {self.tells()}") from None
        finally:
            self._watchers.discard(watch)

    async def hears(self, *hertz: int, seconds: float = WAIT_SECONDS, least: float = 0.5) -> None:
        """Wait until these tones make up what is heard now (least of its energy in all, each a tenth)."""
        start = max(0, len(self.heard) - LOOK)

        def met() -> bool:
            shares = self.shares(*hertz, start=start)
            return bool(shares) and sum(shares) >= least and min(shares) >= 0.1

        await self._until(met, seconds, f"{hertz} Hz")

    def seconds_of(self, hertz: int) -> float:
        """How much of this tone was heard in all, counted in frames: no delay of a machine changes it."""
        frames = (bytes(self.heard[at : at + FRAME]) for at in range(0, len(self.heard) - FRAME + 1, FRAME))
        return round(sum(is_tone(frame, hertz) for frame in frames) * FRAME_SECONDS, 3)

    async def hears_whole(self, hertz: int, seconds: float) -> None:
        """Wait until a message was heard to its end; a frame at each end may be no whole one."""
        least = seconds - 2 * FRAME_SECONDS
        await self._until(
            lambda: self.seconds_of(hertz) >= least, WAIT_SECONDS, f"{seconds:g} s of {hertz} Hz"
        )

    async def hears_no_more(self, hertz: int) -> None:
        """Wait until a fifth of a second, whatever else it is, has nothing of this tone."""
        start = len(self.heard)
        await self._until(
            lambda: (shares := self.shares(hertz, start=start)) != [] and shares[0] < 0.1,
            WAIT_SECONDS,
            f"an end of {hertz} Hz",
        )

    async def hears_none_of(self, *hertz: int, looks: int = 5) -> None:
        """From now on, for a second: no moment of it has these tones."""
        heard = linear(await self.hears_more(looks * LOOK // FRAME))
        for at in range(0, looks * LOOK, LOOK):
            moment = heard[at : at + LOOK]
            found = {one: round(share(moment, one), 2) for one in hertz if loudness(moment) > 50}
            assert all(part < 0.03 for part in found.values()), f"{found} was heard; {self.tells()}"

    async def hears_nothing(self, seconds: float = WAIT_SECONDS) -> None:
        """Wait until it has been quiet for a fifth of a second from now on (packets of silence)."""
        start = len(self.heard)
        await self._until(
            lambda: len(self.heard) >= start + LOOK and loudness(linear(self.heard[-LOOK:])) < 50,
            seconds,
            "silence",
        )

    async def hears_more(self, frames: int = 10, seconds: float = WAIT_SECONDS) -> bytes:
        """The next frames that are heard, whatever they are."""
        start = len(self.heard)
        await self._until(lambda: len(self.heard) >= start + frames * FRAME, seconds, f"{frames} more frames")
        return bytes(self.heard[start:])

    async def hears_keys(self, keys: str, seconds: float = WAIT_SECONDS) -> None:
        """Wait for keys that the other side presses."""
        await self._until(lambda: keys in self.keys, seconds, f"keys {keys}")

    def shares(self, *hertz: int, start: int = 0) -> list[float]:
        """How much of the last fifth of a second each tone is; nothing when too little was heard since `start`."""
        if len(self.heard) < start + LOOK:
            return []
        samples = linear(self.heard[-LOOK:])
        return [share(samples, one) for one in hertz] if loudness(samples) > 50 else [0.0 for _ in hertz]

    def tells(self) -> str:
        """What is heard now, for a failed test."""
        named = {
            hz: round(part, 2) for hz in range(300, 1600, 50) if (part := (self.shares(hz) or [0.0])[0]) > 0.1
        }
        return f"{self.received} packets heard, {self.sent} sent, keys {self.keys!r}, tones {named}"
