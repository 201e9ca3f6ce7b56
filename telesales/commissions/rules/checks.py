"""What a plan must fulfil before it can be published."""

from collections.abc import Iterator
from enum import StrEnum

from telesales.commissions.rules.terms import PPM, Band, Flat, Part, Pay, Terms, Tiers

MAX_PARTS = 5
MAX_BANDS = 10
MAX_FLAT_MINOR = 1_000_000_000


class Problem(StrEnum):
    """Why terms cannot be published; the form has the sentences."""

    NO_PARTS = "no_parts"
    TOO_MANY_PARTS = "too_many_parts"
    NOT_A_SUM = "not_a_sum"
    NOT_A_RATE = "not_a_rate"
    TOO_FEW_BANDS = "too_few_bands"
    TOO_MANY_BANDS = "too_many_bands"
    FIRST_BAND_NOT_ZERO = "first_band_not_zero"
    BANDS_NOT_RISING = "bands_not_rising"
    BANDS_DIFFER_IN_KIND = "bands_differ_in_kind"


def check_terms(terms: Terms) -> dict[str, Problem]:
    """Return problems by field: "parts", "parts-0", "parts-0-bands-1-above"; empty when all is well."""
    if not terms.parts:
        return {"parts": Problem.NO_PARTS}
    if len(terms.parts) > MAX_PARTS:
        return {"parts": Problem.TOO_MANY_PARTS}
    found: dict[str, Problem] = {}
    for index, part in enumerate(terms.parts):
        for field, problem in _check_part(f"parts-{index}", part):
            found.setdefault(field, problem)
    return found


def _check_part(field: str, part: Part) -> Iterator[tuple[str, Problem]]:
    if not isinstance(part, Tiers):
        yield from _check_pay(f"{field}-pay", part)
        return
    if len(part.bands) < 2:
        yield f"{field}-bands", Problem.TOO_FEW_BANDS
    if len(part.bands) > MAX_BANDS:
        yield f"{field}-bands", Problem.TOO_MANY_BANDS
    if len({type(band.pay) for band in part.bands}) > 1:
        yield f"{field}-bands", Problem.BANDS_DIFFER_IN_KIND
    yield from _check_bands(field, part.bands)


def _check_bands(field: str, bands: tuple[Band, ...]) -> Iterator[tuple[str, Problem]]:
    for index, band in enumerate(bands):
        name = f"{field}-bands-{index}"
        if index == 0 and band.above != 0:
            yield f"{name}-above", Problem.FIRST_BAND_NOT_ZERO
        if index > 0 and band.above <= bands[index - 1].above:
            yield f"{name}-above", Problem.BANDS_NOT_RISING
        yield from _check_pay(f"{name}-pay", band.pay)


def _check_pay(field: str, pay: Pay) -> Iterator[tuple[str, Problem]]:
    if isinstance(pay, Flat) and not 0 <= pay.amount_minor <= MAX_FLAT_MINOR:
        yield field, Problem.NOT_A_SUM
    elif not isinstance(pay, Flat) and not 0 <= pay.rate_ppm <= PPM:
        yield field, Problem.NOT_A_RATE
