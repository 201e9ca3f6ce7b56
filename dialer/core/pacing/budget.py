"""How much risk the next call may carry: the abandonment of the day trims it, the last half hour bounds it."""

import math
from collections import deque
from collections.abc import Sequence

from dialer.core.abandonment import Tally, room_left

HALF_HOUR = 1800.0
BURST_LIMIT = 0.052  # no half hour above it: kept clear of 6 %, for people still ring when it is reached
BURST_ANSWERED = 50  # ... counted as if at least so many had answered
BURST_ROOM = 3.0  # people: with less room left in the half hour the risk shrinks ...
BURST_PART = 0.43  # ... or with less than this part of all: many are on the way to a large floor ...
BURST_LEAST = 0.03  # ... to this share, when one person more would be too many
SLOT = 30.0

AIM = 0.94  # of the limit
FORESEEN = 0.94  # of what comes: a risk of 3.0 % abandoned 3.2 % of the people who answered 25 agents
SMALL_FLOOR = 3.0  # agents: here twice the risk, for the next call is rarely just at the threshold
HIGHEST_RISK = 2.5  # times the limit
NEAR = 4.0  # people: with less room in the legal window the risk shrinks on the way to the hard stop ...
NEAR_AGENTS, NEAR_GROWTH = 10, 0.7  # ... sooner on a larger floor: it abandons several people at once
LEAST = 0.15  # ... to this share: dialing a little ahead keeps agents far busier than one call per agent
GAIN = 1.5  # for each person, on a floor of one agent


class RecentTally:
    """People answered and abandoned in the last half hour, in slots of half a minute."""

    def __init__(self) -> None:
        self._slots: deque[list[float]] = deque()  # [slot start, answered, abandoned]
        self._answered = 0
        self._abandoned = 0

    def add(self, t: float, *, answered: int = 0, abandoned: int = 0) -> None:
        """Count people at a time."""
        start = t - t % SLOT
        if not self._slots or self._slots[-1][0] < start:
            self._slots.append([start, 0, 0])
        self._slots[-1][1] += answered
        self._slots[-1][2] += abandoned
        self._answered += answered
        self._abandoned += abandoned

    def at(self, t: float) -> Tally:
        """The half hour that ends now."""
        while self._slots and self._slots[0][0] <= t - HALF_HOUR:
            _, answered, abandoned = self._slots.popleft()
            self._answered -= int(answered)
            self._abandoned -= int(abandoned)
        return Tally(self._answered, self._abandoned)

    def dump(self) -> list[list[float]]:
        """The slots, as JSON values."""
        return [list(slot) for slot in self._slots]

    def load(self, state: Sequence[Sequence[float]]) -> None:
        """Continue from a dump."""
        self._slots = deque([list(slot) for slot in state])
        self._answered = int(sum(slot[1] for slot in self._slots))
        self._abandoned = int(sum(slot[2] for slot in self._slots))


def burst_room(recent: Tally) -> float:
    """How many more people could be abandoned before the half hour is above its limit."""
    return _burst_allowed(recent) - recent.abandoned


def burst_share(recent: Tally) -> float:
    """How much of the risk the next call may carry after such a half hour.

    Without room the next call is nearly sure to have its agent: dialing a little ahead of agents who are about to be
    free keeps them far busier than one call per ready agent.
    """
    near = max(BURST_ROOM, BURST_PART * _burst_allowed(recent))
    return min(1.0, max(BURST_LEAST, (burst_room(recent) - 1.0) / (near - 1.0)))


def _burst_allowed(recent: Tally) -> float:
    return BURST_LIMIT * max(recent.answered, BURST_ANSWERED)


def risk_threshold(day: Tally, window: Tally, *, limit: float, agents: int) -> float:
    """The risk that the next call may carry: more when the day has room left, less when it or the law's window has not.

    The risk of a call is what it says: calls with a risk of 3 % abandon 3 people in a hundred. So the limit is the
    base, and the day only trims it. A small floor answers few people in a day: each of them moves it more.
    """
    credit = AIM * limit * day.answered - day.abandoned
    gain = GAIN / max(4, agents)
    base = FORESEEN * limit * (1 + (SMALL_FLOOR / agents) ** 2)
    trimmed = min(HIGHEST_RISK * limit, base * math.exp(max(-6.0, gain * credit)))
    near = NEAR * math.pow(max(1.0, agents / NEAR_AGENTS), NEAR_GROWTH)
    return trimmed * min(1.0, max(LEAST, (room_left(window, limit=limit) - 1.0) / near))
