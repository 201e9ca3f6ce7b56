"""People who answered and how many of them were abandoned, per UTC day."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from dialer.core.abandonment import US_WINDOW_DAYS, Tally

DAY_SECONDS = 86_400
DAYS_KEPT = US_WINDOW_DAYS + 5


def day_of(at: float) -> int:
    """Number of the UTC day."""
    return int(at // DAY_SECONDS)


@dataclass(slots=True)
class DayTallies:
    """One tally per day, the last weeks only."""

    days: dict[int, Tally] = field(default_factory=dict)

    def add(self, at: float, tally: Tally) -> None:
        """Count at the day of `at` and forget what no window reaches."""
        day = day_of(at)
        self.days[day] = self.days.get(day, Tally()) + tally
        for old in [kept for kept in self.days if kept <= max(self.days) - DAYS_KEPT]:
            del self.days[old]

    def since(self, day: int) -> Tally:
        """Sum of the days from `day` on."""
        return sum((tally for kept, tally in self.days.items() if kept >= day), Tally())

    def of_day(self, at: float) -> Tally:
        """The tally of the day of `at`."""
        return self.days.get(day_of(at), Tally())

    def window(self, at: float, days: int = US_WINDOW_DAYS) -> Tally:
        """Sum of the last `days` days, the day of `at` included."""
        return self.since(day_of(at) - days + 1)

    def dump(self) -> dict[str, list[int]]:
        """Return JSON values."""
        return {str(day): [tally.answered, tally.abandoned] for day, tally in self.days.items()}

    @classmethod
    def load(cls, values: Mapping[str, list[int]]) -> "DayTallies":
        """Inverse of `dump`."""
        return cls({int(day): Tally(answered, abandoned) for day, (answered, abandoned) in values.items()})
