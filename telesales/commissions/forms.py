"""What a browser may send about a plan."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from flask_babel import gettext as _

from telesales.commissions.rules.checks import MAX_BANDS, MAX_PARTS, check_terms
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
from telesales.commissions.wording import problem_text
from telesales.money import CURRENCIES, Money, MoneyError, parse_money

MOST_DIGITS = 8  # of a whole number that somebody types
UNREADABLE = -1  # fails every check, at its own field
_RATE = re.compile(r"(\d{1,4}(?:[.,]\d{1,6})?)\s*[%％]?", re.ASCII)
_DO = re.compile(r"(add-part|remove-part|add-band|remove-band)(?:-(\d))?(?:-(\d))?")


@dataclass
class BandInput:
    """A band as typed."""

    above: str = ""
    pay: str = ""


@dataclass
class PartInput:
    """A part as typed; `kind` is flat, percent or tiers, `band_kind` what its bands pay."""

    kind: str = "percent"
    pay: str = ""
    measure: str = Measure.AMOUNT.value
    period: str = Period.MONTH.value
    mode: str = Mode.MARGINAL.value
    band_kind: str = "percent"
    bands: list[BandInput] = field(default_factory=lambda: [BandInput("0"), BandInput()])


@dataclass
class PlanForm:
    """A plan's version as typed."""

    currency: str
    effective_from: str
    parts: list[PartInput]
    based_on: str = ""  # the newest version when the page was opened
    errors: dict[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, form: Mapping[str, str]) -> "PlanForm":
        """Read what was sent; nothing is checked yet."""
        parts = [_read_part(form, index) for index in range(MAX_PARTS) if f"parts-{index}-kind" in form]
        return cls(form.get("currency", ""), form.get("effective_from", ""), parts, form.get("based_on", ""))

    def change(self, do: str) -> None:
        """Add or remove a part or a band, as a button asks."""
        wish = _DO.fullmatch(do)
        if wish is None:
            return
        verb, part, band = wish[1], int(wish[2] or 0), int(wish[3] or 0)
        if verb == "add-part" and len(self.parts) < MAX_PARTS:
            self.parts.append(PartInput())
        elif part < len(self.parts):
            self._change_part(verb, part, band)

    def _change_part(self, verb: str, part: int, band: int) -> None:
        bands = self.parts[part].bands
        if verb == "remove-part":
            del self.parts[part]
        elif verb == "add-band" and len(bands) < MAX_BANDS:
            bands.append(BandInput())
        elif verb == "remove-band" and 0 < band < len(bands):
            del bands[band]

    def check(self) -> Terms | None:
        """Fill `errors`; return the terms when there are none."""
        self.errors = {}
        if self.currency not in CURRENCIES:
            self.errors["currency"] = _("Choose a currency.")
        if self.starts_on is None:
            self.errors["effective_from"] = _("Choose a day.")
        terms = self.terms()
        self.errors |= {name: problem_text(problem) for name, problem in check_terms(terms).items()}
        self._say_what_is_unreadable(terms)
        return None if self.errors else terms

    def _say_what_is_unreadable(self, terms: Terms) -> None:
        for index, part in enumerate(terms.parts):
            for number, band in enumerate(part.bands if isinstance(part, Tiers) else ()):
                if band.above == UNREADABLE:
                    self.errors[f"parts-{index}-bands-{number}-above"] = _("Write a number above 0.")

    @property
    def seen_version(self) -> int | None:
        """The number of the newest version that its author knows of; 0: there was none."""
        return _whole(self.based_on) if self.based_on else None

    @property
    def starts_on(self) -> date | None:
        """The first day of the version."""
        try:
            return date.fromisoformat(self.effective_from)
        except ValueError:
            return None

    def terms(self) -> Terms:
        """Return what can be read; what cannot fails the checks."""
        currency = self.currency if self.currency in CURRENCIES else CURRENCIES[0]
        return Terms(tuple(_part(typed, currency) for typed in self.parts))


