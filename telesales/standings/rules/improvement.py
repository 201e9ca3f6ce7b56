"""Most improved of the day.

Everybody is compared with the own earlier days, by sales per contact (a contact is a call connected to the
agent). For each person: `s` sales out of `c` contacts today, `S` out of `C` on up to 20 earlier worked days.
Few contacts say little, so both rates are pulled towards the team's mean `m` by `k` contacts, where `k` is the
median of contacts of a worked day:

    today  = (s + k·m) / (c + k)          before = (S + k·m) / (C + k)
    p      = (s + S + 2·k·m) / (c + C + 2·k)
    z      = (today - before) / sqrt(p · (1 - p) · (1 / (c + k) + 1 / (C + k)))

The highest z wins; equal z share the place. At least 60 % of `k` contacts are needed today. Who has fewer than
5 earlier worked days is compared with what colleagues did on their day of the same number, when at least 3
are known; else the person is too new. Cancelled sales do not count. All of it is computed in fractions, so
that a tie is a tie.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from fractions import Fraction
from math import sqrt
from statistics import median

from telesales.standings.rules.ranking import ranked

BASELINE_DAYS = 20
MIN_BASELINE_DAYS = 5
MIN_COHORT = 3
MIN_VOLUME = Fraction(60, 100)


@dataclass(frozen=True, slots=True)
class DayFigures:
    """What somebody did on a day."""

    day: date
    sales: int
    contacts: int


@dataclass(frozen=True, slots=True)
class PersonRecord:
    """Today, and earlier worked days, oldest first. `from_first_day`: the days before include the very first."""

    user_id: int
    today: DayFigures | None
    before: tuple[DayFigures, ...]
    from_first_day: bool = False

    @property
    def baseline(self) -> tuple[DayFigures, ...]:
        """The days that today is compared with."""
        return self.before[-BASELINE_DAYS:]


class Verdict(StrEnum):
    """What the comparison came to."""

    IMPROVED = "improved"
    NOT_IMPROVED = "not_improved"
    TOO_FEW_CONTACTS = "too_few_contacts"
    TOO_NEW = "too_new"
    NO_WORK = "no_work"


class Basis(StrEnum):
    """What somebody was compared with."""

    OWN_DAYS = "own_days"
    COHORT = "cohort"


@dataclass(frozen=True, slots=True)
class Improvement:
    """One person's numbers, as the page shows them."""

    user_id: int
    verdict: Verdict
    sales: int = 0
    contacts: int = 0
    basis: Basis = Basis.OWN_DAYS
    before_sales: int = 0
    before_contacts: int = 0
    before_days: int = 0
    rate: Fraction = Fraction(0)
    rate_before: Fraction = Fraction(0)
    z_squared: Fraction = Fraction(0)
    place: int = 0  # 0: none
    is_shared: bool = False

    @property
    def z(self) -> float:
        """How many standard errors better (or worse, below 0) than before."""
        size = sqrt(self.z_squared)
        return size if self.rate >= self.rate_before else -size

    @property
    def growth(self) -> float | None:
        """0.38: 38 % more than before."""
        return float(self.rate / self.rate_before - 1) if self.rate_before else None


@dataclass(frozen=True, slots=True)
class Ruling:
    """The award with the numbers behind it."""

    mean: Fraction
    usual_contacts: Fraction  # k
    improvements: tuple[Improvement, ...]

    @property
    def minimum(self) -> Fraction:
        """Contacts that are needed today."""
        return self.usual_contacts * MIN_VOLUME

    @property
    def winners(self) -> tuple[Improvement, ...]:
        """Who is on the first place."""
        return tuple(entry for entry in self.improvements if entry.place == 1)


def most_improved(records: Sequence[PersonRecord]) -> Ruling:
    """Compare everybody with the own earlier days."""
    usual = _usual_contacts(records)
    mean = _mean_rate(records)
    judged = [_judge(record, records, mean=mean, usual=usual) for record in records]
    placed = ranked(
        [entry for entry in judged if entry.verdict is Verdict.IMPROVED], lambda entry: entry.z_squared
    )
    winners = [replace(entry.item, place=entry.place, is_shared=entry.is_shared) for entry in placed]
    others = [entry for entry in judged if entry.verdict is not Verdict.IMPROVED]
    return Ruling(mean, usual, (*winners, *others))


def _usual_contacts(records: Iterable[PersonRecord]) -> Fraction:
    days = [day.contacts for record in records for day in record.baseline if day.contacts > 0]
    today = [record.today.contacts for record in records if record.today and record.today.contacts > 0]
    counted = days or today
    return Fraction(median(counted)) if counted else Fraction(0)


def _mean_rate(records: Iterable[PersonRecord]) -> Fraction:
    days = [day for record in records for day in record.baseline]
    days = days or [record.today for record in records if record.today]
    contacts = sum(day.contacts for day in days)
    return Fraction(_sold(days), contacts) if contacts else Fraction(0)


def _sold(days: Iterable[DayFigures]) -> int:
    """Count at most one sale per contact: a sale may be saved before its call is counted."""
    return sum(min(day.sales, day.contacts) for day in days)


def _judge(
    record: PersonRecord, records: Sequence[PersonRecord], *, mean: Fraction, usual: Fraction
) -> Improvement:
    today = record.today
    if today is None or today.contacts == 0:
        return Improvement(record.user_id, Verdict.NO_WORK)
    found = Improvement(record.user_id, Verdict.TOO_NEW, sales=_sold([today]), contacts=today.contacts)
    basis, compared = _baseline_of(record, records)
    if basis is None:
        return replace(found, before_days=len(compared))
    found = replace(
        found,
        basis=basis,
        before_sales=_sold(compared),
        before_contacts=sum(day.contacts for day in compared),
        before_days=len(compared),
    )
    found = _with_rates(found, mean=mean, usual=usual)
    if found.contacts < usual * MIN_VOLUME:
        return replace(found, verdict=Verdict.TOO_FEW_CONTACTS)
    better = found.rate > found.rate_before
    return replace(found, verdict=Verdict.IMPROVED if better else Verdict.NOT_IMPROVED)


def _baseline_of(
    record: PersonRecord, records: Sequence[PersonRecord]
) -> tuple[Basis | None, Sequence[DayFigures]]:
    if len(record.before) >= MIN_BASELINE_DAYS:
        return Basis.OWN_DAYS, record.baseline
    number = len(record.before)
    cohort = [
        other.before[number]
        for other in records
        if other.user_id != record.user_id and other.from_first_day and len(other.before) > number
    ]
    return (Basis.COHORT, cohort) if len(cohort) >= MIN_COHORT else (None, record.before)


def _with_rates(found: Improvement, *, mean: Fraction, usual: Fraction) -> Improvement:
    weight, weight_before = found.contacts + usual, found.before_contacts + usual
    pulled, pulled_before = found.sales + usual * mean, found.before_sales + usual * mean
    rate, before = pulled / weight, pulled_before / weight_before
    pooled = (pulled + pulled_before) / (weight + weight_before)
    variance = pooled * (1 - pooled) * (1 / weight + 1 / weight_before)
    z_squared = (rate - before) ** 2 / variance if variance else Fraction(0)
    return replace(found, rate=rate, rate_before=before, z_squared=z_squared)
