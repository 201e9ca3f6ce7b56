"""How simulated people and their telephones behave. Pure but for seeded chance: the same attempt meets the same fate."""

import math
import random
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from dialer.events import Answer, CallCause

SHARES = ("human", "machine", "busy", "invalid", "congestion")
PARTS = (
    "missed_humans",
    "false_humans",
    "refuse",
    "listen",
    "sudden_hang_up",
    "message_hang_up",
    "ring_back",
)


@dataclass(frozen=True, slots=True)
class Profile:
    """The people behind the numbers of a campaign. Shares are of all calls unless stated; times are seconds."""

    speed: float = 1.0  # so many times faster than life; every duration below is divided by it
    seed: int = 0
    # what becomes of a call; the rest rings out
    human: float = 0.28
    machine: float = 0.30
    busy: float = 0.06
    invalid: float = 0.05
    congestion: float = 0.01
    # until somebody or something picks up
    setup_seconds: float = 1.0
    ring_seconds: float = 9.0
    ring_deviation: float = 5.0
    machine_ring_seconds: float = 16.0
    # telling people from machines
    human_detection_seconds: float = 0.3
    machine_detection_seconds: float = 2.2
    missed_humans: float = 0.0  # of people: taken for machines
    false_humans: float = 0.0  # of machines: taken for people
    patience_seconds: float = 2.0  # of a person who hears nobody
    # the talk; the rest of the people is interested
    refuse: float = 0.60
    listen: float = 0.30
    refuse_seconds: float = 26.0
    listen_seconds: float = 150.0
    interested_seconds: float = 420.0
    sudden_hang_up: float = 0.06  # of talks: cut off somewhere in the middle
    message_seconds: float = 8.0
    message_hang_up: float = 0.35  # of abandoned people: do not hear the message out
    # people who ring us: see `ringing_back`
    ring_back: float = 0.0  # of people who missed the call or found nobody: ring the number that we showed
    ring_back_seconds: float = 300.0  # later
    hold_seconds: float = 90.0  # how long they wait for an agent

    def __post_init__(self) -> None:
        for field in fields(self):
            check_number(field.name, getattr(self, field.name))
        if self.speed < 1:
            raise ValueError(f"speed must be 1 or more, not {self.speed}")
        if not isinstance(self.seed, int):
            raise ValueError(f"seed must be a whole number, not {self.seed!r}")
        for name in (*SHARES, *PARTS):
            if getattr(self, name) > 1:
                raise ValueError(f"{name} must be between 0 and 1, not {getattr(self, name)}")
        check_sum(self, SHARES)
        check_sum(self, ("refuse", "listen"))

    @classmethod
    def read(cls, values: Mapping[str, Any]) -> "Profile":
        """Build a profile from a campaign's settings; a ValueError says what is wrong with them."""
        unknown = sorted(set(values) - {field.name for field in fields(cls)})
        if unknown:
            raise ValueError(f"unknown profile values: {', '.join(unknown)}")
        return cls(**values)

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for `read`."""
        return asdict(self)


def check_number(name: str, value: object) -> None:
    """Refuse what is no number, not finite, or negative."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f"{name} must be a number, not {value!r}")
    if not math.isfinite(value) or (value < 0 and name != "seed"):
        raise ValueError(f"{name} must not be negative or without bounds, not {value}")


def check_sum(profile: Profile, names: tuple[str, ...]) -> None:
    """Refuse shares that are more than the whole."""
    if sum(getattr(profile, name) for name in names) > 1 + 1e-9:
        raise ValueError(f"{' + '.join(names)} must not be more than 1")


@dataclass(frozen=True, slots=True)
class Callee:
    """What an agent can make of the person: `interest` 0..1."""

    mood: str
    interest: float


@dataclass(frozen=True, slots=True)
class CallPlan:
    """The fate of one call in real seconds, each from the moment before it."""

    ringing_after: float | None  # None: the call ends before it rings
    decided_after: float  # after ringing (or placing): picked up and told apart, or over
    answer: Answer | None  # what the detection tells; None when the call ends with `cause`
    cause: CallCause
    patience: float  # how long silence is borne
    talk: float
    message: float  # how long the callee would listen to a message
    message_length: float
    callee: Callee


