"""Goals: how much is missing, and how fast it would have to come."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

HOUR_S = 3600
USUAL_DAY_S = 8 * HOUR_S  # while somebody has no worked days to take it from
SHORTEST_REST_S = 60  # what is left of a day is never taken as less: no pace of thousands an hour


@dataclass(frozen=True, slots=True)
class Progress:
    """Sales towards a goal. A goal of 0 is none. `usual_s`: how long the day usually is, signed in."""

    sales: int
    goal: int
    signed_in_s: int
    usual_s: int

    @property
    def gap(self) -> int:
        """Sales that are missing; never below 0."""
        return max(0, self.goal - self.sales)

    @property
    def left_s(self) -> int:
        """Seconds that the day usually still has."""
        return max(0, self.usual_s - self.signed_in_s)

    @property
    def pace_needed(self) -> float | None:
        """Sales an hour that reach the goal by the usual end; None: nothing is missing, or the day is over."""
        if self.gap == 0 or self.left_s < SHORTEST_REST_S:
            return None
        return self.gap * HOUR_S / self.left_s

    @property
    def per_hour(self) -> float | None:
        """Sales an hour so far."""
        return per_hour(self.sales, self.signed_in_s)


def per_hour(count: int, seconds: int) -> float | None:
    """Return a rate, or None before there is any time."""
    return count * HOUR_S / seconds if seconds > 0 else None


def usual_seconds(worked_days: Sequence[int]) -> int:
    """Return the median of the signed-in seconds of the last worked days."""
    return round(median(worked_days)) if worked_days else USUAL_DAY_S


def team_progress(members: Sequence[Progress]) -> Progress:
    """Add up sales and goals; the team's time is the mean of its members', so that paces are the team's."""
    count = max(1, len(members))
    return Progress(
        sales=sum(member.sales for member in members),
        goal=sum(member.goal for member in members),
        signed_in_s=sum(member.signed_in_s for member in members) // count,
        usual_s=sum(member.usual_s for member in members) // count,
    )
