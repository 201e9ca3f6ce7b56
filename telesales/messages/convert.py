"""A stranger's WAV made into what telephones play, in a process of its own: `python -m telesales.messages.convert IN OUT`.

Whatever the file does to the reader ends a child with a limit on memory and time, and not the web server.
"""

import json
import math
import resource
import sys
import wave
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from telesales.messages.reading import A_LAW, FLOAT, MU_LAW, Form, read_sound
from telesales.messages.rules import RATE, SoundProblem, SoundRefusedError

MEMORY_LIMIT = 2 << 30
SECONDS_LIMIT = 60
ZEROS = (
    24  # of the sinc on each side: the filter lets 3400 Hz through whole and nothing above 4600 Hz come back
)
EDGE = 0.95  # of half the lower rate
SHAPE = 8.0  # of the Kaiser window: 80 dB
QUIETEST = 0.005  # -46 dB: nobody would hear it on a telephone
LOUDEST = 32767

Samples = NDArray[np.float64]


def decode(data: bytes, form: Form) -> Samples:
    """One channel, between -1 and 1."""
    if form.kind in (A_LAW, MU_LAW):
        values = _expanded(form.kind)[np.frombuffer(data, np.uint8)]
    elif form.kind == FLOAT:
        values = np.nan_to_num(
            np.frombuffer(data, f"<f{form.bits // 8}").astype(np.float64), posinf=1, neginf=-1
        )
    elif form.bits == 8:
        values = (np.frombuffer(data, np.uint8) - 128.0) / 128
    elif form.bits == 24:
        wide = np.zeros((len(data) // 3, 4), np.uint8)
        wide[:, 1:] = np.frombuffer(data, np.uint8).reshape(-1, 3)
        values = wide.view("<i4").ravel() / 2.0**31
    else:
        values = np.frombuffer(data, f"<i{form.bits // 8}") / 2.0 ** (form.bits - 1)
    mono: Samples = np.clip(values, -1, 1).reshape(-1, form.channels).mean(axis=1)
    return mono


def _expanded(kind: int) -> Samples:
    """What each of the 256 bytes of G.711 means."""
    byte = np.arange(256) ^ (0xFF if kind == MU_LAW else 0x55)
    exponent, mantissa = byte >> 4 & 7, byte & 15
    if kind == MU_LAW:
        size = ((mantissa << 3) + 132 << exponent) - 132
        is_negative = byte & 0x80 > 0
    else:
        size = np.where(exponent, (mantissa << 4) + 264 << np.maximum(exponent - 1, 0), (mantissa << 4) + 8)
        is_negative = byte & 0x80 == 0
    meant: Samples = np.where(is_negative, -size, size) / 32768
    return meant


def resample(samples: Samples, rate: int) -> Samples:
    """The same sound at 8000 Hz: a windowed sinc, one filter for each place between two samples."""
    if rate == RATE:
        return samples
    divisor = math.gcd(rate, RATE)
    up, down = RATE // divisor, rate // divisor
    edge = EDGE * min(1.0, RATE / rate)
    half = math.ceil(ZEROS / edge)
    padded = np.concatenate([np.zeros(half), samples, np.zeros(half + 1)])
    windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * half + 1)
    result = np.zeros(len(samples) * up // down)
    for place in range(min(up, len(result))):
        first, part = divmod(place * down, up)
        offset = np.arange(-half, half + 1) - part / up
        taps = edge * np.sinc(edge * offset) * _kaiser(offset / (half + 1))
        count = len(result[place::up])
        result[place::up] = windows[first : first + (count - 1) * down + 1 : down] @ taps
    return result


def _kaiser(place: Samples) -> Samples:
    window: Samples = np.i0(SHAPE * np.sqrt(1 - place**2)) / np.i0(SHAPE)
    return window


def convert(source: Path, target: Path) -> float:
    """Write the message; return its seconds. Raises SoundRefusedError."""
    form, data = read_sound(source.read_bytes())
    samples = np.clip(resample(decode(data, form), form.rate), -1, 1)
    if np.abs(samples).max() < QUIETEST:
        raise SoundRefusedError(SoundProblem.SILENT)
    with wave.open(str(target), "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(2)
        writer.setframerate(RATE)
        writer.writeframes(np.rint(samples * LOUDEST).astype("<i2").tobytes())
    return round(len(samples) / RATE, 3)


def main() -> None:
    """Read the two paths from the command line; the answer is JSON on standard output."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS_LIMIT, SECONDS_LIMIT))
    try:
        answer: dict[str, object] = {"seconds": convert(Path(sys.argv[1]), Path(sys.argv[2]))}
    except SoundRefusedError as error:
        answer = {"problem": error.problem}
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main()
