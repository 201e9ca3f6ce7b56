"""Sound for tests: G.711 frames of 20 ms, tones, files, and how much of a sound is one tone (Goertzel)."""

import functools
import math
import wave
from collections.abc import Iterator
from pathlib import Path

RATE = 8000
FRAME = 160  # samples of 20 ms
FRAME_SECONDS = FRAME / RATE
SILENCE = b"\xff" * FRAME


def encode(sample: int) -> int:
    """One linear sample in µ-law."""
    sample = max(-32635, min(32635, sample))
    sign = 0x80 if sample < 0 else 0
    magnitude = abs(sample) + 132
    exponent = magnitude.bit_length() - 8
    return ~(sign | exponent << 4 | magnitude >> (exponent + 3) & 15) & 255


def _decode(byte: int) -> int:
    byte = ~byte & 255
    magnitude = (((byte & 15) << 3) + 132) << (byte >> 4 & 7)
    return 132 - magnitude if byte & 128 else magnitude - 132


LINEAR = [_decode(byte) for byte in range(256)]


def tone(hertz: int, loudness: int = 8000) -> Iterator[bytes]:
    """A sine without end."""
    second = bytes(encode(int(loudness * math.sin(2 * math.pi * hertz * n / RATE))) for n in range(RATE))
    position = 0
    while True:
        yield second[position : position + FRAME]
        position = (position + FRAME) % RATE


def silence() -> Iterator[bytes]:
    """Nothing, without end."""
    while True:
        yield SILENCE


def wav(path: Path) -> Iterator[bytes]:
    """A file of 8 kHz, 16 bit, mono; then nothing more."""
    with wave.open(str(path), "rb") as file:
        assert (file.getframerate(), file.getsampwidth(), file.getnchannels()) == (RATE, 2, 1)
        data = file.readframes(file.getnframes())
    sound = bytes(
        encode(int.from_bytes(data[at : at + 2], "little", signed=True)) for at in range(0, len(data), 2)
    )
    for at in range(0, len(sound), FRAME):
        yield sound[at : at + FRAME].ljust(FRAME, b"\xff")


def talk(*parts: tuple[float, int]) -> Iterator[bytes]:
    """(seconds, hertz) one after the other, 0 hertz for a pause; what detection takes for words and pauses."""
    for seconds, hertz in parts:
        source = tone(hertz) if hertz else silence()
        for _ in range(round(seconds / FRAME_SECONDS)):
            yield next(source)


def write_wav(path: Path, samples: list[int], rate: int = RATE) -> Path:
    """A file of 16 bit, mono."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(b"".join(sample.to_bytes(2, "little", signed=True) for sample in samples))
    return path


def write_tone(path: Path, hertz: int, seconds: float, rate: int = RATE) -> Path:
    """A file with one tone: for messages, and as a browser's microphone (rate 48000)."""
    samples = [int(8000 * math.sin(2 * math.pi * hertz * n / rate)) for n in range(int(seconds * rate))]
    return write_wav(path, samples, rate)


def read_wav(path: Path) -> list[int]:
    """Samples of a file of 16 bit, mono."""
    with wave.open(str(path), "rb") as file:
        assert (file.getsampwidth(), file.getnchannels()) == (2, 1)
        data = file.readframes(file.getnframes())
    return [int.from_bytes(data[at : at + 2], "little", signed=True) for at in range(0, len(data), 2)]


def linear(heard: bytes) -> list[int]:
    """µ-law to samples."""
    return [LINEAR[byte] for byte in heard]


def share(samples: list[int], hertz: int, rate: int = RATE) -> float:
    """The part of a sound's energy at one tone, 0 to 1."""
    factor = 2 * math.cos(2 * math.pi * hertz / rate)
    before = last = 0.0
    for value in samples:
        before, last = last, value + factor * last - before
    energy = sum(value * value for value in samples)
    if not energy:
        return 0.0
    return 2 * (last * last + before * before - factor * last * before) / (len(samples) * energy)


@functools.lru_cache(10_000)
def is_tone(frame: bytes, hertz: int) -> bool:
    """One G.711 frame is this tone, and no silence."""
    return share(linear(frame), hertz) > 0.5


def loudness(samples: list[int]) -> float:
    """Root of the mean square: about 5600 for a test tone, below 50 for silence."""
    return math.sqrt(sum(value * value for value in samples) / len(samples)) if samples else 0.0
