"""The next half minute: who will answer, who will be free, and the risk that one call more finds nobody."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from dialer.core.abandonment import CONNECT_SECONDS
from dialer.core.pacing.learning import AnswerRate, Durations, Share
from dialer.core.pacing.outlook import Outlook
from dialer.core.pacing.view import View

POINTS = 6  # moments at which the next call may be answered, equally likely
STEP = 2.0  # seconds of talk looked at together
REACTION = 0.05  # of the two seconds, lost on the way: 0.01 at the 99th percentile (bench/floor.py)
STAGES = 12  # script steps told apart

RING_EDGES = [0.5 * i for i in range(120)]
TALK_EDGES = [
    0,
    2,
    4,
    6,
    8,
    10,
    13,
    16,
    20,
    25,
    30,
    40,
    50,
    60,
    80,
    100,
    130,
    160,
    200,
    250,
    300,
    400,
    500,
    700,
    1000,
]
WRAP_EDGES = [
    0,
    1,
    2,
    3,
    4,
    5,
    6,
    7,
    8,
    10,
    12,
    14,
    16,
    18,
    20,
    23,
    26,
    30,
    35,
    40,
    50,
    60,
    80,
    100,
    150,
    200,
]


def make_talk() -> Durations:
    """Talk times before anything was seen: long, so that nobody is expected to be free soon."""
    return Durations(TALK_EDGES, mean=120, trust=8, memory=1200)


@dataclass(slots=True)
class Knowledge:
    """Everything learned of a floor."""

    rate: AnswerRate = field(default_factory=AnswerRate)
    answered_ring: Durations = field(
        default_factory=lambda: Durations(RING_EDGES, mean=10, trust=3, memory=1500)
    )
    other_ring: Durations = field(
        default_factory=lambda: Durations(RING_EDGES, mean=20, trust=3, memory=1500)
    )
    talk: dict[int, Durations] = field(default_factory=lambda: {0: make_talk()})
    wrap: Durations = field(default_factory=lambda: Durations(WRAP_EDGES, mean=25, trust=8, memory=800))
    stays: Share = field(default_factory=lambda: Share(prior=0.95, trust=40, memory=200))

    def stage(self, index: int) -> int:
        """The number under which a script step is learned."""
        return min(max(index, 0), STAGES - 1)


class Forecast:
    """Tables made from what was learned; good for some seconds."""

    def __init__(self, knowledge: Knowledge, moments: Sequence[float] | None = None) -> None:
        """`moments`: when the next call may be answered, if it is not one of these calls."""
        known = knowledge
        for durations in (known.answered_ring, known.other_ring, known.wrap, *known.talk.values()):
            durations.renew()
        self._known = known
        self.rate = known.rate.mean
        self.doubt = known.rate.doubt
        self._stays = known.stays.mean
        own = (known.answered_ring.quantile((2 * i + 1) / (2 * POINTS)) for i in range(POINTS))
        self.moments = tuple(own if moments is None else moments)
        self.reach = [moment + CONNECT_SECONDS - REACTION for moment in self.moments]
        self.fresh = [self.rate * (1 - known.answered_ring.survival(moment)) for moment in self.moments]
        self._finish = [self._wrapped_up(reach) for reach in self.reach]
        self._ring: dict[int, list[float]] = {}
        self._wrap: dict[int, list[float]] = {}
        self._talk: dict[tuple[int, int], list[float]] = {}

    def outlooks(self, t: float, view: View) -> list[Outlook]:
        """One outlook per moment."""
        answers = self._sums((self._ring_chances(key), n) for key, n in count_ages(t, view.ringing, 2))
        wrapping = [(self._wrap_chances(key), n) for key, n in count_ages(t, view.wrapping, 1)]
        stages = Counter((self._known.stage(stage), talk_key(t - since)) for stage, since in view.stages)
        talking = [(self._talk_chances(*key), n) for key, n in stages.items()]
        free = self._sums([*wrapping, *talking])
        return [
            Outlook(
                answers=a[0],
                free=f[0],
                variance=a[1] + f[1] + self.doubt * a[0] ** 2,
                skew=a[2] - f[2],
            )
            for a, f in zip(answers, free, strict=True)
        ]

    def without(self, outlooks: Sequence[Outlook], t: float, gone: Sequence[float]) -> list[Outlook]:
        """The outlooks as they are when these calls ring no longer."""
        sums = self._sums((self._ring_chances(key), n) for key, n in count_ages(t, gone, 2))
        return [
            replace(
                outlook,
                answers=outlook.answers - mean,
                variance=outlook.variance - spread - self.doubt * mean * (2 * outlook.answers - mean),
                skew=outlook.skew - skew,
            )
            for outlook, (mean, spread, skew) in zip(outlooks, sums, strict=True)
        ]

    def risk(self, outlooks: Sequence[Outlook], *, room: int, fresh: int) -> float:
        """Chance that a person who answers one call more is abandoned, with `fresh` others placed beside it."""
        total = 0.0
        for outlook, p in zip(outlooks, self.fresh, strict=True):
            spread = p * (1 - p)
            total += tail(
                room,
                mean=outlook.answers + outlook.elsewhere - outlook.free + fresh * p,
                variance=outlook.variance
                + fresh * spread
                + self.doubt * ((outlook.answers + fresh * p) ** 2 - outlook.answers**2),
                skew=outlook.skew + fresh * spread * (1 - 2 * p),
            )
        return total / POINTS

    def _sums(self, groups: Iterable[tuple[list[float], int]]) -> list[list[float]]:
        sums = [[0.0, 0.0, 0.0] for _ in self.moments]
        for chances, count in groups:
            for total, p in zip(sums, chances, strict=True):
                spread = count * p * (1 - p)
                total[0] += count * p
                total[1] += spread
                total[2] += spread * (1 - 2 * p)
        return sums

    def _ring_chances(self, key: int) -> list[float]:
        if key not in self._ring:
            age, known, p = key / 2, self._known, self.rate
            open_still = known.answered_ring.survival(age)
            alive = p * open_still + (1 - p) * known.other_ring.survival(age)
            self._ring[key] = [
                p * (open_still - known.answered_ring.survival(age + moment)) / alive if alive > 1e-9 else 0.0
                for moment in self.moments
            ]
        return self._ring[key]

    def _wrap_chances(self, key: int) -> list[float]:
        if key not in self._wrap:
            wrap, age = self._known.wrap, key + 0.5
            before = wrap.hazard_until(age)
            self._wrap[key] = [
                self._stays * -math.expm1(before - wrap.hazard_until(age + reach)) for reach in self.reach
            ]
        return self._wrap[key]

    def _talk_chances(self, stage: int, key: int) -> list[float]:
        if (stage, key) not in self._talk:
            talk, age = self._known.talk.get(stage) or self._known.talk[0], key + 0.5
            before = talk.hazard_until(age)
            steps = range(max(map(len, self._finish)) + 1)
            lasting = [math.exp(before - talk.hazard_until(age + n * STEP)) for n in steps]
            ending = [now - then for now, then in pairwise(lasting)]
            self._talk[stage, key] = [
                sum(p * free for p, free in zip(ending, finish, strict=False)) for finish in self._finish
            ]
        return self._talk[stage, key]

    def _wrapped_up(self, reach: float) -> list[float]:
        """For each step of talk: the chance that who stops talking in it is free again within reach."""
        rests = [reach - (n + 0.5) * STEP for n in range(math.ceil(reach / STEP))]
        return [self._stays * (1 - self._known.wrap.survival(rest)) for rest in rests if rest > 0]


def count_ages(t: float, since: Iterable[float], per_second: int) -> Iterable[tuple[int, int]]:
    """Group moments by age in whole parts of a second."""
    return Counter(max(0, int((t - moment) * per_second)) for moment in since).items()


def talk_key(age: float) -> int:
    """Age of a talk, coarser as it grows."""
    whole = max(0, int(age))
    if whole < 30:
        return whole
    return whole - whole % 5 if whole < 120 else min(1200, whole - whole % 20)


def tail(room: int, *, mean: float, variance: float, skew: float) -> float:
    """Chance that a sum of many small chances is at least `room` (Edgeworth, with continuity correction)."""
    if variance < 1e-9:
        return 1.0 if mean >= room - 0.5 else 0.0
    deviation = math.sqrt(variance)
    z = (room - 0.5 - mean) / deviation
    chance = 0.5 * math.erfc(z / math.sqrt(2))
    chance += skew / (6 * variance * deviation) * (z * z - 1) * math.exp(-z * z / 2) / math.sqrt(2 * math.pi)
    return min(1.0, max(0.0, chance))
