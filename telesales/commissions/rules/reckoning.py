"""From sales to commissions. Integers only; each part is rounded half up once per sale.

Sales of a period are counted in the order in which they were made. A sale is paid by the version of its
day; the count of the period runs on through a change of version, but a later version never changes
what an earlier one has paid.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction

from telesales.commissions.rules.terms import (
    PPM,
    Band,
    Flat,
    Measure,
    Mode,
    Part,
    Pay,
    Percent,
    Period,
    Terms,
    Tiers,
)
from telesales.money import round_half_up, share_of


@dataclass(frozen=True, slots=True)
class SaleFact:
    """A valid sale; `day` is the agent's local date."""

    sale_id: int
    day: date
    at: datetime
    amount_minor: int
    currency: str


@dataclass(frozen=True, slots=True)
class VersionTerms:
    """Terms from a day on."""

    version_id: int
    version: int
    effective_from: date
    currency: str
    terms: Terms


@dataclass(frozen=True, slots=True)
class Total:
    """What an agent has sold in a period."""

    sales: int = 0
    amount_minor: int = 0

    def with_sale(self, amount_minor: int) -> "Total":
        """Return the total after one more sale."""
        return Total(self.sales + 1, self.amount_minor + amount_minor)

    def measured(self, measure: Measure) -> int:
        """Return what the bands count."""
        return self.sales if measure is Measure.SALES else self.amount_minor


@dataclass(frozen=True, slots=True)
class Share:
    """What one band of one part pays for one sale. `before` and `reached` are empty where no period counts."""

    part: int
    band: int | None
    pay: Pay
    base_minor: int
    amount_minor: int
    before: Total | None = None
    reached: Total | None = None


@dataclass(frozen=True, slots=True)
class Commission:
    """What a sale earns."""

    version: VersionTerms
    shares: tuple[Share, ...]

    @property
    def amount_minor(self) -> int:
        """The sum of all shares."""
        return sum(share.amount_minor for share in self.shares)


Totals = Mapping[Period, Total]


def commission_for(terms: Terms, amount_minor: int, *, before: Totals, reached: Totals) -> tuple[Share, ...]:
    """Return what a sale earns, part by part and band by band.

    `before`: totals of each period without this sale and those after it; `reached`: totals with all of them.
    """
    return tuple(
        share
        for index, part in enumerate(terms.parts)
        for share in _shares(index, part, amount_minor, before, reached)
    )


def _shares(index: int, part: Part, amount: int, before: Totals, reached: Totals) -> Iterable[Share]:
    if not isinstance(part, Tiers):
        return [Share(index, None, part, amount, _paid(part, amount))]
    start, end = before[part.period], reached[part.period]
    if part.mode is Mode.WHOLE:
        band = band_reached(part.bands, end.measured(part.measure))
    elif part.measure is Measure.AMOUNT and isinstance(part.bands[0].pay, Percent):
        return list(_split(index, part, amount, start, end))
    else:
        band = band_at(part.bands, start.measured(part.measure))
    pay = part.bands[band].pay
    return [Share(index, band, pay, amount, _paid(pay, amount), start, end)]


def _paid(pay: Pay, amount_minor: int) -> int:
    if isinstance(pay, Flat):
        return pay.amount_minor
    return share_of(amount_minor, Fraction(pay.rate_ppm, PPM))


def band_at(bands: Sequence[Band], value: int) -> int:
    """Return the band of the next piece when `value` has been sold."""
    return max(index for index, band in enumerate(bands) if index == 0 or band.above <= value)


def band_reached(bands: Sequence[Band], value: int) -> int:
    """Return the band that `value` lies in: what is just its limit lies in the band below."""
    return max(index for index, band in enumerate(bands) if index == 0 or band.above < value)


def _split(index: int, part: Tiers, amount: int, start: Total, end: Total) -> Iterator[Share]:
    """Cut the sale where bands begin; the pieces' cents add up to the rounded sum."""
    exact = paid = 0
    for band, piece in _pieces(part.bands, start.amount_minor, amount):
        pay = part.bands[band].pay
        exact += piece * (pay.rate_ppm if isinstance(pay, Percent) else 0)
        amount_minor = round_half_up(Fraction(exact, PPM)) - paid
        paid += amount_minor
        yield Share(index, band, pay, piece, amount_minor, start, end)


def _pieces(bands: Sequence[Band], start: int, amount: int) -> Iterator[tuple[int, int]]:
    first = band_at(bands, start)
    if amount == 0:
        yield first, 0
    at = start
    for band in range(first, len(bands)):
        end = start + amount if band + 1 == len(bands) else min(start + amount, bands[band + 1].above)
        if end > at:
            yield band, end - at
            at = end


def version_on(versions: Sequence[VersionTerms], day: date) -> VersionTerms | None:
    """Return the version in force: the last to begin, and of those the newest."""
    begun = [version for version in versions if version.effective_from <= day]
    return max(begun, key=_order, default=None)


def _order(version: VersionTerms) -> tuple[date, int]:
    return version.effective_from, version.version


def period_start(period: Period, day: date) -> date:
    """Return the first day of the period that the day is in."""
    if period is Period.DAY:
        return day
    if period is Period.MONTH:
        return day.replace(day=1)
    return date(day.year, day.month - (day.month - 1) % 3, 1)


def period_end(period: Period, day: date) -> date:
    """Return the last day of the period that the day is in."""
    if period is Period.DAY:
        return day
    months = 1 if period is Period.MONTH else 3
    start = period_start(period, day)
    after = start.year * 12 + start.month - 1 + months
    return date(after // 12, after % 12 + 1, 1) - timedelta(days=1)


def commissions_of(sales: Iterable[SaleFact], versions: Sequence[VersionTerms]) -> dict[int, Commission]:
    """Apply the plan from scratch to one agent's valid sales. Sales that no version pays are left out."""
    ordered = sorted(sales, key=lambda sale: (sale.at, sale.sale_id))
    paying = {sale.sale_id: version_on(versions, sale.day) for sale in ordered}
    found: dict[int, Commission] = {}
    for version in sorted(versions, key=_order):
        counted = [
            sale
            for sale in ordered
            if sale.currency == version.currency
            and (by := paying[sale.sale_id]) is not None
            and _order(by) <= _order(version)
        ]
        own = {sale.sale_id for sale in counted if paying[sale.sale_id] is version}
        found.update(_pay(version, counted, own))
    return found


def _pay(
    version: VersionTerms, counted: Sequence[SaleFact], own: set[int]
) -> Iterator[tuple[int, Commission]]:
    periods = {part.period for part in version.terms.tiers}
    reached = _totals(counted, periods)
    so_far: dict[tuple[Period, date], Total] = {}
    for sale in counted:
        keys = {period: (period, period_start(period, sale.day)) for period in periods}
        if sale.sale_id in own:
            shares = commission_for(
                version.terms,
                sale.amount_minor,
                before={period: so_far.get(key, Total()) for period, key in keys.items()},
                reached={period: reached[key] for period, key in keys.items()},
            )
            yield sale.sale_id, Commission(version, shares)
        for key in keys.values():
            so_far[key] = so_far.get(key, Total()).with_sale(sale.amount_minor)


def _totals(sales: Iterable[SaleFact], periods: set[Period]) -> dict[tuple[Period, date], Total]:
    totals: dict[tuple[Period, date], Total] = {}
    for sale in sales:
        for period in periods:
            key = (period, period_start(period, sale.day))
            totals[key] = totals.get(key, Total()).with_sale(sale.amount_minor)
    return totals