def draw_lognormal(rng: random.Random, mean: float, deviation: float) -> float:
    """Draw from a lognormal distribution with this mean and standard deviation."""
    if mean <= 0:
        return 0.0
    variance = math.log(1 + (deviation / mean) ** 2)
    return rng.lognormvariate(math.log(mean) - variance / 2, math.sqrt(variance))


def plan_call(profile: Profile, *, attempt_id: int, ring_seconds: float) -> CallPlan:
    """Draw what becomes of an attempt. The same profile, attempt and ring time give the same plan."""
    rng = random.Random(f"{profile.seed}:{attempt_id}")
    fate = draw_fate(rng, profile)
    callee, talk = draw_talk(rng, profile)
    ringing_after, decided_after, answer, cause = draw_ring(rng, profile, fate, ring_seconds)
    if fate == "machine":
        callee, talk = Callee("machine", 0.0), rng.uniform(4.0, 9.0)
    patience = profile.patience_seconds * rng.uniform(1.0, 1.2) if fate == "human" else talk
    length = profile.message_seconds
    heard = length * rng.random() if rng.random() < profile.message_hang_up else length
    pace = 1 / profile.speed
    return CallPlan(
        ringing_after=None if ringing_after is None else ringing_after * pace,
        decided_after=decided_after * pace,
        answer=answer,
        cause=cause,
        patience=patience * pace,
        talk=talk * pace,
        message=heard * pace,
        message_length=length * pace,
        callee=callee,
    )


def draw_fate(rng: random.Random, profile: Profile) -> str:
    """Draw who or what the number leads to."""
    luck = rng.random()
    for name in SHARES:
        luck -= getattr(profile, name)
        if luck < 0:
            return name
    return "no_answer"


def draw_ring(
    rng: random.Random, profile: Profile, fate: str, ring_seconds: float
) -> tuple[float | None, float, Answer | None, CallCause]:
    """Draw how the call gets to its answer or its end."""
    setup = profile.setup_seconds
    wrong = rng.random()
    if fate in ("busy", "invalid", "congestion"):
        return None, setup + rng.uniform(0.2, 3.0), None, CallCause(fate)
    if fate == "human":
        ring = max(1.0, draw_lognormal(rng, profile.ring_seconds, profile.ring_deviation))
        detection = profile.human_detection_seconds
        answer = Answer.MACHINE if wrong < profile.missed_humans else Answer.HUMAN
    else:
        ring = max(4.0, rng.gauss(profile.machine_ring_seconds, 4.0))
        detection = profile.machine_detection_seconds
        answer = Answer.HUMAN if wrong < profile.false_humans else Answer.MACHINE
    if fate == "no_answer" or ring >= ring_seconds:
        return setup, ring_seconds, None, CallCause.NO_ANSWER
    return setup, ring + detection, answer, CallCause.CALLEE_HUNG_UP


def draw_talk(rng: random.Random, profile: Profile) -> tuple[Callee, float]:
    """Draw the person and how long they would talk."""
    luck, cut, share = rng.random(), rng.random(), rng.random()
    if luck < profile.refuse:
        callee = Callee(rng.choice(("annoyed", "busy", "neutral")), round(rng.uniform(0.0, 0.25), 2))
        talk = 4 + rng.expovariate(1 / max(1.0, profile.refuse_seconds - 4))
    elif luck < profile.refuse + profile.listen:
        callee = Callee(rng.choice(("neutral", "busy", "friendly")), round(rng.uniform(0.25, 0.7), 2))
        talk = draw_lognormal(rng, profile.listen_seconds, 0.6 * profile.listen_seconds)
    else:
        callee = Callee(rng.choice(("neutral", "friendly")), round(rng.uniform(0.7, 1.0), 2))
        talk = draw_lognormal(rng, profile.interested_seconds, 0.43 * profile.interested_seconds)
    return callee, talk * share if cut < profile.sudden_hang_up else talk
