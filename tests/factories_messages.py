"""Sound files as people have them."""

import io
import math
import struct
import wave


def make_wav(hertz: int = 600, seconds: float = 1.0, *, rate: int = 44100, channels: int = 2) -> bytes:
    """A tone, in what a computer records."""
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setnchannels(channels)
        writer.setsampwidth(2)
        writer.setframerate(rate)
        for at in range(round(rate * seconds)):
            writer.writeframes(
                struct.pack("<h", int(9000 * math.sin(2 * math.pi * hertz * at / rate))) * channels
            )
    return file.getvalue()


def as_file(sound: bytes, name: str = "sorry.wav") -> tuple[io.BytesIO, str]:
    """What a form sends."""
    return io.BytesIO(sound), name
