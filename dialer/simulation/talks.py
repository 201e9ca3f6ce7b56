"""Ways to talk, for shifts that want others than the profile's."""

import random
from collections.abc import Sequence

from dialer.carriers.behaviour import draw_lognormal
from dialer.simulation.shift import Talk


def talk_scripted(rng: random.Random) -> list[float]:
    """A talk along a script: opening, pitch, objections, order; most callees leave on the way."""
    steps = [5 + rng.expovariate(1 / 15)]
    if rng.random() < 0.5:
        return steps
    steps.append(draw_lognormal(rng, 55, 25))
    if rng.random() < 0.5:
        return steps
    steps.append(draw_lognormal(rng, 80, 45))
    if rng.random() < 0.6:
        return steps
    return [*steps, draw_lognormal(rng, 190, 60)]


def talk_about(mean: float, deviation: float) -> Talk:
    """Talks that last about as long as one another."""

    def draw(rng: random.Random) -> list[float]:
        return [draw_lognormal(rng, mean, deviation)]

    return draw


def talk_as(durations: Sequence[float]) -> Talk:
    """Talks that last as long as others did."""

    def draw(rng: random.Random) -> list[float]:
        return [rng.choice(durations)]

    return draw
