"""What was sent lately, so that a browser that was away hears what it missed."""

from bisect import bisect_right
from collections.abc import Collection

from telesales.push.messages import NOTHING_YET, STREAM_LENGTH, Message, StreamId


class History:
    """The last messages in their order."""

    def __init__(self, length: int = STREAM_LENGTH) -> None:
        self.length = length
        self.messages: list[Message] = []
        self.ids: list[StreamId] = []

    @property
    def newest(self) -> StreamId:
        """Id of the last message."""
        return self.ids[-1] if self.ids else NOTHING_YET

    def append(self, message: Message) -> None:
        """Remember a message; the oldest are forgotten by halves, which is cheap."""
        self.messages.append(message)
        self.ids.append(message.id or NOTHING_YET)
        if len(self.ids) > 2 * self.length:
            del self.messages[: -self.length], self.ids[: -self.length]

    def reaches(self, last: StreamId) -> bool:
        """Say whether everything after `last` is still known."""
        return not self.ids or last >= self.ids[0]

    def since(self, last: StreamId, topics: Collection[str]) -> list[Message]:
        """Return what these topics missed after `last`."""
        start = bisect_right(self.ids, last)
        return [message for message in self.messages[start:] if message.topic in topics]
