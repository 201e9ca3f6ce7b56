"""One pushed message: its form in the Redis stream and on the wire."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

STREAM = "ts:push"
STREAM_LENGTH = 20_000

StreamId = tuple[int, int]
NOTHING_YET: StreamId = (0, 0)


def stream_fields(topic: str, event: str, data: Any) -> dict[str, str]:
    """Flat strings for XADD."""
    return {
        "topic": topic,
        "event": event,
        "data": json.dumps(data, ensure_ascii=False, separators=(",", ":")),
    }


def parse_id(text: str) -> StreamId | None:
    """Read "1700000000000-0"; None when it is something else."""
    milliseconds, _, sequence = text.partition("-")
    if not (milliseconds.isascii() and milliseconds.isdigit() and sequence.isascii() and sequence.isdigit()):
        return None
    return int(milliseconds), int(sequence)


def format_id(stream_id: StreamId) -> str:
    """Inverse of `parse_id`."""
    return f"{stream_id[0]}-{stream_id[1]}"


def chunk(body: bytes) -> bytes:
    """Frame for a chunked HTTP/1.1 answer."""
    return b"%x\r\n%b\r\n" % (len(body), body)


@dataclass(frozen=True)
class Message:
    """What is sent to everyone who hears `topic`. `data` is JSON. Framed once, however many listen."""

    event: str
    data: str
    topic: str = ""
    id: StreamId | None = None

    @classmethod
    def from_fields(cls, stream_id: str, fields: Mapping[str, str]) -> "Message":
        """Read a stream entry."""
        return cls(fields["event"], fields["data"], fields["topic"], parse_id(stream_id))

    @cached_property
    def plain(self) -> bytes:
        """Server-sent event."""
        head = f"id: {format_id(self.id)}\n" if self.id else ""
        return f"{head}event: {self.event}\ndata: {self.data}\n\n".encode()

    @cached_property
    def chunked(self) -> bytes:
        """Server-sent event as a chunk."""
        return chunk(self.plain)
