"""Music on hold that belongs to nobody: a few slow chords, made here. Put other files beside it to replace it."""

import io
import math
import wave

RATE = 8000
CHORD_SECONDS = 4
CHORDS = (  # hertz
    (220.00, 261.63, 329.63),
    (174.61, 220.00, 261.63),
    (196.00, 246.94, 293.66),
    (164.81, 196.00, 246.94),
)
LOUDNESS = 1800  # of 32767, for each note


def music_wav() -> bytes:
    """Sixteen seconds, 8 kHz, mono; its end meets its beginning in silence."""
    samples = bytearray()
    length = RATE * CHORD_SECONDS
    for chord in CHORDS:
        steps = [2 * math.pi * note / RATE for note in chord]
        for moment in range(length):
            swell = math.sin(math.pi * moment / length)
            value = swell * LOUDNESS * sum(math.sin(step * moment) for step in steps)
            samples += int(value).to_bytes(2, "little", signed=True)
    target = io.BytesIO()
    with wave.open(target, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(bytes(samples))
    return target.getvalue()
