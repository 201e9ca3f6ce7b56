"""Two invented voices: hums that rise and fall like speech. Pure but for seeded chance; nobody says anything."""

import math
import random
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

RATE = 8_000
_TABLE = 512
_RAMP = 200  # samples until a syllable is at its loudness
_LOUDEST = 32_767
AGENT_HERTZ, CALLEE_HERTZ = 205.0, 118.0
Samples: TypeAlias = "array[int]"


@dataclass(frozen=True, slots=True)
class Talk:
    """The samples of each side, equally long."""

    agent: Samples
    callee: Samples

    def mixed(self) -> Samples:
        """Both at once."""
        both = zip(self.agent, self.callee, strict=True)
        return array("h", (max(-_LOUDEST, min(_LOUDEST, one + other)) for one, other in both))


def invent_talk(seed: int, seconds: float) -> Talk:
    """The agent begins, and the two take turns; the same seed gives the same talk."""
    chance, length = random.Random(seed), round(seconds * RATE)
    agent, callee = (array("h", bytes(2 * length)) for _side in range(2))
    voices = ((agent, AGENT_HERTZ, (1.6, 3.2)), (callee, CALLEE_HERTZ, (0.7, 2.2)))
    at, turn = round(0.3 * RATE), 0
    while at < length:
        sound, hertz, (shortest, longest) = voices[turn % 2]
        until = min(length, at + round(chance.uniform(shortest, longest) * RATE))
        _speak(sound, at, until, hertz, chance)
        at, turn = until + round(chance.uniform(0.15, 0.6) * RATE), turn + 1
    return Talk(agent, callee)


def _speak(sound: Samples, at: int, until: int, hertz: float, chance: random.Random) -> None:
    """Syllables one after another, each a little higher or lower than the last."""
    while at < until:
        length = min(until - at, round(chance.uniform(0.09, 0.24) * RATE))
        pitch = hertz * chance.uniform(0.88, 1.18)
        _hum(sound, at, length, pitch, loudness=chance.uniform(0.12, 0.3), table=chance.choice(_VOWELS))
        at += length + round(chance.uniform(0.01, 0.09) * RATE)


def _hum(
    sound: Samples, at: int, length: int, hertz: float, *, loudness: float, table: Sequence[float]
) -> None:
    step, top = hertz * _TABLE / RATE, loudness * _LOUDEST
    for n in range(length):
        edge = min(1.0, n / _RAMP, (length - n) / _RAMP)
        sound[at + n] = int(top * edge * table[int(n * step) % _TABLE])


def _vowel(*harmonics: float) -> tuple[float, ...]:
    total = sum(harmonics)
    return tuple(
        sum(part / total * math.sin(2 * math.pi * (k + 1) * n / _TABLE) for k, part in enumerate(harmonics))
        for n in range(_TABLE)
    )


_VOWELS = (
    _vowel(1, 0.6, 0.8, 0.5, 0.3, 0.1),
    _vowel(1, 0.9, 0.3, 0.1, 0.2, 0.3, 0.2),
    _vowel(0.7, 1, 0.4, 0.1),
)


def silence(sound: Samples, first: float, last: float) -> None:
    """Nothing is heard between two moments."""
    start, end = (min(len(sound), max(0, round(second * RATE))) for second in (first, last))
    sound[start:end] = array("h", bytes(2 * (end - start)))
