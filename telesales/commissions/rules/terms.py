"""The terms of a plan: what is paid for a sale, as data that can be read back in ten years."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

PPM = 1_000_000  # rates are whole parts per million: 4.125 % is 41_250


class Measure(StrEnum):
    """What the bands of a tier count."""

    SALES = "sales"
    AMOUNT = "amount"


class Period(StrEnum):
    """How long a tier counts before it starts again."""

    DAY = "day"
    MONTH = "month"
    QUARTER = "quarter"


class Mode(StrEnum):
    """Marginal: a band's rate is for what lies in the band. Whole: the band reached pays for all of the period."""

    MARGINAL = "marginal"
    WHOLE = "whole"


@dataclass(frozen=True, slots=True)
class Flat:
    """The same sum for every sale."""

    amount_minor: int


@dataclass(frozen=True, slots=True)
class Percent:
    """A share of the sale's amount."""

    rate_ppm: int


Pay = Flat | Percent


@dataclass(frozen=True, slots=True)
class Band:
    """Pays for what lies above `above`: a number of sales, or minor units."""

    above: int
    pay: Pay


@dataclass(frozen=True, slots=True)
class Tiers:
    """Bands by what the agent has sold in the period."""

    measure: Measure
    period: Period
    mode: Mode
    bands: tuple[Band, ...]


Part = Flat | Percent | Tiers


@dataclass(frozen=True, slots=True)
class Terms:
    """All parts of a plan; a sale earns their sum."""

    parts: tuple[Part, ...]

    @property
    def tiers(self) -> tuple[Tiers, ...]:
        """The parts that look at more than the sale itself."""
        return tuple(part for part in self.parts if isinstance(part, Tiers))


def dump_terms(terms: Terms) -> dict[str, Any]:
    """Return JSON values."""
    return {"parts": [_dump_part(part) for part in terms.parts]}


def load_terms(values: Mapping[str, Any]) -> Terms:
    """Inverse of `dump_terms`."""
    return Terms(tuple(_load_part(part) for part in values["parts"]))


def _dump_part(part: Part) -> dict[str, Any]:
    if not isinstance(part, Tiers):
        return dump_pay(part)
    return {
        "kind": "tiers",
        "measure": part.measure.value,
        "period": part.period.value,
        "mode": part.mode.value,
        "bands": [{"above": band.above, "pay": dump_pay(band.pay)} for band in part.bands],
    }


def _load_part(values: Mapping[str, Any]) -> Part:
    if values["kind"] != "tiers":
        return load_pay(values)
    return Tiers(
        measure=Measure(values["measure"]),
        period=Period(values["period"]),
        mode=Mode(values["mode"]),
        bands=tuple(Band(band["above"], load_pay(band["pay"])) for band in values["bands"]),
    )


def dump_pay(pay: Pay) -> dict[str, Any]:
    """Return JSON values of what one band, or one part, pays."""
    if isinstance(pay, Flat):
        return {"kind": "flat", "amount_minor": pay.amount_minor}
    return {"kind": "percent", "rate_ppm": pay.rate_ppm}


def load_pay(values: Mapping[str, Any]) -> Pay:
    """Inverse of `dump_pay`."""
    if values["kind"] == "flat":
        return Flat(values["amount_minor"])
    return Percent(values["rate_ppm"])
