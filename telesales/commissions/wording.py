"""Plans in words."""

from datetime import date
from decimal import Decimal

from flask_babel import format_date, format_decimal, format_percent, get_locale, ngettext
from flask_babel import gettext as _

from telesales.commissions.rules.checks import MAX_BANDS, MAX_PARTS, Problem
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
from telesales.money import Money, format_money


def sum_text(minor: int, currency: str) -> str:
    """An amount in the reader's format."""
    return format_money(Money(minor, currency), get_locale() or "en")


def rate_text(rate_ppm: int) -> str:
    """4.125 %."""
    return str(format_percent(Decimal(rate_ppm) / PPM, "#,##0.####%"))


def pay_text(pay: Pay, currency: str) -> str:
    """What a band pays."""
    text: str
    if isinstance(pay, Flat):
        text = _("%(sum)s a sale", sum=sum_text(pay.amount_minor, currency))
    else:
        text = _("%(rate)s of the amount", rate=rate_text(pay.rate_ppm))
    return text


def part_sentence(part: Part, currency: str) -> str:
    """What a part of a plan pays, as a sentence; bands follow it as a list."""
    text: str
    if isinstance(part, Flat):
        text = _("Pays %(sum)s for every sale.", sum=sum_text(part.amount_minor, currency))
    elif isinstance(part, Percent):
        text = _(
            "Pays %(rate)s of the amount of every sale, rounded half up per sale.",
            rate=rate_text(part.rate_ppm),
        )
    else:
        text = f"{_counted(part)} {_paid_by(part)}"
    return text


def _counted(part: Tiers) -> str:
    texts: dict[tuple[Measure, Period], str] = {
        (Measure.SALES, Period.DAY): _("Pays by the number of sales of the day."),
        (Measure.SALES, Period.MONTH): _("Pays by the number of sales of the month."),
        (Measure.SALES, Period.QUARTER): _("Pays by the number of sales of the quarter."),
        (Measure.AMOUNT, Period.DAY): _("Pays by the amount sold in the day."),
        (Measure.AMOUNT, Period.MONTH): _("Pays by the amount sold in the month."),
        (Measure.AMOUNT, Period.QUARTER): _("Pays by the amount sold in the quarter."),
    }
    return texts[part.measure, part.period]


def _paid_by(part: Tiers) -> str:
    text: str
    if part.mode is Mode.WHOLE:
        text = _("The band that is reached pays for all sales of the period, the earlier ones too.")
    elif part.measure is Measure.AMOUNT and isinstance(part.bands[0].pay, Percent):
        text = _("Each piece of the amount is paid by the band it lies in.")
    elif part.measure is Measure.AMOUNT:
        text = _("Each sale is paid by the band in which it begins.")
    else:
        text = _("Each sale is paid by the band it lies in.")
    return text


def band_sentences(part: Part, currency: str) -> list[str]:
    """The bands of a tier, each with what it pays."""
    if not isinstance(part, Tiers):
        return []
    return [
        _(
            "%(band)s: %(pay)s",
            band=band_text(part.measure, band.above, _upper(part.bands, index), currency),
            pay=pay_text(band.pay, currency),
        )
        for index, band in enumerate(part.bands)
    ]


def _upper(bands: tuple[Band, ...], index: int) -> int | None:
    return bands[index + 1].above if index + 1 < len(bands) else None


def band_text(measure: Measure, above: int, up_to: int | None, currency: str) -> str:
    """Where a band begins and ends."""
    low, high = limit_text(measure, above, currency), limit_text(measure, up_to or 0, currency)
    text: str
    if up_to is None:
        text = _("above %(low)s", low=low)
    elif above == 0:
        text = _("up to %(high)s", high=high)
    else:
        text = _("above %(low)s, up to %(high)s", low=low, high=high)
    return text


def limit_text(measure: Measure, value: int, currency: str) -> str:
    """A limit of a band: so many sales, or an amount."""
    if measure is Measure.AMOUNT:
        return sum_text(value, currency)
    text: str = ngettext("%(count)s sale", "%(count)s sales", value, count=format_decimal(value))
    return text


def summary(terms: Terms, currency: str) -> str:
    """A plan in a line: 4 % of the amount, 6 % of the amount above $20,000.00 a month."""
    return " + ".join(_part_summary(part, currency) for part in terms.parts)


def _part_summary(part: Part, currency: str) -> str:
    if not isinstance(part, Tiers):
        return pay_text(part, currency)
    rest = [
        _(
            "%(pay)s above %(limit)s",
            pay=pay_text(band.pay, currency),
            limit=limit_text(part.measure, band.above, currency),
        )
        for band in part.bands[1:]
    ]
    return f"{', '.join([pay_text(part.bands[0].pay, currency), *rest])} {period_text(part.period)}"


def period_text(period: Period) -> str:
    """How often the count starts again."""
    texts: dict[Period, str] = {
        Period.DAY: _("a day"),
        Period.MONTH: _("a month"),
        Period.QUARTER: _("a quarter"),
    }
    return texts[period]


def period_name(period: Period, start_iso: str) -> str:
    """November 2026."""
    from_day = date.fromisoformat(start_iso)
    if period is Period.DAY:
        return str(format_date(from_day, rebase=False))
    if period is Period.MONTH:
        return str(format_date(from_day, "MMMM y", rebase=False))
    return str(format_date(from_day, "QQQ y", rebase=False))


def problem_text(problem: Problem) -> str:
    """Why terms cannot be published."""
    texts: dict[Problem, str] = {
        Problem.NO_PARTS: _("A plan needs at least one part."),
        Problem.TOO_MANY_PARTS: _("A plan has at most %(count)s parts.", count=MAX_PARTS),
        Problem.NOT_A_SUM: _("Write an amount of 0 or more."),
        Problem.NOT_A_RATE: _("Write a percentage from 0 to 100."),
        Problem.TOO_FEW_BANDS: _("Bands need at least two steps."),
        Problem.TOO_MANY_BANDS: _("A part has at most %(count)s bands.", count=MAX_BANDS),
        Problem.FIRST_BAND_NOT_ZERO: _("The first band begins at 0."),
        Problem.BANDS_NOT_RISING: _("Each band begins above the one before."),
        Problem.BANDS_DIFFER_IN_KIND: _("All bands of a part pay sums, or all pay percentages."),
    }
    return texts[problem]
