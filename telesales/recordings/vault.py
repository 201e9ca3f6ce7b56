"""The keys and the store of this installation, and recordings read back through both."""

import os
from collections.abc import Iterator
from dataclasses import dataclass

from flask import current_app

from dialer.ports import RecordingSide
from telesales.config import Settings
from telesales.recordings.errors import RecordingUnreadableError
from telesales.recordings.models import Recording
from telesales.recordings.sealing import (
    PIECE,
    DamagedError,
    Keyring,
    MissingKeyError,
    Opener,
    header_size,
    sealed_size,
)
from telesales.recordings.stores import Store, StoreUnavailableError, open_store

PIECES_AT_ONCE = 16  # a mebibyte in memory for each listener


def keyring() -> Keyring | None:
    """The keys of the operator; None when there are none and nothing may be recorded."""
    keys = current_app.config["RECORDING_KEYS"]
    return Keyring(keys) if keys else None


def store() -> Store:
    """The store, opened once for each process: its connections do not survive a fork."""
    opened: dict[int, Store] = current_app.extensions.setdefault("recording_stores", {})
    if os.getpid() not in opened:
        settings: Settings = current_app.config["TELESALES"]
        opened[os.getpid()] = open_store(settings.recording_store, settings.data_dir)
    return opened[os.getpid()]


def bound_name(attempt_id: int, side: RecordingSide) -> str:
    """What a sealed file is of: it opens as nothing else."""
    return f"{attempt_id}/{side}"


@dataclass(frozen=True, slots=True)
class OpenRecording:
    """A recording whose key is there and whose file is whole in length."""

    opener: Opener
    store: Store
    key: str

    def read(self, start: int, end: int) -> Iterator[bytes]:
        """Plain bytes from start up to end, a mebibyte at a time. Raises DamagedError, StoreUnavailableError."""
        last = (end - 1) // PIECE
        for first in range(start // PIECE, last + 1, PIECES_AT_ONCE):
            upto = min(last, first + PIECES_AT_ONCE - 1)
            sealed = self.store.read(self.key, *self.opener.sealed_span(first, upto))
            plain = self.opener.open_pieces(first, sealed)
            yield plain[max(0, start - first * PIECE) : end - first * PIECE]


def open_recording(recording: Recording) -> OpenRecording:
    """Open a recording for reading. Raises RecordingUnreadableError before a byte was sent."""
    shelf, size = store(), recording.size
    try:
        if shelf.size(recording.storage_key) != sealed_size(size, recording.key_id):
            raise RecordingUnreadableError(code="recording-damaged")
        header = shelf.read(recording.storage_key, 0, header_size(recording.key_id))
        opener = Opener(
            header,
            size=size,
            keyring=keyring() or Keyring({}),
            name=bound_name(recording.attempt_id, recording.side),
        )
        opened = OpenRecording(opener, shelf, recording.storage_key)
        next(opened.read(0, 1))  # a wrong key is told now, not in the middle of an answer
    except MissingKeyError as error:
        raise RecordingUnreadableError(code="recording-key-missing") from error
    except DamagedError as error:
        raise RecordingUnreadableError(code="recording-damaged") from error
    except (StoreUnavailableError, OSError) as error:
        raise RecordingUnreadableError(code="recording-store-away") from error
    return opened
