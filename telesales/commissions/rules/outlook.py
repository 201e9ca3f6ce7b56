"""What comes next: the band ahead, and examples that show how a plan pays."""

from collections.abc import Iterator
from dataclasses import dataclass

from telesales.commissions.rules.reckoning import Share, Total, band_at, band_reached, commission_for
from telesales.commissions.rules.terms import Measure, Mode, Pay, Period, Terms, Tiers


@dataclass(frozen=True, slots=True)
class NextBand:
    """The next better band: what is missing until a sale is paid by it."""

    part: int
    band: int
    measure: Measure
    missing: int  # sales, counting the one that is paid by it; or minor units still to sell
    pay: Pay


@dataclass(frozen=True, slots=True)
class Example:
    """A sale after others, and what it earns. `others_minor`: what the earlier sales of the period gain by it."""

    earlier_sales: int
    sale_minor: int
    shares: tuple[Share, ...]
    others_minor: int

    @property
    def earned_minor(self) -> int:
        """What the sale itself earns."""
        return sum(share.amount_minor for share in self.shares)


def next_bands(terms: Terms, totals: dict[Period, Total]) -> list[NextBand]:
    """Return the band ahead of each part that has one; `totals`: what has been sold in each period."""
    found = []
    for index, part in enumerate(terms.parts):
        if isinstance(part, Tiers) and (ahead := _band_ahead(index, part, totals[part.period])):
            found.append(ahead)
    return found


def _band_ahead(index: int, part: Tiers, total: Total) -> NextBand | None:
    value = total.measured(part.measure)
    lies_below = part.measure is Measure.SALES or part.mode is Mode.WHOLE  # who has sold just the limit
    band = band_reached(part.bands, value) if lies_below else band_at(part.bands, value)
    if band + 1 == len(part.bands):
        return None
    ahead = part.bands[band + 1]
    missing = ahead.above - value + (1 if lies_below else 0)
    return NextBand(index, band + 1, part.measure, missing, ahead.pay)


def examples_of(terms: Terms, sale_minor: int) -> list[Example]:
    """Return the first sale, and for every band the sale that reaches it."""
    counts = {0} | {count for part in terms.tiers for count in _counts(part, sale_minor)}
    return [_example(terms, count, sale_minor) for count in sorted(counts)]


def _counts(part: Tiers, sale_minor: int) -> Iterator[int]:
    for band in part.bands[1:]:
        if part.measure is Measure.SALES:
            yield band.above
        elif sale_minor > 0:
            yield band.above // sale_minor


def _example(terms: Terms, count: int, sale_minor: int) -> Example:
    shares = _shares_of_nth(terms, count, sale_minor, sold=count + 1)
    return Example(count, sale_minor, shares, _gained_by_others(terms, count, sale_minor))


def _gained_by_others(terms: Terms, count: int, sale_minor: int) -> int:
    """Only whole bands change what earlier sales earn, and they do it alike for equal sales."""
    if count == 0:
        return 0
    now = _shares_of_nth(terms, 0, sale_minor, sold=count + 1)
    before = _shares_of_nth(terms, 0, sale_minor, sold=count)
    return count * (sum(share.amount_minor for share in now) - sum(share.amount_minor for share in before))


def _shares_of_nth(terms: Terms, earlier: int, sale_minor: int, *, sold: int) -> tuple[Share, ...]:
    return commission_for(
        terms,
        sale_minor,
        before=dict.fromkeys(Period, Total(earlier, earlier * sale_minor)),
        reached=dict.fromkeys(Period, Total(sold, sold * sale_minor)),
    )
