"""WAV files of strangers: where the samples lie and what they are. Nothing in the file is believed."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from telesales.messages.rules import LEAST_SECONDS, MOST_SECONDS, SoundProblem, SoundRefusedError

PCM, FLOAT, A_LAW, MU_LAW, EXTENSIBLE = 1, 3, 6, 7, 0xFFFE
FORMS = {(PCM, 8), (PCM, 16), (PCM, 24), (PCM, 32), (FLOAT, 32), (FLOAT, 64), (A_LAW, 8), (MU_LAW, 8)}
RATES = range(4_000, 192_001)
MOST_CHANNELS = 8
RIFF_BYTES, FORMAT_BYTES, GUID_AT = 12, 16, 24
UNTOLD = (0, 0xFFFFFFFF)  # written by programs that do not know yet how long it will be


@dataclass(frozen=True, slots=True)
class Form:
    """How samples are written."""

    kind: int
    channels: int
    rate: int
    bits: int

    @property
    def frame_bytes(self) -> int:
        """Of one sample of every channel."""
        return self.channels * self.bits // 8


def read_sound(data: bytes) -> tuple[Form, bytes]:
    """The form and the whole frames. Raises SoundRefusedError."""
    if len(data) < RIFF_BYTES or data[:4] != b"RIFF" or data[8:12] != b"WAVE":
        raise SoundRefusedError(SoundProblem.NOT_WAV)
    form = None
    for name, told, start in _chunks(data):
        if name == b"fmt ":
            form = _read_form(data[start : start + told])
        elif name == b"data":
            if form is None:
                raise SoundRefusedError(SoundProblem.UNKNOWN_FORM)
            return form, _frames(data, start, told, form)
    raise SoundRefusedError(SoundProblem.CUT_OFF)


def _chunks(data: bytes) -> Iterator[tuple[bytes, int, int]]:
    at = RIFF_BYTES
    while at + 8 <= len(data):
        name, told = struct.unpack_from("<4sI", data, at)
        yield name, told, at + 8
        at += 8 + told + told % 2


def _read_form(chunk: bytes) -> Form:
    if len(chunk) < FORMAT_BYTES:
        raise SoundRefusedError(SoundProblem.CUT_OFF)
    kind, channels, rate, _bytes, align, bits = struct.unpack_from("<HHIIHH", chunk)
    if kind == EXTENSIBLE and len(chunk) >= GUID_AT + 2:
        (kind,) = struct.unpack_from("<H", chunk, GUID_AT)
    form = Form(kind, channels, rate, bits)
    known = (kind, bits) in FORMS and 1 <= channels <= MOST_CHANNELS and rate in RATES
    if not known or align != form.frame_bytes:
        raise SoundRefusedError(SoundProblem.UNKNOWN_FORM)
    return form


def _frames(data: bytes, start: int, told: int, form: Form) -> bytes:
    there = len(data) - start
    if told > there and told not in UNTOLD:
        raise SoundRefusedError(SoundProblem.CUT_OFF)
    size = there if told in UNTOLD else told
    size -= size % form.frame_bytes
    seconds = size / form.frame_bytes / form.rate
    if seconds < LEAST_SECONDS:
        raise SoundRefusedError(SoundProblem.TOO_SHORT)
    if seconds > MOST_SECONDS:
        raise SoundRefusedError(SoundProblem.TOO_LONG)
    return data[start : start + size]
