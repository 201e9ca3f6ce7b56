"""Where a further day is expected, from a few simulated ones. Pure.

What a manager wants to know is what one day will bring that has not been played, not where the mean of all days
lies. So a range is a prediction interval: it allows for the spread between days, and for the fact that the mean
and the spread are themselves estimated from n days: mean ± t(0.9, n - 1) · s · √(1 + 1/n). The middle eight
tenths of three to twenty simulated days are far narrower: they held 41 of a hundred further days with three of
them, 58 with five (`tests/unit/test_whatif_ranges.py` draws such days). The interval between two of the ordered
days would be exact for figures of any shape, but holds eight of ten days from nine simulated ones on only.

Student's t wants figures that lie evenly around their mean, and the people abandoned on a short day, or the few
sales of a small floor, do not: many days have none, some have several. They are evened out first, amounts by
their root and shares by the angle whose sine is that root. Then the spread of a count hardly depends on its size,
and the ends, turned back, lie unevenly around the mean, as the days do, and cannot leave what is possible.

Luck that is known, such as how many of so many conversations end with a sale, need not be estimated: it adds to
the spread, and the larger its part, the more the range may rely on it (Welch and Satterthwaite).
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import NormalDist, fmean, variance

LEAST_DAYS = 3  # two days tell so little about their spread that the range would be most of what is possible
ONE_SIDE = 0.9  # of further days lie below the upper end, as many above the lower: eight of ten between
COUNT = 0.25  # variance of the root of a count of independent events, about
_Z = NormalDist().inv_cdf(ONE_SIDE)


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean, and between which values eight of ten further days are expected; None: too few days to say."""

    mean: float
    low: float | None = None
    high: float | None = None

    @property
    def ends(self) -> tuple[float, float] | None:
        """Both ends, or None."""
        return None if self.low is None or self.high is None else (self.low, self.high)

    def holds(self, value: float) -> bool:
        """True when a value lies inside."""
        return self.ends is not None and self.ends[0] <= value <= self.ends[1]

    def turned(self, change: Callable[[float], float]) -> "Interval":
        """The same of a figure that rises, or falls, with this one."""
        if self.ends is None:
            return Interval(change(self.mean))
        low, high = sorted(map(change, self.ends))
        return Interval(change(self.mean), low, high)


def amounts(days: Sequence[float], *, luck: float = 0.0, mean: float | None = None) -> Interval:
    """A figure that is never negative. `luck`: variance of its root that the days do not show; `COUNT` of a count."""
    roots = [math.sqrt(max(0.0, day)) for day in days]
    return _range(days, roots, lambda root: max(0.0, root) ** 2, luck=luck, mean=mean)


def shares(days: Sequence[float], *, luck: float = 0.0, mean: float | None = None) -> Interval:
    """A figure between 0 and 1. `luck`: variance of its angle that the days do not show."""
    angles = [math.asin(math.sqrt(min(1.0, max(0.0, day)))) for day in days]
    return _range(days, angles, _share_of, luck=luck, mean=mean)


def _share_of(angle: float) -> float:
    return math.sin(min(math.pi / 2, max(0.0, angle))) ** 2


def _range(
    days: Sequence[float],
    evened: Sequence[float],
    back: Callable[[float], float],
    *,
    luck: float,
    mean: float | None,
) -> Interval:
    mean = fmean(days) if mean is None else mean
    if len(days) < LEAST_DAYS:
        return Interval(mean)
    n, middle = len(days), fmean(evened)
    seen = variance(evened) * (1 + 1 / n)
    reach = _reach(n - 1, seen, luck) * math.sqrt(seen + luck)
    return Interval(mean, min(mean, back(middle - reach)), max(mean, back(middle + reach)))


def _reach(freedom: int, seen: float, known: float) -> float:
    """How many standard deviations; fewer the larger the part of the variance is that is known."""
    return quantile(freedom * ((seen + known) / seen) ** 2) if seen > 0 else _Z


def quantile(freedom: float) -> float:
    """Student's t below which nine of ten values lie, within half a percent from two degrees of freedom on.

    Abramowitz and Stegun, 26.7.5: the normal quantile, bent by powers of one over the degrees of freedom.
    """
    z = _Z
    bends = (
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
    )
    return z + sum(bend / freedom**power for power, bend in enumerate(bends, start=1))
