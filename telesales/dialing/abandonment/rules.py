"""From counts by quarter of an hour to rates by every law: now, and as they stood when each day was over. Pure."""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate

from dialer.core.abandonment import FORMULAS, Counts, Formula, Measure, Result, WindowKind
from dialer.core.abandonment.windows import local_day, midnight
from dialer.core.floor.tally import SLOT_SECONDS, slot_of

ONE_DAY = timedelta(days=1)


class History:
    """Counts in the order of time; any stretch of it is one subtraction."""

    def __init__(self, slots: Mapping[int, Counts]) -> None:
        self._slots = sorted(slots)
        self._sums = [Counts(), *accumulate(slots[slot] for slot in self._slots)]

    def between(self, since: float, until: float) -> Counts:
        """Sum from the quarter of an hour of `since` up to `until`."""
        first = bisect_left(self._slots, slot_of(since))
        last = bisect_left(self._slots, -(-until // SLOT_SECONDS))
        return self._sums[last] - self._sums[first]


@dataclass(frozen=True, slots=True)
class Rate:
    """One law's rate with everything it was made of."""

    formula: Formula
    since: float
    until: float
    counts: Counts
    false_positives: int
    machines_abandoned: int
    result: Result


@dataclass(frozen=True, slots=True)
class Day:
    """A local day: what happened on it, and every rate as it stood when it was over (or stands now)."""

    day: date
    counts: Counts
    rates: Mapping[str, Rate]


@dataclass(frozen=True, slots=True)
class Report:
    """Every rate at one moment, and the days behind them, newest first."""

    rates: Mapping[str, Rate]
    days: Sequence[Day]


def window_begins(formula: Formula, measure: Measure, until: float) -> float:
    """When the window began that ends at `until`; at midnight the day that is over still counts."""
    is_rolling = formula.window.kind is WindowKind.ROLLING_HOURS
    moment = until if is_rolling else until - 1
    return formula.window.begins(moment, measure.zone, started_at=measure.started_at)


def first_day(measure: Measure, until: float) -> date:
    """The first day that any window reaches."""
    begins = min(window_begins(formula, measure, until) for formula in FORMULAS.values())
    return local_day(begins, measure.zone)


def reach(measure: Measure, until: float) -> float:
    """The earliest moment that a report needs: the windows of its first day."""
    day_over = midnight(first_day(measure, until) + ONE_DAY, measure.zone)
    return min(window_begins(formula, measure, day_over) for formula in FORMULAS.values())


def make_report(slots: Mapping[int, Counts], measure: Measure, *, until: float) -> Report:
    """Every law's rate at a moment, and on each day that one of their windows reaches."""
    history = History(slots)
    days = list(_days(history, measure, until))
    return Report(_rates(history, measure, until), days[::-1])


def _days(history: History, measure: Measure, until: float) -> Iterator[Day]:
    day, last = first_day(measure, until), local_day(until - 1, measure.zone)
    while day <= last:
        begins, over = midnight(day, measure.zone), min(midnight(day + ONE_DAY, measure.zone), until)
        yield Day(day, history.between(begins, over), _rates(history, measure, over))
        day += ONE_DAY


def _rates(history: History, measure: Measure, until: float) -> Mapping[str, Rate]:
    return {key.value: _rate(history, formula, measure, until) for key, formula in FORMULAS.items()}


def _rate(history: History, formula: Formula, measure: Measure, until: float) -> Rate:
    since = window_begins(formula, measure, until)
    counts = history.between(since, until)
    return Rate(
        formula,
        slot_of(since) * SLOT_SECONDS,
        until,
        counts,
        measure.estimates.false_positives(counts),
        measure.estimates.machines_abandoned(counts),
        formula.of(counts, measure.estimates),
    )
