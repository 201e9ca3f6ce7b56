"""How much risk the next call may carry: the abandonment of the day trims it. What bounds it is in half_hours."""

import math
from dataclasses import dataclass

from dialer.core.abandonment import Tally, room_left

AIM = 0.95  # of the limit
FORESEEN = 0.94  # of what comes: a risk of 3.0 % abandoned 3.2 % of the people who answered 25 agents
SMALL_FLOOR = 3.0  # agents: here twice the risk, for the next call is rarely just at the threshold
HIGHEST_RISK = 2.5  # times the limit
NEAR = 4.0  # people: with less room in the legal window the risk shrinks on the way to the hard stop ...
NEAR_AGENTS, NEAR_GROWTH = 10, 0.7  # ... sooner on a larger floor: it abandons several people at once
LEAST = 0.15  # ... to this share: dialing a little ahead keeps agents far busier than one call per agent
GAIN = 1.5  # for each person, on a floor of one agent ...
MOST_GAIN = 0.06  # ... and never more: a risk that wanders costs more than it keeps
CORRECTION = 4.0  # power of aim over outcome: a floor on which risks say too little takes smaller ones
TRUST = 1000.0  # people who must have answered in the law's window before half of that is believed


@dataclass(frozen=True, slots=True)
class Allowance:
    """The risk that the next call may carry, and why not more."""

    threshold: float  # by the day and the law's window
    share: float  # of it that the half hour leaves
    room: float  # people who may still be abandoned in the half hour
    day_rate: float  # abandoned today, of those who answered


def risk_threshold(day: Tally, window: Tally, *, limit: float, agents: int) -> float:
    """The risk that the next call may carry: more when the day has room left, less when it or the law's window has not.

    The risk of a call is what it says: calls with a risk of 3 % abandon 3 people in a hundred. So the limit is the
    base, and the day only trims it. A small floor answers few people in a day: each of them moves it more.
    Where more people were abandoned in the law's window than the risks said, the base is smaller.
    """
    aim = AIM * limit
    credit = aim * day.answered - day.abandoned
    gain = min(MOST_GAIN, GAIN / agents)
    base = FORESEEN * limit * (1 + (SMALL_FLOOR / agents) ** 2) * _correction(window, aim)
    trimmed = min(HIGHEST_RISK * limit, base * math.exp(max(-6.0, gain * credit)))
    near = NEAR * math.pow(max(1.0, agents / NEAR_AGENTS), NEAR_GROWTH)
    return trimmed * min(1.0, max(LEAST, (room_left(window, limit=limit) - 1.0) / near))


def _correction(window: Tally, aim: float) -> float:
    """Never above 1: allowance that a floor cannot use is not spent otherwise."""
    outcome = (window.abandoned + TRUST * aim) / (window.answered + TRUST)
    return (aim / outcome) ** CORRECTION if outcome > aim else 1.0
