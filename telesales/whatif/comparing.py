"""Simulated and actual figures side by side."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from flask_babel import gettext as _

from telesales.i18n import money, number, percent
from telesales.whatif.actual import Actual
from telesales.whatif.outcome import Outcome, Prices, nearest
from telesales.whatif.ranges import Interval
from telesales.whatif.wording import number_range, range_of, share_range


@dataclass(frozen=True, slots=True)
class Line:
    """One figure: what was predicted, where eight of ten days were expected, what came, and whether it lies there."""

    key: str
    label: str
    predicted: str
    within: str
    actual: str
    holds: bool | None  # None: nothing to compare


@dataclass(frozen=True, slots=True)
class Comparison:
    """The prediction for the number of agents that is nearest to those who worked."""

    outcome: Outcome
    actual: Actual
    is_fair: bool  # it can be judged by what came: about as many agents, and enough shifts
    lines: Sequence[Line]

    def line(self, key: str) -> Line | None:
        """One of the lines."""
        return next((line for line in self.lines if line.key == key), None)


def compare(found: Sequence[Outcome], actual: Actual, prices: Prices, currency: str) -> Comparison | None:
    """None when there is nothing to compare yet."""
    outcome = nearest(found, actual.agents)
    if outcome is None or actual.is_few:
        return None
    is_fair = outcome.has_range and outcome.is_near(actual.agents)
    lines = [
        _share("occupancy", _("Occupancy"), outcome.occupancy, actual.occupancy),
        _share("abandonment", _("Abandoned"), outcome.abandonment, actual.abandonment),
        _an_hour("calls", _("Calls an agent hour"), outcome.calls_hour, actual.an_hour(actual.calls)),
        _an_hour("talks", _("Conversations an agent hour"), outcome.talks_hour, actual.an_hour(actual.talks)),
        _an_hour("sales", _("Sales an agent hour"), outcome.sales_hour, actual.an_hour(actual.sales), 2),
    ]
    if outcome.cost_per_sale and outcome.cost_per_sale.mean:
        lines.append(_money(outcome.cost_per_sale, actual.cost_per_sale(prices), currency))
    if not is_fair:
        lines = [replace(line, holds=None) for line in lines]
    return Comparison(outcome, actual, is_fair, lines)


def _share(key: str, label: str, predicted: Interval, came: float) -> Line:
    shown = percent(predicted.mean), share_range(predicted), percent(came)
    return Line(key, label, *shown, holds=predicted.holds(came))


def _an_hour(key: str, label: str, predicted: Interval, came: float, digits: int = 1) -> Line:
    shown = number(predicted.mean, digits), number_range(predicted, digits), number(came, digits)
    return Line(key, label, *shown, holds=predicted.holds(came))


def _money(predicted: Interval, came: float | None, currency: str) -> Line:
    def shown(value: float) -> str:
        return money(round(value), currency)

    return Line(
        "cost",
        _("Cost of a sale"),
        shown(predicted.mean),
        range_of(predicted, shown),
        "–" if came is None else shown(came),
        None if came is None else predicted.holds(came),
    )