def _read_part(form: Mapping[str, str], index: int) -> PartInput:
    name = f"parts-{index}"
    usual = PartInput()
    numbers = [number for number in range(MAX_BANDS) if f"{name}-bands-{number}-pay" in form]
    bands = [
        BandInput(
            form.get(f"{name}-bands-{number}-above", "0").strip(), form[f"{name}-bands-{number}-pay"].strip()
        )
        for number in numbers
    ]
    return PartInput(
        kind=form[f"{name}-kind"],
        pay=form.get(f"{name}-pay", usual.pay).strip(),
        measure=form.get(f"{name}-measure", usual.measure),
        period=form.get(f"{name}-period", usual.period),
        mode=form.get(f"{name}-mode", usual.mode),
        band_kind=form.get(f"{name}-band_kind", usual.band_kind),
        bands=bands or usual.bands,
    )


def _part(typed: PartInput, currency: str) -> Part:
    if typed.kind != "tiers":
        return _pay(typed.kind, typed.pay, currency)
    measure = Measure.SALES if typed.measure == Measure.SALES else Measure.AMOUNT
    return Tiers(
        measure=measure,
        period=Period(typed.period) if typed.period in set(Period) else Period.MONTH,
        mode=Mode.WHOLE if typed.mode == Mode.WHOLE else Mode.MARGINAL,
        bands=tuple(
            Band(_limit(measure, band.above, currency), _pay(typed.band_kind, band.pay, currency))
            for band in typed.bands
        ),
    )


def _pay(kind: str, text: str, currency: str) -> Pay:
    return Flat(_minor(text, currency)) if kind == "flat" else Percent(_ppm(text))


def _limit(measure: Measure, text: str, currency: str) -> int:
    if measure is Measure.AMOUNT:
        return _minor(text, currency)
    return _whole(text)


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS else UNREADABLE


def _minor(text: str, currency: str) -> int:
    try:
        return parse_money(text, currency).minor
    except MoneyError:
        return UNREADABLE


def _ppm(text: str) -> int:
    read = _RATE.fullmatch(text)
    if read is None:
        return UNREADABLE
    ppm = Decimal(read[1].replace(",", ".")) * (PPM // 100)
    return int(ppm) if ppm == ppm.to_integral_value() else UNREADABLE


def form_of(terms: Terms, currency: str, effective_from: date) -> PlanForm:
    """Return a form that holds a version's terms."""
    return PlanForm(currency, effective_from.isoformat(), [_typed(part, currency) for part in terms.parts])


def new_form(currency: str, effective_from: date) -> PlanForm:
    """Return the form of a first plan."""
    return PlanForm(currency, effective_from.isoformat(), [PartInput(pay="4")])


def _typed(part: Part, currency: str) -> PartInput:
    if not isinstance(part, Tiers):
        return PartInput(kind=_kind(part), pay=_typed_pay(part, currency))
    return PartInput(
        kind="tiers",
        measure=part.measure.value,
        period=part.period.value,
        mode=part.mode.value,
        band_kind=_kind(part.bands[0].pay),
        bands=[
            BandInput(_typed_limit(part.measure, band.above, currency), _typed_pay(band.pay, currency))
            for band in part.bands
        ],
    )


def _kind(pay: Pay) -> str:
    return "flat" if isinstance(pay, Flat) else "percent"


def _typed_pay(pay: Pay, currency: str) -> str:
    if isinstance(pay, Flat):
        return str(Money(pay.amount_minor, currency).amount)
    return f"{(Decimal(pay.rate_ppm) * 100 / PPM).normalize():f}"


def _typed_limit(measure: Measure, value: int, currency: str) -> str:
    return str(value) if measure is Measure.SALES else str(Money(value, currency).amount)


def read_day(text: str) -> date | None:
    """A day of a filter; what cannot be read filters nothing."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
