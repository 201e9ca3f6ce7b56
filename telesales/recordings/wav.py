"""WAV files of telephones: 16-bit mono sound, read in pieces. Pure but for the file at hand."""

import struct
import sys
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

PIECE = 256 * 1024
PEAKS = 1_000
SAMPLE_BYTES = 2
HEADER_BYTES = 44
PCM, EXTENSIBLE = 1, 0xFFFE
RATES = range(8_000, 48_001)


class BadWavError(Exception):
    """The file is no WAV of 16-bit mono sound."""


@dataclass(frozen=True, slots=True)
class Wav:
    """Where the samples of a file lie."""

    rate: int
    offset: int
    data_size: int

    @property
    def seconds(self) -> float:
        """How long it is."""
        return self.data_size / (self.rate * SAMPLE_BYTES)

    @property
    def size(self) -> int:
        """Bytes of the file as we keep it."""
        return HEADER_BYTES + self.data_size


def read_wav(path: Path) -> Wav:
    """Find the samples. A header that was never finished is believed less than the length of the file."""
    with path.open("rb") as file:
        file_size = path.stat().st_size
        riff = file.read(12)
        if len(riff) < 12 or riff[:4] != b"RIFF" or riff[8:] != b"WAVE":
            raise BadWavError("not a WAV file")
        rate = 0
        for name, size in _chunks(file):
            if name == b"fmt ":
                rate = _rate(file.read(size))
            elif name == b"data":
                if not rate:
                    raise BadWavError("its format is not told")
                return _within(rate, file.tell(), size, file_size)
            file.seek(size % 2 if name == b"fmt " else size + size % 2, 1)
    raise BadWavError("it holds no sound")


def _chunks(file: BinaryIO) -> Iterator[tuple[bytes, int]]:
    while len(head := file.read(8)) == 8:
        yield head[:4], int.from_bytes(head[4:], "little")


def _rate(format_chunk: bytes) -> int:
    if len(format_chunk) < 16:
        raise BadWavError("its format is cut off")
    kind, channels, rate, _bytes, _align, bits = struct.unpack_from("<HHIIHH", format_chunk)
    if kind not in (PCM, EXTENSIBLE) or channels != 1 or bits != SAMPLE_BYTES * 8 or rate not in RATES:
        raise BadWavError(f"format {kind}, {channels} channels, {bits} bits, {rate} Hz")
    return int(rate)


def _within(rate: int, offset: int, told: int, file_size: int) -> Wav:
    there = file_size - offset
    size = told if 0 < told <= there else there
    size -= size % SAMPLE_BYTES
    if size <= 0:
        raise BadWavError("it holds no sound")
    return Wav(rate, offset, size)


def header_of(rate: int, data_size: int) -> bytes:
    """The plainest header there is."""
    form = struct.pack("<HHIIHH", PCM, 1, rate, rate * SAMPLE_BYTES, SAMPLE_BYTES, SAMPLE_BYTES * 8)
    return b"".join(
        (b"RIFF", struct.pack("<I", 36 + data_size), b"WAVEfmt ", struct.pack("<I", 16), form,
         b"data", struct.pack("<I", data_size))
    )  # fmt: skip


def pieces_of(path: Path, wav: Wav) -> Iterator[bytes]:
    """The file as we keep it: our header, then the samples."""
    yield header_of(wav.rate, wav.data_size)
    left = wav.data_size
    with path.open("rb") as file:
        file.seek(wav.offset)
        while left and (piece := file.read(min(PIECE, left))):
            left -= len(piece)
            yield piece
    if left:
        raise BadWavError("it became shorter while it was read")


class PeakMeter:
    """Hears samples and remembers the loudest of each of a thousand equal pieces."""

    def __init__(self, data_size: int) -> None:
        self._step = max(1, -(-data_size // SAMPLE_BYTES // PEAKS)) * SAMPLE_BYTES
        self._rest = b""
        self._peaks = bytearray()

    def hear(self, samples: bytes) -> None:
        """Take the next samples."""
        heard = self._rest + samples
        whole = len(heard) - len(heard) % self._step
        self._peaks += bytes(_loudest(heard[at : at + self._step]) for at in range(0, whole, self._step))
        self._rest = heard[whole:]

    def peaks(self) -> bytes:
        """What was heard: one byte for each piece, 255 is as loud as can be."""
        rest = self._rest[: len(self._rest) - len(self._rest) % SAMPLE_BYTES]
        return bytes(self._peaks) + (bytes((_loudest(rest),)) if rest else b"")


def _loudest(samples: bytes) -> int:
    values = array("h", samples)
    if sys.byteorder == "big":
        values.byteswap()
    return min(255, max(max(values), -min(values)) >> 7)


def peaks_of(pieces: Iterable[bytes], data_size: int) -> bytes:
    """Peaks of samples that come in pieces."""
    meter = PeakMeter(data_size)
    for piece in pieces:
        meter.hear(piece)
    return meter.peaks()
