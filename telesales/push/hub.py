"""Who listens to what, and handing messages to them."""

import asyncio
from collections import defaultdict
from dataclasses import dataclass, field

from telesales.push.history import History
from telesales.push.messages import Message, StreamId, format_id
from telesales.push.topics import desk_owner

SLOW_BYTES = 256 * 1024


@dataclass(eq=False)
class Listener:
    """One open stream. Writes go straight to the transport: no queue, no task per message."""

    topics: frozenset[str]
    transport: asyncio.Transport
    chunked: bool = True
    desks: frozenset[int] = field(init=False)

    def __post_init__(self) -> None:
        """Find whose desks this browser shows."""
        owners = (desk_owner(topic) for topic in self.topics)
        self.desks = frozenset(owner for owner in owners if owner is not None)

    def send(self, message: Message) -> None:
        """Write, or drop a browser that does not keep up: it comes back and asks for what it missed."""
        if self.transport.is_closing():
            return
        if self.transport.get_write_buffer_size() > SLOW_BYTES:
            self.transport.abort()
            return
        self.transport.write(message.chunked if self.chunked else message.plain)


class Hub:
    """All listeners by topic."""

    def __init__(self) -> None:
        self.listeners: set[Listener] = set()
        self.by_topic: defaultdict[str, set[Listener]] = defaultdict(set)
        self.history = History()
        self.is_fed = False

    def join(self, listener: Listener, last: StreamId | None) -> None:
        """Greet, replay what was missed, and listen from now on."""
        listener.send(Message("hello", f'{{"live":{_json(self.is_fed)}}}', id=last or self.history.newest))
        if last is not None:
            self._replay(listener, last)
        self.listeners.add(listener)
        for topic in listener.topics:
            self.by_topic[topic].add(listener)

    def _replay(self, listener: Listener, last: StreamId) -> None:
        if not self.history.reaches(last):
            listener.send(Message("gap", f'{{"after":"{format_id(last)}"}}', id=self.history.newest))
            return
        for message in self.history.since(last, listener.topics):
            listener.send(message)

    def leave(self, listener: Listener) -> None:
        """Forget a listener."""
        self.listeners.discard(listener)
        for topic in listener.topics:
            self.by_topic[topic].discard(listener)
            if not self.by_topic[topic]:
                del self.by_topic[topic]

    def hand_out(self, message: Message) -> None:
        """Remember the message and send it to everyone who hears its topic."""
        self.history.append(message)
        for listener in self.by_topic.get(message.topic, ()):
            listener.send(message)

    def beat(self) -> None:
        """Show every browser that the stream is alive, and whether Redis feeds it."""
        message = Message("beat", f'{{"live":{_json(self.is_fed)}}}')
        for listener in self.listeners:
            listener.send(message)

    def set_fed(self, is_fed: bool) -> None:
        """Tell at once when Redis goes away or comes back."""
        if is_fed != self.is_fed:
            self.is_fed = is_fed
            self.beat()

    def open_desks(self) -> set[int]:
        """Agents whose desk is open in a browser."""
        return {desk for listener in self.listeners for desk in listener.desks}


def _json(flag: bool) -> str:
    return "true" if flag else "false"
