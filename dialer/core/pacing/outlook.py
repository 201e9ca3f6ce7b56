"""What is expected at a moment: the demand for agents as a sum of many small chances."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Outlook:
    """Sums over the calls and agents of a view at one moment: mean, variance and third cumulant of the demand."""

    answers: float
    free: float
    variance: float
    skew: float
    elsewhere: float = 0.0  # people who want the same agents: they ring us, or another campaign rings them

    def beside(self, other: "Outlook") -> "Outlook":
        """The same with the people and agents of another campaign of the floor."""
        return Outlook(
            answers=self.answers,
            free=self.free + other.free,
            variance=self.variance + other.variance,
            skew=self.skew + other.skew,
            elsewhere=self.elsewhere + other.answers + other.elsewhere,
        )


def all_together(own: Sequence[Outlook], others: Iterable[Sequence[Outlook]]) -> Sequence[Outlook]:
    """The outlooks of a campaign, moment by moment, with those of the campaigns beside it."""
    for other in others:
        own = [mine.beside(theirs) for mine, theirs in zip(own, other, strict=True)]
    return own


def by_chance(rate: float, reach: Sequence[float]) -> Sequence[Outlook]:
    """People who ring us, so many a second: they come by chance, each on their own."""
    return [Outlook(rate * seconds, 0.0, rate * seconds, rate * seconds) for seconds in reach]
