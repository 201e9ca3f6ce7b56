"""A numerator and a denominator, and how much room a limit leaves."""

from dataclasses import dataclass

US_LIMIT = 0.03
US_WINDOW_DAYS = 30
CONNECT_SECONDS = 2.0
FEW_ANSWERED = 200  # below this a rate says nothing: the limit is counted as if so many had answered


@dataclass(frozen=True, slots=True)
class Tally:
    """People who answered in a window, and how many of them were abandoned, as a formula counts both."""

    answered: int = 0
    abandoned: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(self.answered + other.answered, self.abandoned + other.abandoned)


def abandonment_rate(tally: Tally) -> float:
    """Abandoned over answered by a person; 0 before anybody answered."""
    return tally.abandoned / tally.answered if tally.answered else 0.0


def room_left(tally: Tally, *, limit: float) -> float:
    """How many more people could be abandoned now before the rate passes the limit; negative when it has."""
    return limit * max(tally.answered, FEW_ANSWERED) - tally.abandoned


def is_limit_reached(tally: Tally, *, limit: float) -> bool:
    """True when one more abandoned person would pass the limit."""
    return room_left(tally, limit=limit) < 1.0


def is_abandoned(answered_at: float, connected_at: float | None, *, now: float) -> bool:
    """True when a person who answered was not with an agent within two seconds."""
    return (now if connected_at is None else connected_at) - answered_at > CONNECT_SECONDS
